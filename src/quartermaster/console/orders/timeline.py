"""The timeline: every fact about an order as a sentence, with who did it and the message it came by."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from quartermaster.console.orders.facts import TOLD
from quartermaster.core.queries import Fact
from quartermaster.orders.queries import OrderShown

_MESSAGE = re.compile(r"message:([0-9]{1,18})")
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


def moments(facts: Iterable[Fact], names: Mapping[str, str], order: OrderShown) -> list[Moment]:
    """Facts come oldest first; the page tells the newest first. `names`: user id -> name."""
    known = {"currency": order.currency, "codes": {line.id: line.sku for line in order.lines}}
    return [_moment(fact, names, known) for fact in facts][::-1]


def user_ids(facts: Iterable[Fact]) -> set[str]:
    return {fact.actor.removeprefix(_USER) for fact in facts if fact.actor.startswith(_USER)}


def _moment(fact: Fact, names: Mapping[str, str], known: Mapping[str, Any]) -> Moment:
    tell = TOLD.get(fact.name)
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
        case "connection" | "carrier":
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
