"""What a message's state is called on a page."""

from collections.abc import Sequence

from quartermaster.console.orders.words import Word
from quartermaster.inbox.queries import ReplayShown

STATE: dict[str, Word] = {
    "stuck": Word("Stuck", "✕", "is-bad"),
    "unreadable": Word("Unreadable", "?", "is-bad"),
    "received": Word("Received", "◷", "is-accent"),
    "ignored": Word("Ignored", "–", ""),
    "used": Word("Used", "✓", "is-good"),
}

ABOUT: dict[str, str] = {
    "stuck": "All clear: no message failed again and again.",
    "unreadable": "All clear: every message could be read.",
    "received": "All caught up: every message that came in has been read.",
    "ignored": "Messages that are genuine but change nothing here would be listed with the reason.",
    "used": "Messages that became or changed an order would be listed here.",
}

FOUND: dict[str, Word] = {
    "changing": Word("Would change", "△", "is-warn"),
    "same": Word("Would not", "–", ""),
    "failing": Word("Would fail", "✕", "is-bad"),
    "unsaid": Word("Cannot be said", "?", ""),
}
ONLY: dict[str, Word] = {**FOUND, "went-wrong": Word("Went wrong", "✕", "is-bad")}
TRIED: dict[str, Word] = {name: word for name, word in STATE.items() if name != "received"}
TROUBLE = ("stuck", "unreadable")

PHASE: dict[str, Word] = {
    "gathering": Word("Being gathered", "◷", "is-accent"),
    "rehearsing": Word("Being rehearsed", "◷", "is-accent"),
    "rehearsed": Word("Waits for your word", "?", "is-warn"),
    "reading": Word("Being read", "◷", "is-accent"),
    "done": Word("Done", "✓", "is-good"),
    "ended": Word("Ended early", "–", ""),
}


def replay(shown: ReplayShown) -> Word:
    return Word("Stopped", "‖", "is-warn") if shown.is_stopped else PHASE[shown.phase]


def either(names: Sequence[str]) -> str:
    """stuck, unreadable or ignored"""
    *others, last = names
    return f"{', '.join(others)} or {last}" if others else last
