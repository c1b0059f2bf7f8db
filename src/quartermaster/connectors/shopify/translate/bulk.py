"""The file a bulk operation leaves: a line for each order, and one for each thing in its lists, which names
its order. Read slice by slice. Pure.

An order is put together as a page would show it. What the file cannot tell of one, or tells in pieces that
do not come together, is not guessed: such an order is named, to be asked for by itself.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, NamedTuple

from quartermaster.connectors.json_bytes import load
from quartermaster.connectors.picked import objects, text
from quartermaster.core.outside import Invalid
from quartermaster.orders.ports import Unreadable

MARK: Final = "bulk|"
_ORDER: Final = "gid://shopify/Order/"

type Json = Mapping[str, object]


class Place(NamedTuple):
    """Where a round stands: Shopify's number of the operation, how far its file was read (bytes), and how
    often it was asked whether it is done."""

    since: datetime
    number: str
    offset: int = 0
    asked: int = 0

    @property
    def cursor(self) -> str:
        return f"{MARK}{self.since.isoformat()}|{self.number}|{self.offset}|{self.asked}"


class Slice(NamedTuple):
    """Whole orders, the ids of those that are to be asked for, and the bytes that are done with."""

    orders: list[dict[str, object]]
    torn: list[str]
    used: int


class _Group(NamedTuple):
    """An order and what belongs to it. `order`: None where its own line is in no line of this slice."""

    start: int
    order: dict[str, object] | None
    parts: list[dict[str, object]]


def at(cursor: str) -> Place:
    """Raises Invalid when it is none of ours."""
    try:
        since, number, offset, asked = cursor.removeprefix(MARK).split("|")
        return Place(datetime.fromisoformat(since), number, int(offset), int(asked))
    except ValueError:
        raise Invalid("the cursor is not one of ours") from None


def read(part: bytes, *, is_last: bool, torn_max: int) -> Slice:
    """`is_last`: nothing follows. `torn_max`: the slice ends before more than these are to be asked for.

    The last order of a slice belongs to the next one, with all that is in it: what follows may be a part of
    it. One that is longer than a slice is asked for. Raises Unreadable."""
    groups, end = _grouped(part, is_last=is_last)
    in_order = sorted(groups.items(), key=lambda one: one[1].start)
    if not is_last and in_order:
        last_id, last = in_order[-1]
        if len(in_order) == 1:
            return Slice([], [last_id], end)
        in_order, end = in_order[:-1], last.start
    orders, torn = list[dict[str, object]](), list[str]()
    for id_, group in in_order:
        found = whole(group.order, group.parts) if group.order is not None else None
        if found is not None:
            orders.append(found)
            continue
        if len(torn) == torn_max:
            return Slice(_before(orders, in_order, group.start), torn, group.start)
        torn.append(id_)
    return Slice(orders, torn, end)


def _before(
    orders: list[dict[str, object]], in_order: list[tuple[str, _Group]], start: int
) -> list[dict[str, object]]:
    ids = {id_ for id_, group in in_order if group.start < start}
    return [one for one in orders if one["id"] in ids]


def lines(part: bytes, *, is_last: bool) -> tuple[list[tuple[int, dict[str, object]]], int]:
    """What stands in the whole lines, each with where it begins; and where the last of them ends. Raises
    Unreadable."""
    found, place = [], 0
    for line in part.splitlines(keepends=True):
        if not line.endswith(b"\n") and not is_last:
            break
        if line.strip():
            node, _ = load(line)
            if not isinstance(node, dict):
                raise Unreadable("A line of the file is no object.")
            found.append((place, node))
        place += len(line)
    return found, place


def _grouped(part: bytes, *, is_last: bool) -> tuple[dict[str, _Group], int]:
    """By order, and where the last whole line ends."""
    groups: dict[str, _Group] = {}
    found, end = lines(part, is_last=is_last)
    for start, node in found:
        parent = text(node.pop("__parentId", None))
        if parent:
            groups.setdefault(parent, _Group(start, None, [])).parts.append(node)
        else:
            groups[text(node.get("id"))] = _Group(start, node, [])
    return {id_: one for id_, one in groups.items() if id_.startswith(_ORDER)}, end


def whole(order: Json, parts: list[dict[str, object]]) -> dict[str, object] | None:
    """The order as a page shows it; None when the file does not tell all of it."""
    lines = [_bare(one) for one in parts if one.get("__typename") == "LineItem"]
    shipping = [_bare(one) for one in parts if one.get("__typename") == "ShippingLine"]
    discounts = [one for one in parts if text(one.get("__typename")).endswith("DiscountApplication")]
    units = sum(_count(one, "quantity") for one in lines)
    sent = _sent(objects(order.get("fulfillments")), lines)
    if order.get("refunds") or sent is None or not lines or len(parts) != len(lines + shipping + discounts):
        return None
    if units < _count(order, "subtotalLineItemsQuantity"):
        return None  # lines are missing
    told = {key: value for key, value in order.items() if key != "subtotalLineItemsQuantity"}
    lists = {"lineItems": lines, "shippingLines": shipping, "discountApplications": discounts}
    paged = {name: {"nodes": nodes, "pageInfo": {"hasNextPage": False}} for name, nodes in lists.items()}
    return {**told, **paged, "fulfillments": sent, "refunds": []}


def _sent(sent: list[dict[str, object]], lines: list[dict[str, object]]) -> list[dict[str, object]] | None:
    """What left with the one parcel there is: of each line, what is not left to be sent. None when that does
    not come to as many units as the parcel has."""
    if not sent:
        return []
    units = [_count(line, "quantity") - _count(line, "unfulfilledQuantity") for line in lines]
    was_edited = any(line.get("currentQuantity") != line.get("quantity") for line in lines)
    if len(sent) > 1 or sent[0].get("status") != "SUCCESS" or was_edited:
        return None
    if min(units, default=0) < 0 or sum(units) != _count(sent[0], "totalQuantity"):
        return None
    rows = [
        {"quantity": n, "lineItem": {"id": line.get("id")}} for n, line in zip(units, lines, strict=True) if n
    ]
    one = {"id": sent[0].get("id"), "status": "SUCCESS"}
    return [{**one, "fulfillmentLineItems": {"nodes": rows, "pageInfo": {"hasNextPage": False}}}]


def _bare(node: Json) -> dict[str, object]:
    return {key: value for key, value in node.items() if key != "__typename"}


def _count(part: Json, name: str) -> int:
    value = part.get(name)
    return value if isinstance(value, int) else 0
