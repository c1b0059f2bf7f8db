"""The timeline: every fact about an order as a sentence, with who did it and the message it came by."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from quartermaster.console.orders.words import hold_title, in_a_row, units
from quartermaster.console.templatetags.console import money
from quartermaster.core.queries import Fact
from quartermaster.orders.queries import OrderShown

_MESSAGE = re.compile(r"message:([0-9]{1,18})")
_LINE = re.compile(r"line ([0-9]{1,18}) wanted")
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_USER = "user:"


class Moment(NamedTuple):
    """One line: what happened, the rest of the sentence, who, and the raw message (None: there is none)."""

    at: datetime
    recorded_at: datetime
    title: str
    detail: str
    actor: str
    message_id: str | None


type Body = Mapping[str, Any]
type Told = tuple[str, str]


def moments(facts: Iterable[Fact], names: Mapping[str, str], order: OrderShown) -> list[Moment]:
    """Facts come oldest first; the page tells the newest first. `names`: user id -> name."""
    known = {"currency": order.currency, "codes": {line.id: line.sku for line in order.lines}}
    return [_moment(fact, names, known) for fact in facts][::-1]


def user_ids(facts: Iterable[Fact]) -> set[str]:
    return {fact.actor.removeprefix(_USER) for fact in facts if fact.actor.startswith(_USER)}


def _moment(fact: Fact, names: Mapping[str, str], known: Body) -> Moment:
    tell = _TOLD.get(fact.name)
    title, detail = tell({**known, **fact.body}) if tell else (plain(fact.name), "")
    message = _MESSAGE.fullmatch(fact.source)
    who = actor(fact.actor, names)
    return Moment(fact.at, fact.recorded_at, title, detail, who, message and message[1])


def actor(text: str, names: Mapping[str, str]) -> str:
    """ "user:3" as the person's name, "connection:acme" as the channel, "system" as ourselves."""
    kind, _, name = text.partition(":")
    match kind:
        case "user":
            return names.get(name, f"user {name}")
        case "connection":
            return name
        case "token":
            return f"token {name}"
        case "import":
            return f"import {name}"
        case "system":
            return "Quartermaster"
    return text


def plain(name: str) -> str:
    """OrderShippedElsewhere -> Order shipped elsewhere."""
    return _CAPITAL.sub(" ", name).capitalize()


def _accepted(body: Body) -> Told:
    passed, holds = body.get("checks_passed", 0), body.get("holds") or ()
    told = f"{passed} checks passed" if passed else ""
    if holds:
        held = f"held for {in_a_row([hold_title(kind).lower() for kind in holds])}"
        told = f"{told}, {held}" if told else held.capitalize()
    return "Accepted", told


def _changed(body: Body) -> Told:
    changes = [_change(name, pair, body) for name, pair in (body.get("changed") or {}).items()]
    return "Changed", "; ".join([*filter(None, changes), *([body["because"]] if body.get("because") else [])])


def _change(name: str, pair: Any, known: Body) -> str:
    currency, line = known["currency"], _LINE.fullmatch(name)
    if line:
        name = f"{known['codes'].get(line[1], f'line {line[1]}')} wanted"
    before, after = pair if isinstance(pair, list) and len(pair) == 2 else (None, pair)
    if name == "ship_to":
        return f"ships to {_address(after)} (before: {_address(before)})"
    if name.endswith("_minor"):
        return f"{name.removesuffix('_minor')} {money(before, currency)} → {money(after, currency)}"
    if isinstance(before, dict | list) or isinstance(after, dict | list):
        return name.replace("_", " ")
    return f"{name.replace('_', ' ')} {before} → {after}"


def _address(given: Any) -> str:
    if not isinstance(given, dict):
        return "no address"
    parts = [str(given.get(part, "")) for part in ("line1", "postcode", "city", "country")]
    return ", ".join(filter(None, parts)) or "an empty address"


def _allocated(body: Body) -> Told:
    waiting = body.get("waiting", 0)
    where = in_a_row(list(body.get("locations") or ())) or "a site"
    return f"Allocated to {where}", f"{units(waiting)} still waiting" if waiting else ""


def _refunded(body: Body) -> Told:
    return f"Refunded {money(body['amount_minor'], body['currency'])}", f"refund {body.get('refund', '')}"


def _parked(body: Body) -> Told:
    return f"Waits with {units(body.get('waiting', 0))}", " ".join(body.get("because") or ())


_TOLD: dict[str, Callable[[Body], Told]] = {
    "OrderAccepted": _accepted,
    "OrderChanged": _changed,
    "OrderCancelled": lambda body: ("Cancelled", body.get("because", "")),
    "OrderRefunded": _refunded,
    "HoldPlaced": lambda body: (f"Held: {hold_title(body['hold']).lower()}", body.get("because", "")),
    "HoldReleased": lambda body: (
        f"Hold released: {hold_title(body['hold']).lower()}",
        body.get("because", ""),
    ),
    "OrderAllocated": _allocated,
    "PromiseMoved": lambda body: (
        "Will be later than promised",
        f"promised for {body.get('promised_on')}, expected on {body.get('expected_on')}",
    ),
    "OrderParked": _parked,
    "AllocationReleased": lambda _: ("Released to the floor", ""),
    "AllocationCancelled": lambda body: (
        f"{units(body.get('units', 0))} given back",
        body.get("because", ""),
    ),
    "OrderShippedElsewhere": lambda body: (
        f"{units(body.get('units', 0))} shipped by the channel itself",
        "",
    ),
}
