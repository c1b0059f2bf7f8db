"""What a credit memo of Magento's comes to: it counts by itself what units are worth, each part rounded."""

from collections.abc import Mapping, Sequence
from typing import cast

type Json = dict[str, object]


def grand_total(order: Json, rows: Sequence[Json], body: Json) -> tuple[int, dict[object, int], list[str]]:
    """Cents, the units of each row, and what is wrong with it. Without units it is of all that is left."""
    arguments = cast("Json", body.get("arguments", {}))
    named = {
        str(one["order_item_id"]): int(str(one["qty"])) for one in cast("list[Json]", body.get("items", []))
    }
    units, wrong, total = dict[object, int](), list[str](), 0
    for row in rows:
        there = _number(row, "qty_invoiced") - _number(row, "qty_refunded")
        count = int(named.get(str(row["item_id"]), 0) if named else there)
        if count > there:
            wrong.append(
                "The quantity to creditmemo must not be greater than the unrefunded quantity for product SKU "
                f'"{row.get("sku")}".'
            )
        elif count:
            units[row["item_id"]] = count
            share = count / _number(row, "qty_invoiced")
            total += round(_cents(row.get("base_row_invoiced")) * share)
            total += round(_cents(row.get("base_tax_invoiced")) * share)
    shipped = _cents(order.get("base_shipping_amount")) - _cents(order.get("base_shipping_refunded"))
    shipping = _cents(arguments["shipping_amount"]) if "shipping_amount" in arguments else shipped
    if shipping > shipped:
        wrong.append(f"Maximum shipping amount allowed to refund is: {shipped / 100}")
    total += shipping + _cents(arguments.get("adjustment_positive"))
    total -= _cents(arguments.get("adjustment_negative"))
    if total <= 0:
        wrong.append("The credit memo's total must be positive.")
    elif not units and not shipped:
        wrong.append("You can't create a creditmemo without products.")
    if not wrong:
        order["base_shipping_refunded"] = (_cents(order.get("base_shipping_refunded")) + shipping) / 100
    return total, units, wrong


def _number(row: Mapping[str, object], name: str) -> float:
    return float(str(row.get(name) or 0))


def _cents(amount: object) -> int:
    return round(float(str(amount or 0)) * 100)
