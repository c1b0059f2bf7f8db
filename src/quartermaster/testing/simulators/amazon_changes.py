"""What a buyer may still change of an Amazon order that waits: a unit less, or how it is to be brought.

Nobody can change what was ordered, to whom, or at which price. A unit that is cancelled is gone from what was
ordered, and its price from what the order comes to.
"""

from collections.abc import Mapping
from copy import deepcopy
from decimal import Decimal
from typing import cast

type Json = dict[str, object]


def with_a_unit_less(order: Mapping[str, object]) -> Json | None:
    """None where there is no line with two units still to be sent."""
    changed = deepcopy(dict(order))
    for item in cast("list[Json]", changed["orderItems"]):
        counts = cast("dict[str, int]", item["fulfillment"])
        if counts["quantityUnfulfilled"] > 1:
            counts["quantityUnfulfilled"] -= 1
            item["quantityOrdered"] = cast("int", item["quantityOrdered"]) - 1
            price = cast("dict[str, dict[str, Json]]", item["product"])["price"]["unitPrice"]
            proceeds = cast("dict[str, Json]", item["proceeds"])
            sums = [proceeds["proceedsTotal"], cast("dict[str, Json]", changed["proceeds"])["grandTotal"]]
            sums += [
                cast("Json", one["subtotal"])
                for one in cast("list[Json]", proceeds["breakdowns"])
                if one["type"] == "ITEM"
            ]
            for one in sums:
                one["amount"] = f"{Decimal(str(one['amount'])) - Decimal(str(price['amount'])):.2f}"
            return changed
    return None


def with_a_wish(order: Mapping[str, object], wish: str) -> Json:
    recipient = cast("Json", order["recipient"])
    return {**order, "recipient": recipient | {"deliveryPreference": {"addressInstruction": wish}}}
