"""A scan as a device sent it, and what it means while picking: the bin, or a unit of what is wanted."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.http import HttpRequest
from django.utils.timezone import now

from quartermaster.catalog.queries import scanned
from quartermaster.console.gate import actor
from quartermaster.console.models import FloorScan
from quartermaster.core.errors import Invalid
from quartermaster.core.texts import short
from quartermaster.warehouse.queries.lists import PickShown

OLDEST = timedelta(days=1)  # a device's clock that is further behind is wrong


class Scan(NamedTuple):
    """is_bin: it was the place; units: so many more are in hand; serial: of the unit. wrong: the sentence to
    show when it was neither."""

    is_bin: bool = False
    units: int = 0
    serial: str = ""
    wrong: str = ""


def sent(request: HttpRequest, topic: str) -> FloorScan:
    """The scan in a form: `id` by the device, `scan`, `at` (now when not given). Raises Invalid."""
    given, at = request.POST, now()
    try:
        scan_id = UUID(given.get("id", ""))
        said = given.get("at", "")
        made_at = min(at, max(at - OLDEST, datetime.fromisoformat(said))) if said else at
    except (ValueError, TypeError) as error:
        raise Invalid(what="The scan", errors={"id, at": "a UUID and a moment"}) from error
    text = short(given.get("scan", "").strip(" \t\r\n*"), 255)
    return FloorScan(id=scan_id, topic=topic, text=text, by=actor(request), scanned_at=made_at, heard_at=at)


def meaning(pick: PickShown, text: str) -> Scan:
    """A place is scanned by its code, with the site's name or without."""
    if text in (pick.place, pick.place.partition("/")[2]):
        return Scan(is_bin=True)
    found = scanned(text)
    if found is not None and found.sku == pick.sku:
        return Scan(units=found.units)
    if found is not None:
        return Scan(wrong=f"This is {found.sku}, you need {pick.sku}.")
    if pick.serial:
        return Scan(units=1, serial=text)
    return Scan(wrong=f"{text} is neither {pick.place} nor {pick.sku}.")
