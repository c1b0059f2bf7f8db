"""Connections: which settings are right, and which secrets count while one is being replaced."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Literal

import msgspec
from msgspec import Struct

from quartermaster.core.plugs import Setting
from quartermaster.core.steps import Steps
from quartermaster.inbox.ports import KeyEnd

ROTATION = timedelta(hours=24)  # how long a replaced webhook secret still opens: senders change over slowly
OVERLAP_MAX = timedelta(days=14)
ENDS_NEAR, ENDS_SOON = 14, 3  # days
ROTATING = frozenset({"webhook_secret"})
SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_VALUE_MAX = 4096


class Kept(Struct, frozen=True):
    """One value of a secret. `until` is None for the one in force, else when the replaced one ends."""

    value: str
    until: datetime | None = None


def errors_in(
    slug: str, given: Mapping[str, str], *, fields: Sequence[Setting], present: Collection[str]
) -> dict[str, str]:
    """Field -> what is wrong. `present` names the settings the connection has already; "" takes one away."""
    errors = {}
    if not SLUG.fullmatch(slug):
        errors["slug"] = "1 to 63 of a-z, 0-9 and -, not at either end"
    known = {field.name: field for field in fields}
    for name, value in given.items():
        if name not in known:
            errors[name] = f"unknown; there are: {', '.join(known)}"
        elif len(value) > _VALUE_MAX:
            errors[name] = f"longer than {_VALUE_MAX} characters"
        elif not value.isprintable():
            errors[name] = "has a line break or another character that cannot be printed"
    left = {name for name in present if given.get(name) != ""} | {
        name for name, value in given.items() if value
    }
    for field in fields:
        if field.is_required and field.name not in left:
            errors[field.name] = f"required ({field.label})"
    return errors


def is_key(setting: Setting) -> bool:
    """Whether the other side may let in or not by it: a secret, what it is asked with, and where."""
    return setting.is_secret or setting.is_to_ask or setting.name == "api_url"


def replaced(
    kept: Sequence[Kept], name: str, value: str, at: datetime, overlap: timedelta = ROTATION
) -> list[Kept]:
    """The values of a secret after a new one was set: the new one first, then what still counts."""
    if name not in ROTATING:
        return [Kept(value)]
    before = [Kept(one.value, one.until or at + overlap) for one in kept if one.value != value]
    return [Kept(value), *(one for one in before if one.until and one.until > at)]


def forget_at(kept: Mapping[str, Sequence[Kept]]) -> datetime | None:
    """When the first secret that was replaced is to be forgotten."""
    return min((one.until for values in kept.values() for one in values if one.until), default=None)


def overlap_wrong(hours: int) -> str:
    """Why an old webhook secret cannot go on counting so long; "" when it can."""
    most = int(OVERLAP_MAX / timedelta(hours=1))
    return "" if 0 <= hours <= most else f"0 to {most} hours"


def ends(
    before: Mapping[str, str],
    changed: Collection[str],
    told: Mapping[str, date | None],
    *,
    fields: Sequence[Setting],
    on: date,
) -> dict[str, str]:
    """The day on which each secret ends, where it is known: as a person told, else as its vendor says of one
    that is new today. What is replaced and not known of has none. None takes a day away."""
    lasting = {field.name: field.lasts_days for field in fields if field.is_secret and field.lasts_days}
    after = {name: day for name, day in before.items() if name not in changed}
    after |= {name: str(on + timedelta(days=days)) for name, days in lasting.items() if name in changed}
    after |= {name: str(day) for name, day in told.items() if day is not None}
    return {name: day for name, day in sorted(after.items()) if told.get(name, on) is not None}


class Source(Struct, frozen=True, omit_defaults=True):
    """By whom the end of a secret is known: its shop told it, its vendor's rule says how long one lasts, or a
    person wrote it; and since when. old_on: when the secret ended that this one replaced."""

    by: Literal["shop", "rule", "person"]
    at: datetime
    old_on: date | None = None


def source(known: Mapping[str, object], name: str) -> Source | None:
    return msgspec.convert(known[name], Source) if name in known else None


def sources(
    known: Mapping[str, object],
    before: Mapping[str, str],
    after: Mapping[str, str],
    changed: Collection[str],
    told: Mapping[str, date | None],
    *,
    at: datetime,
) -> dict[str, object]:
    """`known`, for the ends as they are after somebody entered keys: a day that was shown and sent back as it
    was keeps its source."""
    found: dict[str, object] = {}
    for name, day in after.items():
        if told.get(name) is not None and (name in changed or before.get(name) != day):
            found[name] = msgspec.to_builtins(Source("person", at))
        elif name in changed or name not in known:
            found[name] = msgspec.to_builtins(Source("rule", at))
        else:
            found[name] = known[name]
    return found


def is_news(known: Source | None, told: KeyEnd) -> bool:
    """Whether the other side's word is newer than what is known. Words come late and in any order, and one
    about the secret that was replaced is not about the one that counts."""
    return known is None or (told.told_at > known.at and told.ends_on != known.old_on)


class Ending(Struct, frozen=True):
    """A secret that ends. days: until then; below 0 when that is past. by: who says so, as in `Source`; "":
    nobody knows any more."""

    name: str
    ends_on: date
    days: int
    tone: Literal["good", "warn", "bad"]
    by: str = ""


def endings(known: Mapping[str, str], on: date, by: Mapping[str, object] | None = None) -> list[Ending]:
    """What ends when, the next first: amber 14 days before, an exception 3 days before."""
    found = [(date.fromisoformat(day), name) for name, day in known.items()]
    return [
        Ending(name, day, days, _tone(days), told.by if told else "")
        for day, name in sorted(found)
        for days in [(day - on).days]
        for told in [source(by or {}, name)]
    ]


def _tone(days: int) -> Literal["good", "warn", "bad"]:
    return "bad" if days <= ENDS_SOON else "warn" if days <= ENDS_NEAR else "good"


def current(kept: Sequence[Kept], now: datetime) -> list[str]:
    """Every value that counts now, the newest first."""
    return [one.value for one in kept if one.until is None or one.until > now]


QUIET_AT_LEAST_S = 15 * 60  # shorter silences alarm nobody: every channel has them
GAPS_KNOWN = 10  # messages before a rhythm can be spoken of


def is_silent(silent_s: float, *, gap_s: float | None, messages: int) -> bool:
    """Whether a connection is silent for twice as long as is normal for it.

    Unit: seconds. gap_s is the silence that 95 of 100 of its newest silences do not exceed. A connection with
    fewer than ten messages has no rhythm yet, and is never called silent.
    """
    return gap_s is not None and messages >= GAPS_KNOWN and silent_s >= max(2 * gap_s, QUIET_AT_LEAST_S)


class ReplayPhase(StrEnum):
    GATHERING = "gathering"
    REHEARSING = "rehearsing"
    REHEARSED = "rehearsed"  # a person has the word
    READING = "reading"
    DONE = "done"
    ENDED = "ended"  # by a person, before it was through


class ReplayWord(StrEnum):
    READ_CHANGING = "read-changing"
    READ_ALL = "read-all"
    STOP = "stop"
    GO_ON = "go-on"
    END = "end"


_P, _W = ReplayPhase, ReplayWord
# What a person may say of a replay. By themselves the workers lead it from gathering to rehearsed, and from
# reading to done.
REPLAY = Steps(
    {
        (_P.GATHERING, _W.STOP): _P.GATHERING,
        (_P.GATHERING, _W.GO_ON): _P.GATHERING,
        (_P.GATHERING, _W.END): _P.ENDED,
        (_P.REHEARSING, _W.READ_ALL): _P.READING,  # somebody has seen enough of it
        (_P.REHEARSING, _W.STOP): _P.REHEARSING,
        (_P.REHEARSING, _W.GO_ON): _P.REHEARSING,
        (_P.REHEARSING, _W.END): _P.ENDED,
        (_P.REHEARSED, _W.READ_CHANGING): _P.READING,
        (_P.REHEARSED, _W.READ_ALL): _P.READING,
        (_P.REHEARSED, _W.END): _P.ENDED,
        (_P.READING, _W.STOP): _P.READING,
        (_P.READING, _W.GO_ON): _P.READING,
        (_P.READING, _W.END): _P.ENDED,
        (_P.ENDED, _W.END): _P.ENDED,
    }
)


class Course(Struct, frozen=True):
    """How a replay stands. reads: which of its messages, once somebody said so."""

    phase: ReplayPhase
    is_stopped: bool = False
    reads: Literal["", "changing", "all"] = ""


def steered(course: Course, word: ReplayWord) -> Course:
    """How it stands after a person's word; as it was where the same word was heard before. Raises
    WrongStep."""
    reads: Literal["", "changing", "all"] = course.reads
    if word in (_W.READ_CHANGING, _W.READ_ALL):
        reads = "all" if word is _W.READ_ALL else "changing"
        if course.phase is _P.READING and reads == course.reads:
            return course
    phase = REPLAY.after(course.phase, word)
    return Course(phase, word is _W.STOP, reads)
