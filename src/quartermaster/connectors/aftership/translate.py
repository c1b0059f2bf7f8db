"""AfterShip's words in ours, both ways. Pure.

https://www.aftership.com/docs/tracking/2026-07/enum/delivery-statuses and .../delivery-sub-statuses,
https://www.aftership.com/docs/tracking/webhook/webhook-overview; read 2026-11-23.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Final

from quartermaster.connectors.complaints import Complaint
from quartermaster.connectors.json_bytes import load
from quartermaster.connectors.leaves import cut, moment
from quartermaster.orders.ports import Ignored, Unreadable
from quartermaster.tracking.ports import ScanTold, ToFollow, Told

EVENT: Final = "tracking_update"
ALREADY_THERE = 4003  # their code
SCANS_MAX = 500  # of one parcel

STATUS_OF_TAG: Mapping[str, str] = {
    "Pending": "pre_transit",
    "InfoReceived": "pre_transit",
    "InTransit": "in_transit",
    "OutForDelivery": "out_for_delivery",
    "AttemptFail": "exception",
    "AvailableForPickup": "available_for_pickup",
    "Delivered": "delivered",
    "Exception": "exception",
    # "Expired" is not here: it says that they stopped asking, and nothing of where the parcel is
}
# Where the sub-status says more than the status it belongs to.
STATUS_OF_SUBTAG: Mapping[str, str] = {
    "InTransit_002": "accepted",  # acceptance scan
    "Exception_003": "return_to_sender",  # the receiver refused it
    "Exception_010": "return_to_sender",  # on its way back
    "Exception_011": "return_to_sender",  # came back
}
_OURS = re.compile(r"P-([1-9][0-9]{0,17})", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def status(tag: object, subtag: object) -> str:
    """One of tracking's statuses; "unknown" for a word that is not in the tables."""
    if isinstance(subtag, str) and subtag in STATUS_OF_SUBTAG:
        return STATUS_OF_SUBTAG[subtag]
    return STATUS_OF_TAG.get(tag, "unknown") if isinstance(tag, str) else "unknown"


def read(body: bytes) -> tuple[ScanTold, ...] | Ignored:
    """The scans in a webhook. Raises Unreadable."""
    told, _ = load(body)
    if not isinstance(told, dict):
        raise Unreadable("This is a list; a webhook of AfterShip is an object.")
    event, tracking = told.get("event"), told.get("msg")
    if event != EVENT:
        return Ignored(f"Nothing here listens to {str(event)[:80]}.")
    if not isinstance(tracking, dict):
        raise Unreadable("It says that a tracking changed, and holds none.")
    return tuple(scans(tracking)) or Ignored("The carrier has not told anything yet.")


def scans(tracking: Mapping[str, object]) -> Iterable[ScanTold]:
    """Every checkpoint of a tracking that has a moment. One without says nothing that could be put in
    order."""
    number = tracking.get("tracking_number")
    parcel_id = _parcel_id(tracking)
    if parcel_id is None and not (isinstance(number, str) and number):
        raise Unreadable("It names neither a parcel of ours nor a tracking number.")
    checkpoints = tracking.get("checkpoints")
    for point in checkpoints[-SCANS_MAX:] if isinstance(checkpoints, list) else ():
        if isinstance(point, dict) and (at := _moment(point.get("checkpoint_time"))):
            yield ScanTold(
                at=at,
                parcel_id=parcel_id,
                tracking_number=number if isinstance(number, str) else "",
                status=status(point.get("tag"), point.get("subtag")),
                code=_text(point, "subtag") or _text(point, "tag"),
                message=_text(point, "message") or _text(point, "subtag_message"),
                place=_place(point),
                key=_key(point),
            )


def page(answer: Mapping[str, object]) -> Told:
    """A page of GET /trackings. Raises Unreadable."""
    content = answer.get("data")
    found = content.get("trackings") if isinstance(content, dict) else None
    if not isinstance(content, dict) or not isinstance(found, list):
        raise Unreadable("The answer holds no list of trackings.")
    where = content.get("pagination")
    more = where.get("next_cursor") if isinstance(where, dict) and where.get("has_next_page") else ""
    told = [scan for each in found if isinstance(each, dict) for scan in scans(each)]
    return Told(tuple(told), more if isinstance(more, str) else "")


def wanted(parcel: ToFollow, couriers: Mapping[str, str]) -> dict[str, object]:
    """The body of POST /trackings. Without a courier they find out by the number."""
    body: dict[str, object] = {
        "tracking_number": parcel.tracking_number,
        "title": parcel.reference,
        "order_number": parcel.order,
        "custom_fields": {"parcel": parcel.reference},
    }
    if slug := couriers.get(parcel.carrier.lower()):
        body["slug"] = slug
    if len(parcel.country) == 2:
        body["destination_country_region"] = parcel.country.upper()
    if parcel.postcode:
        body["destination_postal_code"] = parcel.postcode
    if parcel.left_on:
        body["tracking_ship_date"] = parcel.left_on.strftime("%Y%m%d")
    if parcel.promised_on:
        body["order_promised_delivery_date"] = {"promised_delivery_date": parcel.promised_on.isoformat()}
    return {name: value for name, value in body.items() if value != ""}


def couriers(setting: str) -> dict[str, str]:
    """Our carrier -> their slug, from "post=deutsch-post, ups=ups"."""
    pairs = (pair.partition("=") for pair in re.split(r"[,\s]+", setting.strip()) if pair)
    return {ours.lower(): theirs for ours, _, theirs in pairs if theirs}


def name_of(answer: Mapping[str, object]) -> str:
    """Their id of a tracking, in the answer to its creation; "" when it holds none."""
    content = answer.get("data")
    found = content.get("id") if isinstance(content, dict) else None
    return found if isinstance(found, str) else ""


def names(answer: Mapping[str, object], parcel: ToFollow, slug: str) -> list[str]:
    """Their ids of the trackings with this number, with the courier asked for where one was."""
    content = answer.get("data")
    found = content.get("trackings") if isinstance(content, dict) else None
    if not isinstance(found, list):
        raise Unreadable("The answer holds no list of trackings.")
    return [
        str(each["id"])
        for each in found
        if isinstance(each, dict)
        and each.get("id")
        and each.get("tracking_number") == parcel.tracking_number
        and (not slug or each.get("slug") in (slug, None, ""))
    ]


def complaint(answer: Mapping[str, object]) -> Complaint:
    """What is wrong, in their words. A tracking that exists is a conflict."""
    meta = answer.get("meta")
    if not isinstance(meta, dict):
        return Complaint("", "")
    code, said = meta.get("code"), meta.get("message")
    named = "conflict" if code == ALREADY_THERE else str(code or "")
    return Complaint(named, cut(said if isinstance(said, str) else ""))


def _parcel_id(tracking: Mapping[str, object]) -> int | None:
    fields = tracking.get("custom_fields")
    named = fields.get("parcel") if isinstance(fields, dict) else None
    found = _OURS.fullmatch(named) if isinstance(named, str) else None
    return int(found[1]) if found else None


def _moment(told: object) -> datetime | None:
    """Carriers often leave out the zone; it is read as UTC, which puts it at most half a day off. A day
    alone is its beginning."""
    doubts: list[str] = []
    if isinstance(told, str) and _DAY.fullmatch(told.strip()):
        told = f"{told.strip()}T00:00:00"
    found = moment(told, "checkpoint_time", doubts)
    return found.astimezone(UTC) if found else None


def _key(point: Mapping[str, object]) -> str:
    """Their own mark of a checkpoint, where they give one."""
    told = point.get("hash")
    return f"aftership:{told}" if isinstance(told, str) and told else ""


def _place(point: Mapping[str, object]) -> str:
    parts = (_text(point, name) for name in ("city", "state", "country_region"))
    return _text(point, "location") or cut(", ".join(part for part in parts if part))


def _text(point: Mapping[str, object], name: str) -> str:
    value = point.get(name)
    return cut(value.strip()) if isinstance(value, str) else ""
