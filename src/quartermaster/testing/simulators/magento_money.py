"""What a credit memo of Magento's comes to: it counts by itself what units are worth, each part rounded."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, cast

type Json = dict[str, object]

_PARTS = (
    ("base_row_total", "base_row_invoiced", "base_amount_refunded"),
    ("base_tax_amount", "base_tax_invoiced", "base_tax_refunded"),
)


class Worth(NamedTuple):
    """In cents; `items` are the memo's own rows. What is wrong with it, in Magento's words."""

    total: int
    shipping: int
    items: list[Json]
    wrong: list[str]


def worth(order: Json, rows: Sequence[Json], body: Json) -> Worth:
    """Of the units and the shipping that are named: of all that is left where none is."""
    named = {str(each["order_item_id"]): int(str(each["qty"])) for each in _list(body, "items")}
    items, wrong = list[Json](), list[str]()
    for row in rows:
        there = int(_number(row, "qty_invoiced") - _number(row, "qty_refunded"))
        count = named.get(str(row["item_id"]), 0) if named else there
        if count > there:
            quantity = "The quantity to creditmemo must not be greater than the unrefunded quantity"
            wrong.append(f'{quantity} for product SKU "{row.get("sku")}".')
        elif count:
            items.append(_item(row, count, there))
    arguments = cast("Json", body.get("arguments", {}))
    left = cents(order.get("base_shipping_amount")) - cents(order.get("base_shipping_refunded"))
    shipping = cents(arguments["shipping_amount"]) if "shipping_amount" in arguments else left
    if shipping > left:
        wrong.append(f"Maximum shipping amount allowed to refund is: {left / 100}")
    total = sum(cents(item[name]) for item in items for name, _, _ in _PARTS) + shipping
    total += cents(arguments.get("adjustment_positive")) - cents(arguments.get("adjustment_negative"))
    if total <= 0:
        wrong.append("The credit memo's total must be positive.")
    elif not items and not left:
        wrong.append("You can't create a creditmemo without products.")
    return Worth(total, shipping, items, wrong)


def _item(row: Json, count: int, there: int) -> Json:
    """A share of what is left of the row."""
    item: Json = {"order_item_id": row["item_id"], "qty": count}
    for name, invoiced, refunded in _PARTS:
        left = cents(row.get(invoiced)) - cents(row.get(refunded))
        item[name] = round(left * count / there) / 100
    return item


def take_off(row: Json, item: Json) -> None:
    """The row knows what was refunded of it."""
    row["qty_refunded"] = int(_number(row, "qty_refunded")) + int(_number(item, "qty"))
    for name, _, refunded in _PARTS:
        row[refunded] = (cents(row.get(refunded)) + cents(item[name])) / 100


def cents(amount: object) -> int:
    return round(float(str(amount or 0)) * 100)


def _number(row: Mapping[str, object], name: str) -> float:
    return float(str(row.get(name) or 0))


def _list(body: Json, name: str) -> list[Json]:
    return cast("list[Json]", body.get(name, []))
