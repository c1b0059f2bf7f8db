"""What of an order is told as sent, and how our own parcel is known again. Pure.

A fulfillment has no field for a reference of ours, and no idempotency key. What can be written and read back
is its tracking address: our reference stands behind it, where a browser looks for a place on the page.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from quartermaster.channels.ports import Shipment, Told
from quartermaster.connectors.picked import objects, text
from quartermaster.connectors.shopify.translate import names
from quartermaster.connectors.shopify.translate.fetched import inside, nodes
from quartermaster.core.outside import Conflict, Invalid

CAME_TO_NOTHING: Final = ("CANCELLED", "ERROR", "FAILURE")
_SENDABLE: Final = ("OPEN", "IN_PROGRESS")
_WAITS: Final = {"ON_HOLD": "on hold", "SCHEDULED": "scheduled for later"}
_PARAMETER: Final = "quartermaster"

type Json = Mapping[str, object]


class Known(NamedTuple):
    """`theirs`: fulfillments that are this parcel. `left`: units of it that Shopify does not know as sent."""

    theirs: tuple[str, ...]
    left: Mapping[str, int]


def known(shipment: Shipment, order: Json) -> Known:
    """By our reference; without one, a fulfillment of the same number and units is this parcel: a person has
    typed it, or the reference was lost on the way."""
    wanted = _units((line.line, line.quantity) for line in shipment.lines)
    live = [
        one for one in objects(order.get("fulfillments")) if text(one.get("status")) not in CAME_TO_NOTHING
    ]
    ours = [one for one in live if shipment.reference in _references(one)]
    if not ours and shipment.tracking_number:
        same = (
            one
            for one in live
            if not _references(one)
            and shipment.tracking_number in _tracking(one, "number")
            and _sent(one) == wanted
        )
        ours = [one for one in (next(same, None),) if one is not None]
    left = wanted - sum((_sent(one) for one in ours), Counter[str]())
    return Known(tuple(text(one.get("legacyResourceId")) for one in ours), left)


def told(theirs: Sequence[str]) -> Told:
    return Told(",".join(sorted(theirs)))


def to_create(shipment: Shipment, order: Json) -> list[dict[str, object]]:
    """The fulfillments to make, one for each location that has units of it; the buyer hears of the last one.

    Raises Conflict when Shopify would not have them sent, Invalid when the parcel names no line."""
    if not shipment.lines:
        raise Invalid("the parcel has no line of the order")
    left = Counter(known(shipment, order).left)
    taken: dict[str, list[dict[str, object]]] = {}
    for source in nodes(order, "fulfillmentOrders"):
        if rows := _take(source, left):
            location = inside(source, "assignedLocation")
            name = text(inside(location, "location").get("id")) or text(location.get("name"))
            part = {"fulfillmentOrderId": source.get("id"), "fulfillmentOrderLineItems": rows}
            taken.setdefault(name, []).append(part)
    if +left:
        raise Conflict(_why_not(order, +left))
    tracking = _tracking_of(shipment, order)
    return [
        {
            "lineItemsByFulfillmentOrder": parts,
            "trackingInfo": tracking,
            "notifyCustomer": shipment.tells_buyer and n == len(taken),
        }
        for n, parts in enumerate(taken.values(), 1)
    ]


def _take(source: Json, left: Counter[str]) -> list[dict[str, object]]:
    """Units of one fulfillment order; they are taken off what is left."""
    rows: list[dict[str, object]] = []
    if text(source.get("status")) not in _SENDABLE or "CREATE_FULFILLMENT" not in _actions(source):
        return rows
    for line in nodes(source, "lineItems"):
        which = text(names.number(inside(line, "lineItem").get("id")))
        remaining = line.get("remainingQuantity")
        units = min(left[which], remaining if isinstance(remaining, int) else 0)
        if units > 0:
            rows.append({"id": line.get("id"), "quantity": units})
            left[which] -= units
    return rows


def _tracking_of(shipment: Shipment, order: Json) -> dict[str, object]:
    """Without an address of our own, the shop's page of the order carries the reference."""
    address = shipment.tracking_url or text(order.get("statusPageUrl"))
    found: dict[str, object] = {"url": _with_reference(address, shipment.reference)}
    if shipment.tracking_number:
        found["number"] = shipment.tracking_number
    if shipment.carrier:
        found["company"] = shipment.carrier
    return found


def _with_reference(address: str, reference: str) -> str:
    parts = urlsplit(address)
    if not parts.fragment:
        return urlunsplit(parts._replace(fragment=reference))
    query = parse_qsl(parts.query, keep_blank_values=True)  # the place on the page is theirs: a parameter
    return urlunsplit(parts._replace(query=urlencode([*query, (_PARAMETER, reference)])))


def _references(fulfillment: Json) -> set[str]:
    """Ours, such as P-12."""
    found: set[str] = set()
    for address in _tracking(fulfillment, "url"):
        parts = urlsplit(address)
        named = [value for name, value in parse_qsl(parts.query) if name == _PARAMETER]
        found.update(one for one in (parts.fragment, *named) if one[:2] == "P-" and one[2:].isdecimal())
    return found


def _tracking(fulfillment: Json, name: str) -> list[str]:
    return [text(one.get(name)) for one in objects(fulfillment.get("trackingInfo"))]


def _sent(fulfillment: Json) -> Counter[str]:
    return _units(
        (text(names.number(inside(one, "lineItem").get("id"))), one.get("quantity"))
        for one in nodes(fulfillment, "fulfillmentLineItems")
    )


def _units(rows: Iterable[tuple[str, object]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for line, quantity in rows:
        found[line] += quantity if isinstance(quantity, int) else 0
    return found


def _actions(source: Json) -> set[str]:
    return {text(one.get("action")) for one in objects(source.get("supportedActions"))}


def _why_not(order: Json, left: Mapping[str, int]) -> str:
    """Shopify's own state of the units it would not have sent."""
    for source in nodes(order, "fulfillmentOrders"):
        waits = _WAITS.get(text(source.get("status")))
        here = {text(names.number(inside(one, "lineItem").get("id"))) for one in nodes(source, "lineItems")}
        if waits and here & set(left):
            return f"Shopify has units of this parcel {waits}: release them there"
    units = ", ".join(f"{count} of line {line}" for line, count in left.items())
    return f"Shopify has nothing left to send of this parcel: {units} were sent, moved or cancelled there"
