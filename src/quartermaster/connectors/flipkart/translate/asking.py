"""How Flipkart is asked which shipments changed, and what the state of one says about a parcel. Pure.

It lists by where a shipment stands, never all of them: so a round has several turns, one behind the other.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple
from urllib.parse import parse_qs, urlsplit

import msgspec

from quartermaster.channels.ports import Change
from quartermaster.connectors.flipkart.translate.lines import CANCELLED, GONE, WAITING
from quartermaster.connectors.picked import objects, text

PAGE: Final = 20  # what Flipkart's own examples ask for; more is not documented
TOPIC: Final = "shipment"
# https://seller.flipkart.com/api-docs/order-api-docs/v3/PostShipmentSearch.html, read 2026-11-23: shipments
# on hold are only listed when they are asked for, and cancelled ones by who cancelled them.
TURNS: Final[Sequence[Mapping[str, object]]] = (
    {"type": "preDispatch", "states": list(WAITING)},
    {"type": "preDispatch", "states": list(WAITING), "hold": True},
    {"type": "postDispatch", "states": list(GONE)},
    {"type": "cancelled", "states": [CANCELLED], "cancellationType": "buyerCancellation"},
    {"type": "cancelled", "states": [CANCELLED], "cancellationType": "sellerCancellation"},
    {"type": "cancelled", "states": [CANCELLED], "cancellationType": "marketplaceCancellation"},
)
TOLD: Final = ("READY_TO_DISPATCH", *GONE)  # of a shipment its couriers were called for
PACKED: Final = ("PACKED", *TOLD)

_encoder = msgspec.json.Encoder(decimal_format="number")

type Json = Mapping[str, object]


class Place(NamedTuple):
    """Where a round is: its turn, when it began by Flipkart's clock ("": not yet), Flipkart's own token for
    the next page of the turn ("": its first)."""

    turn: int = 0
    began: str = ""
    token: str = ""


def place(cursor: str) -> Place:
    turn, began, token = cursor.split("|", 2) if cursor else ("0", "", "")
    return Place(int(turn), began, token)


def cursor(place: Place) -> str:
    return f"{place.turn}|{place.began}|{place.token}"


def question(turn: int, since: datetime, location: str) -> dict[str, object]:
    """The first page of a turn, the oldest change first."""
    wanted = {**TURNS[turn], "modifiedDate": {"from": since.isoformat(timespec="milliseconds")}}
    if location:
        wanted["locationId"] = location
    return {
        "filter": wanted,
        "pagination": {"pageSize": PAGE},
        "sort": {"field": "modifiedDate", "order": "asc"},
    }


def token(answer: Json) -> str:
    """For the page that follows; "" behind the last one. Raises ValueError when there is one without it."""
    if answer.get("hasMore") is not True:
        return ""
    found = parse_qs(urlsplit(text(answer.get("nextPageUrl"))).query).get("next_token", [""])[0]
    if not found:
        raise ValueError("more shipments, and no way to them")
    return found


def changes(answer: Json) -> tuple[Change, ...]:
    """Each shipment as a message of its own. Raises ValueError when it is no list of them."""
    if not isinstance(answer.get("shipments"), list):
        raise ValueError("no list of shipments")
    return tuple(Change(TOPIC, _encoder.encode(one)) for one in objects(answer["shipments"]))


def states(shipment: Json) -> frozenset[str]:
    """Of its items that are still wanted; those of all of them when none is."""
    found = [text(item.get("status")).upper() for item in objects(shipment.get("orderItems"))]
    return frozenset(state for state in found if state != CANCELLED) or frozenset(found)


def is_told(shipment: Json) -> bool:
    """Has its courier been called, or has it left?"""
    found = states(shipment)
    return bool(found) and found <= frozenset(TOLD)


def is_waiting(shipment: Json) -> bool:
    """Has nobody packed it yet?"""
    return "APPROVED" in states(shipment)


def is_packed(shipment: Json) -> bool:
    found = states(shipment)
    return bool(found) and found <= frozenset(PACKED)
