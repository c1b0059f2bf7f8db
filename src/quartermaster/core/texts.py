"""Text from outside: made storable without losing the message, read as a number, looked for as it is."""

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


def whole(text: str, digits: int = 18) -> int | None:
    """The number that is written there in ASCII digits, no sign and at most `digits` of them (eighteen fit
    into a bigint); None where it is anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= digits else None


def literal(text: str) -> str:
    """As a pattern of LIKE that finds just this text."""
    return text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
