"""What a message's state is called on a page."""

from quartermaster.console.orders.words import Word

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
