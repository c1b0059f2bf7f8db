"""The order in which a picker walks past places."""

import re

_PIECES = re.compile(r"[0-9]+|[^0-9]+")


def along_the_path(code: str) -> tuple[tuple[int, int, str], ...]:
    """A key to sort place codes by: the site itself before what is in it, and numbers by their size, so that
    A-2 comes before A-10. Codes that differ only in leading zeros stay apart by their text."""
    return tuple(
        (0, int(piece), piece) if piece.isdecimal() and piece.isascii() else (1, 0, piece)
        for piece in _PIECES.findall(code)
    )
