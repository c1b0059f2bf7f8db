"""What an order's state is called on a page: a word, a sign and a tone, never a colour alone."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from quartermaster.allocation.queries.served import Served
from quartermaster.console.templatetags.console import money
from quartermaster.orders.ports import Address
from quartermaster.orders.queries import AddressShown, HoldShown, LineShown, OrderShown
from quartermaster.orders.rules.holds import KINDS, Blocks, blocking


class Word(NamedTuple):
    """tone: "", "is-good", "is-accent", "is-warn" or "is-bad"."""

    title: str
    sign: str
    tone: str


STATUS: dict[str, Word] = {
    "on_hold": Word("On hold", "■", "is-bad"),
    "open": Word("Open", "○", ""),
    "backordered": Word("Backordered", "◷", "is-warn"),
    "allocated": Word("Allocated", "●", "is-accent"),
    "picking": Word("Picking", "▸", "is-accent"),
    "packed": Word("Packed", "▣", "is-accent"),
    "shipped": Word("Shipped", "→", "is-good"),
    "delivered": Word("Delivered", "✓", "is-good"),
    "cancelled": Word("Cancelled", "✕", ""),
    "returned": Word("Returned", "↩", ""),
}

PAYMENT: dict[str, Word] = {
    "pending": Word("Not paid yet", "◷", "is-warn"),
    "authorised": Word("Authorised", "✓", "is-accent"),
    "partly_paid": Word("Partly paid", "◐", "is-warn"),
    "paid": Word("Paid", "✓", "is-good"),
    "partly_refunded": Word("Partly refunded", "◑", ""),
    "refunded": Word("Refunded", "↩", ""),
    "voided": Word("Payment voided", "✕", "is-bad"),
    "on_delivery": Word("Paid on delivery", "◷", ""),
    "unknown": Word("Payment unknown", "?", "is-warn"),
}

# What comes next for an order, as the list says it.
_NEXT = {
    "on_hold": "Decide",
    "open": "Routes by itself",
    "backordered": "Buy or re-route",
    "allocated": "Pick",
    "picking": "Finish picking",
    "packed": "Hand over",
    "shipped": "Wait for delivery",
}
_HOLD_NEXT = {
    "address": "Mend the address",
    "undeliverable": "Mend the address",
    "sku": "Name the SKU",
    "payment": "Wait for payment",
    "fraud": "Release or cancel",
    "check": "Read the message",
    "channel": "Wait for the channel",
    "test": "Nothing",
}

PARKED = {
    "backorder": "waits for stock",
    "preorder": "is sold ahead of its first day",
    "shortage": "is short, and may not wait by itself",
    "routing": "may be sent by no site",
}

STEPS = {
    "release_stock": "Reserved units go back to stock.",
    "recall": "The floor gets a recall: it stops picking.",
    "put_back": "Picked units are put back on the shelf.",
    "unpack": "The parcel is opened.",
    "void_label": "The label is voided.",
    "buy_label": "A new label is bought.",
    "rate": "Carriers are asked for prices again.",
    "reroute": "Routing decides again where it ships from.",
    "intercept": "The carrier is asked to stop the parcel.",
    "redirect": "The carrier is asked to redirect the parcel.",
    "return": "It becomes a return.",
    "stop_tote": "The tote is stopped where it is.",
    "set_aside": "The parcel is set aside.",
}


def hold_title(kind: str) -> str:
    return KINDS[kind].title if kind in KINDS else kind.replace("_", " ").capitalize()


def units(count: int) -> str:
    return "1 unit" if count == 1 else f"{count:,} units"


def address(of: AddressShown) -> list[str]:
    """As on a label: one entry a line, none of them empty."""
    town = " ".join(filter(None, (of.postcode, of.city)))
    place = ", ".join(filter(None, (town, of.region, of.country)))
    return [line for line in (of.name, of.company, of.line1, of.line2, place) if line]


def in_one_line(of: Address) -> str:
    """Where it is, without whose it is."""
    place = (of.line1, of.line2, f"{of.postcode} {of.city}".strip(), of.region, of.country)
    return ", ".join(filter(None, place))


def in_a_row(words: Sequence[str], most: int = 3) -> str:
    """a, b and c; from the fourth on "and 5 more"."""
    shown = list(words[:most])
    if len(words) > most:
        return f"{', '.join(shown)} and {len(words) - most} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def why(order: OrderShown, waits: Mapping[str, str]) -> str:
    """One line for the list: what it waits for. Empty when it waits for nothing. waits: of what no site may
    send, why."""
    if order.status == "on_hold":
        return " ".join(_told(hold) for hold in order.holds)
    if order.status == "backordered":
        return "; ".join(_waits(line, waits) for line in _waiting(order))
    return ""


def _told(hold: HoldShown) -> str:
    """The reason, with the kind of hold before it where the reason does not begin with it anyway."""
    title = hold_title(hold.kind)
    return hold.because if hold.because.lower().startswith(title.lower()) else f"{title}: {hold.because}"


def sentence(order: OrderShown, served: Sequence[Served], waits: Mapping[str, str]) -> str:
    """What is going on with this order, before any number. waits: as `why` takes it."""
    goods = [line for line in order.lines if line.is_shippable]
    there = f" at {in_a_row(list(dict.fromkeys(one.location for one in served)))}" if served else ""
    match order.status:
        case "on_hold":
            held = in_a_row([hold_title(hold.kind).lower() for hold in order.holds])
            return f"On hold: {held}. {_meanwhile(order, there)}"
        case "backordered":
            done = sum(line.allocated + line.picked + line.shipped for line in goods)
            rest = f" The other {units(done)} {_is(done)} served{there}." if done else ""
            return f"{in_a_row([_waits(line, waits) for line in _waiting(order)])}.{rest}"
        case "open":
            return "Accepted. Routing has not decided yet where it ships from."
        case "allocated":
            count = sum(line.allocated for line in goods)
            told = (
                "the floor may pick them"
                if all(one.state != "waiting" for one in served)
                else "not on the floor yet"
            )
            return f"{units(count)} reserved{there}; {told}."
        case "picking":
            picked, wanted = (
                sum(line.picked for line in goods),
                sum(line.ordered - line.cancelled for line in goods),
            )
            return f"{picked:,} of {units(wanted)} picked{there}."
        case "packed":
            packed = sum(line.packed for line in goods)
            return f"{units(packed)} packed{there}, waiting for the carrier."
        case "shipped":
            return (
                "Everything has been handed over." if goods else "There is nothing in it to ship: it is done."
            )
        case "cancelled":
            because = f": {order.cancelled_because.rstrip('.')}" if order.cancelled_because else ""
            return f"Cancelled{because}.{_to_put_back(goods)}{_not_given_back(order)}"
        case _:
            return f"{STATUS[order.status].title}."


def _to_put_back(goods: Sequence[LineShown]) -> str:
    left = sum(line.picked for line in goods)
    return f" {units(left)} {_is(left)} to be put back." if left else ""


def _not_given_back(order: OrderShown) -> str:
    left = order.totals.refundable
    return f" {money(left.minor, left.currency)} has not been given back." if left.minor else ""


def _meanwhile(order: OrderShown, there: str) -> str:
    reserved = sum(line.allocated for line in order.lines)
    if reserved:
        told = f"{units(reserved)} {_is(reserved)} reserved{there} meanwhile"
        return f"{told}; the floor does not get {_them(reserved)}."
    if blocking({hold.kind for hold in order.holds}, Blocks.ALLOCATION):
        return "Nothing is reserved until it is released."
    return "Nothing is reserved yet."


def _waiting(order: OrderShown) -> list[LineShown]:
    return [line for line in order.lines if line.is_shippable and line.open and line.parked]


def _waits(line: LineShown, waits: Mapping[str, str]) -> str:
    what = f"{line.open:,} × {line.sku or line.title}"
    # Of "8 wanted, 6 free; 3 too old" the last is what is not seen from the line itself.
    because = waits.get(line.sku, "").rpartition("; ")[2] if line.parked == "routing" else ""
    return f"{what} waits: {because.rstrip('.')}" if because else f"{what} {PARKED.get(line.parked, 'waits')}"


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


def _them(count: int) -> str:
    return "it" if count == 1 else "them"


def promise(first: date | None, expected: date | None, status: str, *, today: date) -> Word | None:
    """The day it was promised for, and what became of it; None when nothing was promised."""
    day = first or expected
    if day is None or status in ("cancelled", "returned"):
        return None
    told = f"{day:%a} {day.day} {day:%b}"
    if status == "delivered":
        return Word(f"Promised for {told}", "◷", "")
    if expected and first and expected > first:
        return Word(f"Promised {told}, expected {expected.day} {expected:%b}", "◷", "is-bad")
    return Word(f"Promised {told}", "◷", "is-bad" if day < today else "is-warn" if day == today else "")


def next_action(order: OrderShown) -> str:
    """The one thing that brings it further; "" when it is done."""
    if order.status == "on_hold" and order.holds:
        return _HOLD_NEXT.get(order.holds[0].kind, "Release")
    return _NEXT.get(order.status, "")
