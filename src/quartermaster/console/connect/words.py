"""What is said of shops, and of what they and we see differently."""

from typing import NamedTuple

from quartermaster.channels.queries.drifts import ComparisonShown
from quartermaster.channels.rules.health import Light


class Word(NamedTuple):
    """A tag: its text and its tone."""

    text: str
    tone: str


ENDS_BY = {
    "shop": "told by the shop",
    "rule": "by its vendor's rule, from the day it was entered",
    "person": "written by a person",
    "": "",
}

DIFFERS = {
    "late": "Came by comparison alone",
    "missing": "Not here",
    "vanished": "Not there",
    "unshipped": "Left, and not shown",
    "uncancelled": "Cancelled here alone",
    "gap": "No such order",
    "refund": "Given back otherwise",
    "price": "Another price there",
}
_LIGHTS = {
    "good": Word("All is well", "is-good"),
    "warn": Word("Look at it", "is-warn"),
    "bad": Word("In trouble", "is-bad"),
    "off": Word("Paused", ""),
}
_PHASES = {"reading": "is being read", "settling": "has been read; the inbox is busy with it"}


def lit(light: Light) -> Word:
    return _LIGHTS[light.tone]


def share(fetched: int, used: int) -> str:
    """How much of what was used no webhook had brought."""
    if not used:
        return "nothing came"
    if not fetched:
        return f"{used:,} came, each by its own message"
    return f"{used:,} came, {fetched:,} of them had to be fetched"


def compared(row: ComparisonShown) -> str:
    """A comparison in one sentence."""
    if row.phase != "done":
        trouble = f"; it did not answer: {row.because}" if row.because else ""
        note = f"; {row.note}" if row.note else ""
        return f"{row.listed:,} orders so far: it {_PHASES[row.phase]}{note}{trouble}"
    parts = [f"{row.listed:,} order{'' if row.listed == 1 else 's'} compared"]
    if row.late:
        parts.append(f"{row.late:,} missed before and fetched")
    if row.found:
        parts.append(f"{row.found:,} new difference{'' if row.found == 1 else 's'}")
    if row.settled:
        parts.append(f"{row.settled:,} no more")
    return ", ".join(parts if len(parts) > 1 else [*parts, "nothing differs anew"])
