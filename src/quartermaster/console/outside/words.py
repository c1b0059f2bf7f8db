"""What is said of an outside site and its orders."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils.html import format_html
from django.utils.safestring import SafeString

from quartermaster.console.templatetags.console import moment
from quartermaster.inbound.queries.arrivals import ArrivalHead
from quartermaster.outside.queries.board import OrderSeen, ReceiptSeen, SiteSeen
from quartermaster.outside.queries.notices import NoticeSeen


class Word(NamedTuple):
    """A tag: its text and its tone."""

    text: str
    tone: str


def lasted(span: timedelta) -> str:
    """In the unit a person would use."""
    minutes = max(0, int(span.total_seconds() // 60))
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // (24 * 60)} days"


def heard(site: SiteSeen, at: datetime) -> Word:
    """When they last spoke, and whether that is long ago for them."""
    if not site.is_active:
        return Word("not asked: paused", "")
    if site.failures:
        return Word(f"cannot be asked: {site.because}", "is-bad")
    if site.heard_at is None:
        return Word("never heard yet", "is-warn")
    ago = lasted(at - site.heard_at)
    if site.is_silent:
        return Word(f"silent for {ago}, longer than usual", "is-bad")
    return Word(f"heard {ago} ago", "is-good")


def arrival_of(
    receipt: ReceiptSeen, expected: Sequence[ArrivalHead], notices: Sequence[NoticeSeen] = ()
) -> str:
    """The id of the arrival that the receipt names, by what was announced, our number or the supplier's
    reference; "" when it names none of them, or several."""
    for notice in notices:
        if receipt.notice and notice.reference == receipt.notice:
            return str(notice.arrival_id)
    said = re.split(r"[\s,;:()]+", f"{receipt.reference} {receipt.because}")
    named = [one.id for one in expected if ({one.number, one.reference} - {""}) & set(said)]
    return str(named[0]) if len(named) == 1 else ""


_NOTICES = {
    "queued": Word("To be told", ""),
    "sent": Word("Perhaps told", "is-warn"),
    "told": Word("Told", "is-accent"),
    "acknowledged": Word("Acknowledged", "is-good"),
    "refused": Word("Refused", "is-bad"),
    "withdrawn": Word("Withdrawn", ""),
}


def notice(one: NoticeSeen) -> Word:
    if one.is_withdrawn and one.state not in ("withdrawn", "acknowledged"):
        return Word("Told that it does not come" if one.state == "told" else "To be withdrawn", "")
    return _NOTICES[one.state]


def told(one: NoticeSeen) -> SafeString:
    """What they were told last, and what they still are to be told."""
    if one.told_at is None:
        return SafeString("they were never told" if one.is_withdrawn else "not told yet")
    if one.is_withdrawn:
        what = "told {} that it does not come"
        if one.told != one.revision:
            what = "told {}, and still to be told that it does not come"
    elif one.told != one.revision:
        what = "told {}; it has changed since, and they are to be told"
    else:
        what = "told {}" if one.told == 1 else "told {}, as it was changed"
    return format_html(what, moment(one.told_at))


_STATES = {
    "queued": Word("To be sent", ""),
    "sent": Word("Sent", "is-accent"),
    "acknowledged": Word("Acknowledged", "is-good"),
    "refused": Word("Refused", "is-bad"),
    "cancelled": Word("Cancelled there", ""),
    "shipped": Word("Shipped", "is-good"),
}


def state(order: OrderSeen) -> Word:
    if order.state in ("sent", "acknowledged") and order.cancel == "asked":
        return Word("Cancel asked", "is-warn")
    return _STATES[order.state]


def sentence(order: OrderSeen) -> str:
    """The whole of it, for the order's page."""
    site, units = order.site, f"{order.units} unit{'' if order.units == 1 else 's'}"
    match order.state, order.cancel:
        case "shipped", "late" | "refused":
            return f"{site} had shipped it when the cancellation came: it is on its way all the same."
        case "shipped", _:
            return f"{site} shipped {units} in {order.parcels} parcel{'' if order.parcels == 1 else 's'}."
        case "refused", _:
            return f"{site} refused it: {order.because}."
        case "cancelled", _:
            return f"{site} does not ship it: {order.because}."
        case _, "asked":
            return f"{site} was asked not to ship it and has not answered."
        case _, "refused":
            return f"{site} goes on with it: it was too late to cancel there."
        case _, "late":
            return f"A part had left {site} when the cancellation came."
    if order.because:
        return f"{order.because}. Nothing was done about it: ask them."
    if order.state == "acknowledged":
        return f"{site} has it, as {order.theirs or order.reference}: {units}."
    return f"{site} is asked to ship {units}; no answer yet."
