"""A scan as a device sent it, and what it means while picking: the bin, or a unit of what is wanted."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import msgspec
from django.core import signing
from django.http import HttpRequest
from django.utils.timezone import now

from quartermaster.catalog.queries import scanned
from quartermaster.console.context import SCANS_SALT
from quartermaster.console.floor.actions import AHEAD_MAX, SENT_WITHIN, Told, hear_scan
from quartermaster.console.gate import actor
from quartermaster.console.models import FloorScan
from quartermaster.console.people.queries import is_in
from quartermaster.core.errors import Invalid, Refused
from quartermaster.core.texts import short
from quartermaster.warehouse.queries.lists import PickShown
from quartermaster.warehouse.queries.shelf import lot_day

OLDEST = timedelta(days=1)  # a device's clock that is further behind is wrong


class TooOld(Refused):
    code = "scan-too-old"
    status = 422
    message = "A scan of {at} is not carried out: a device keeps one for {days} days."
    remedy = "Set the device's clock if it is wrong, look at what was done since, and scan it again."


class Scan(NamedTuple):
    """is_bin: it was the place; units: so many more are in hand; serial: of the unit; lot: it was the number
    of a lot. wrong: the sentence to show when it was none of these."""

    is_bin: bool = False
    units: int = 0
    serial: str = ""
    wrong: str = ""
    lot: str = ""


def sent(request: HttpRequest, topic: str, *fields: str) -> FloorScan:
    """The scan in a form: `id` by the device, `scan`, `at` (now when not given), `who` made it (else who is
    signed in). The same scan again has the same text: its own, or that of all `fields`. Raises Invalid,
    TooOld."""
    given, at = request.POST, now()
    try:
        scan_id = UUID(given.get("id", ""))
        said = given.get("at", "")
        told_at = datetime.fromisoformat(said) if said else at
        made_at = min(at, max(at - OLDEST, told_at))
    except (ValueError, TypeError) as error:
        raise Invalid(what="The scan", errors={"id, at": "a UUID and a moment"}) from error
    if not -AHEAD_MAX < at - told_at < SENT_WITHIN:
        raise TooOld(at=told_at.strftime("%-d %B %Y"), days=SENT_WITHIN.days)
    text = typed(given.get("scan", ""))
    if fields:
        kept = {name: typed(given.get(name, "")) for name in fields if given.get(name)}
        text = msgspec.json.encode(kept).decode()
    return FloorScan(
        id=scan_id, topic=topic, text=text, by=_made_by(request), scanned_at=made_at, heard_at=at
    )


def hear(request: HttpRequest, topic: str, act: Callable[[FloorScan], str], *fields: str) -> dict[str, str]:
    """Hear a scan and carry it out: {"right": what it did} or {"wrong": why not}; sent again, the same."""
    scan = sent(request, topic, *fields)

    def carry_out() -> Told:
        try:
            return Told(True, act(scan))
        except Refused as refusal:
            return Told(False, sentence(refusal))

    told = hear_scan(scan, carry_out, at=now())
    return {"right" if told.is_right else "wrong": told.said}


def sentence(refusal: Refused) -> str:
    """What happened, each field's fault, what to do."""
    return " ".join(filter(None, [refusal.title, *refusal.errors.values(), refusal.remedy]))


def typed(text: str, limit: int = 255) -> str:
    """Without what scanners put around a code."""
    return short(text.strip(" \t\r\n*"), limit)


def number(text: str, name: str) -> int:
    """Raises Invalid: a field is no whole number."""
    if not (text.isascii() and text.isdecimal() and len(text) < 13):
        raise Invalid(what="The scan", errors={name: f"{name}: a whole number"})
    return int(text)


def _made_by(request: HttpRequest) -> str:
    try:
        user_id = signing.loads(request.POST.get("who", ""), salt=SCANS_SALT, max_age=OLDEST)
    except signing.BadSignature:
        return actor(request)
    return f"user:{user_id}" if is_in(user_id) else actor(request)


def meaning(pick: PickShown, text: str) -> Scan:
    """A place is scanned by its code, with the site's name or without."""
    if text in (pick.place, pick.place.partition("/")[2]):
        return Scan(is_bin=True)
    found = scanned(text)
    if found is not None and found.sku == pick.sku:
        return Scan(units=found.units)
    if found is not None:
        return Scan(wrong=f"This is {found.sku}, you need {pick.sku}.")
    if text and (text == pick.lot or lot_day(pick.sku, text)[0]):
        return Scan(lot=text)
    if pick.serial:
        return Scan(units=1, serial=text)
    return Scan(wrong=f"{text} is neither {pick.place} nor {pick.sku}.")
