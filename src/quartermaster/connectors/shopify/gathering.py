"""What Shopify gathers by itself (a bulk operation) and leaves a file of, which is read slice by slice.

Who reads keeps a place: the number of the operation and how far its file was read. So whoever comes next goes
on where the last one stopped. Whatever Shopify refuses, the pages remain.
https://shopify.dev/docs/api/usage/bulk-operations/queries, read 2026-11-23.
"""

import logging
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from quartermaster.connectors.picked import objects, text
from quartermaster.connectors.shopify.admin import Admin, refusal
from quartermaster.connectors.shopify.documents import bulk as documents
from quartermaster.connectors.shopify.translate import names
from quartermaster.connectors.shopify.translate.bulk import Place
from quartermaster.connectors.shopify.translate.fetched import inside
from quartermaster.core.moment import now
from quartermaster.core.outside import Account, Invalid, NotDone, RefusedOutside, Unclear

log = logging.getLogger(__name__)
FROM: Final = 1000  # of a list: forty pages of orders
SLICE: Final = 500_000  # bytes: a hundred orders or so
ASKED_MAX: Final = 240  # about four hours: then it is called off
_FIRST_S, _WAIT_MAX_S = 2.0, 60.0
_UNDER_WAY: Final = ("CREATED", "RUNNING")


class GivenUp(Exception):
    """Nothing comes of it: what was to be gathered is read in pages. str() says why."""


class Soon(NamedTuple):
    """Not yet. `place`: where it stands now."""

    place: Place
    at: datetime
    note: str


class File(NamedTuple):
    """What was gathered: `url` is "" where there was nothing. `began_at`: when, by the shop's clock.
    `is_whole`: it holds all of it. `currency`: the shop's."""

    url: str
    size: int | None
    began_at: datetime
    is_whole: bool
    currency: str


def least(account: Account) -> int:
    """From how many of a list on it is gathered; 0: never."""
    told = account.settings.get("bulk_from", "").strip()
    return int(told) if told.isdecimal() else FROM


def begin(admin: Admin, document: str) -> str:
    """The number of an operation; "" when Shopify will not have it."""
    return _under_way(admin, document) or _run(admin, document)


def look(admin: Admin, place: Place) -> Soon | File:
    """Raises GivenUp, NotDone."""
    gid = names.gid("BulkOperation", place.number)
    answer = admin.ask(documents.STATE, id=gid)
    found, currency = inside(answer, "bulkOperation"), text(inside(answer, "shop").get("currencyCode"))
    status, size = text(found.get("status")), text(found.get("fileSize"))
    if status in _UNDER_WAY and place.asked < ASKED_MAX:
        return soon(place, found.get("rootObjectCount"))
    if status in _UNDER_WAY:
        admin.change(documents.CANCEL, id=gid)
        raise GivenUp("it took too long")
    if status == "COMPLETED" or (status == "FAILED" and found.get("partialDataUrl")):
        is_whole = status == "COMPLETED"
        url = text(found.get("url") if is_whole else found["partialDataUrl"])
        known_size = int(size) if is_whole and size.isdecimal() else None
        began_at = datetime.fromisoformat(text(found.get("createdAt")))
        return File(url, known_size, began_at, is_whole, currency)
    raise GivenUp(f"it is {status.lower() or 'not known any more'}")


def soon(place: Place, gathered: object = None) -> Soon:
    wait = timedelta(seconds=min(_WAIT_MAX_S, _FIRST_S * 1.5 ** min(place.asked, 20)))
    so_far = f", {int(text(gathered)):,} so far" if text(gathered).isdecimal() else ""
    return Soon(place._replace(asked=place.asked + 1), now() + wait, f"Shopify gathers them{so_far}")


def part(admin: Admin, file: File, place: Place) -> tuple[bytes, bool]:
    """The bytes that follow, and whether they are the last. Raises GivenUp, NotDone."""
    if not admin.hands_out(file.url):
        raise GivenUp("its file lies where none is fetched from")
    try:
        found = admin.part(file.url, place.offset, SLICE)
    except RefusedOutside as error:
        raise GivenUp(f"its file cannot be read: {error}") from None
    is_last = len(found) < SLICE
    if is_last and file.size is not None and place.offset + len(found) < file.size:
        raise NotDone("Shopify's file was cut off on its way")
    return found, is_last


def _under_way(admin: Admin, document: str) -> str:
    """The number of an operation of ours that nobody knows of any more: whoever began it was stopped."""
    for one in objects(inside(admin.ask(documents.UNDER_WAY), "bulkOperations").get("nodes")):
        if one.get("status") in _UNDER_WAY and text(one.get("query")).split() == document.split():
            return text(names.number(one.get("id")))
    return ""


def _run(admin: Admin, document: str) -> str:
    """The number of a new operation; "" where others are under way, or too many, or it is not taken."""
    try:
        payload = inside(admin.change(documents.RUN, query=document), "bulkOperationRunQuery")
    except Invalid as error:
        log.warning("Shopify runs no bulk operation: %s", error)
        return ""
    if refused := refusal(payload):
        log.warning("Shopify runs no bulk operation: %s", refused)
        return ""
    number = text(names.number(inside(payload, "bulkOperation").get("id")))
    if not number:
        raise Unclear("Shopify does not say which operation it runs")
    return number
