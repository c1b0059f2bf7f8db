"""Text from outside, made storable without losing the message: NUL and lone surrogates are replaced."""

import re

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
TEXT_MAX = 255


def storable(text: str) -> str:
    """PostgreSQL text can hold the result: NUL and lone surrogates become U+FFFD."""
    return _UNSTORABLE.sub("\ufffd", text) if _UNSTORABLE.search(text) else text


def short(text: str, limit: int = TEXT_MAX) -> str:
    """Storable and at most `limit` characters: cut with an ellipsis. For labels, never for identities."""
    text = storable(text)
    return text if len(text) <= limit else text[: limit - 1] + "\u2026"
