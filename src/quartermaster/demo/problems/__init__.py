"""What is wrong at Harbor & Pine today: made by real messages and real actions, to be solved on their pages.

`told` is what comes over the shops' webhooks with everything else; `do` is what happens on the floor.
"""

from typing import NamedTuple

from quartermaster.demo.company.carriers import BAD_LANE, carrier
from quartermaster.demo.past.aftermath import BAD_PHOTO
from quartermaster.demo.problems.done import do
from quartermaster.demo.problems.told import RENAMED, SILENCE, SILENT, told

__all__ = ["PLANTED", "SILENCE", "SILENT", "Problem", "do", "told"]


class Problem(NamedTuple):
    """Under which cause it stands on Today, what its rows have in common there, and what solves it."""

    cause: str
    of: str
    solved_by: str


PLANTED = (
    Problem("unknown-sku", f"harbor-pine:{RENAMED}", "name the SKU once: all its orders go on"),
    Problem("holds", "address", "mend the 27 addresses, or release those you have asked about"),
    Problem("holds", "payment", "wait for the money, or cancel"),
    Problem("holds", "check", "look at what the channel sent: the total is ten euros more than its parts"),
    Problem("holds", "fraud", "decide: release or cancel"),
    Problem("silence", SILENT, "switch its webhooks on again"),
    Problem("messages", "unreadable", "have the shop send it again"),
    Problem("shortage", "shortage", "buy, send another thing, or cancel"),
    Problem("late", "missed", "put them on the next pick list, first"),
    Problem("labels", "", "give the address its postcode"),
    Problem("no-scan", "atlas", "ask the depot"),
    Problem("lanes", ":".join((carrier(*BAD_LANE), *BAD_LANE)), "ask the carrier, or send another way"),
    Problem("returns", BAD_PHOTO, "show the lamp in its true colour"),
    Problem("floor", "put-back", "carry it back to a bin"),
    Problem("floor", "count", "count the bin"),
    Problem("reserve", "", "buy, or move some from another site"),
)
