"""What is said of findings and of changes."""

from typing import NamedTuple

from quartermaster.catalog.queries.edits import EditShown
from quartermaster.quality.queries.findings import Stands

SEVERITIES = {1: ("error", "is-bad"), 2: ("warning", "is-warn"), 3: ("hint", "")}
SHOWS = {"open": "Open", "fixable": "With a fix", "ignored": "Let be"}
NOTHING = {
    "open": "Nothing of this is found.",
    "fixable": "None of these can be fixed without a person's knowledge.",
    "ignored": "Nobody let any of these be.",
}
KINDS = {
    "table": "Edited in a table",
    "file": "From a file",
    "fix": "Fixed",
    "listing": "Taken over from a listing",
    "undo": "Taken back",
}


class Word(NamedTuple):
    text: str
    tone: str


def severity(number: int) -> Word:
    return Word(*SEVERITIES[number])


def score(points: int) -> str:
    """The tone of a score."""
    return "is-good" if points >= 90 else "is-warn" if points >= 60 else "is-bad"


def sentence(stands: Stands) -> str:
    """How the catalog stands, in one."""
    if not stands.products:
        return "No product was looked at yet."
    lacking = stands.products - stands.whole
    if not lacking:
        return f"All {stands.products:,} products are complete."
    errors = f", {stands.with_errors:,} of them something that stops work" if stands.with_errors else ""
    verb = "lacks" if lacking == 1 else "lack"
    return f"{lacking:,} of {stands.products:,} products {verb} something{errors}."


def became(edit: EditShown) -> str:
    """What became of a change."""
    if edit.state == "waiting":
        return f"{edit.looked_at:,} of {edit.rows:,} rows done"
    refused = f", {edit.refused:,} refused" if edit.refused else ""
    same = edit.rows - edit.changed - edit.refused
    return f"{edit.changed:,} changed{refused}{f', {same:,} as they were' if same else ''}"
