"""What Magento's admin does to an order: editing one makes another of it; its address is changed in place."""

from copy import deepcopy
from typing import cast

type Json = dict[str, object]

_NOT_TAKEN_OVER = (
    *("created_at", "updated_at", "state", "status", "status_histories"),
    *("relation_child_id", "relation_child_real_id"),
)


def edited(order: Json, number: int) -> Json:
    """The order that takes its place: its number ends with how often it was edited, and it names the one
    before. A unit less of the first row that has two, else as it was."""
    first = str(order.get("original_increment_id") or order["increment_id"])
    times = int(str(order.get("edit_increment") or 0)) + 1
    made = {name: value for name, value in deepcopy(order).items() if name not in _NOT_TAKEN_OVER}
    rows = cast("list[Json]", made["items"])
    for n, row in enumerate(rows, 1):
        row["item_id"] = number * 100 + n
    if wanted := next((row for row in rows if int(str(row["qty_ordered"])) > 1), None):
        _less(made, wanted)
    return made | {
        "entity_id": number,
        "quote_id": number,
        "increment_id": f"{first}-{times}",
        "original_increment_id": first,
        "edit_increment": times,
        "relation_parent_id": order["entity_id"],
        "relation_parent_real_id": order["increment_id"],
    }


def readdress(order: Json, street: str) -> None:
    """Only the address is saved: the order is as old as it was before, so nobody who asks what changed hears
    of it."""
    extension = cast("dict[str, list[dict[str, Json]]]", order["extension_attributes"])
    shipping = extension["shipping_assignments"][0]["shipping"]
    shipping["address"] = cast("Json", shipping["address"]) | {"street": [street]}


def _less(order: Json, row: Json) -> None:
    price = float(str(row["base_price"]))
    row["qty_ordered"] = int(str(row["qty_ordered"])) - 1
    for name in ("base_row_total", "base_row_total_incl_tax"):
        row[name] = round(float(str(row[name])) - price, 2)
    for name in ("base_subtotal", "base_grand_total", "grand_total"):
        order[name] = round(float(str(order[name])) - price, 2)
