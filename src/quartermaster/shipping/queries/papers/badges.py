"""Badges to print, and the sheet of barcodes a scanner is tried out with."""

from quartermaster.shipping.queries.papers.typesetting import code128, gs1_128, typeset
from quartermaster.shipping.rules.badge_zpl import badge_zpl as zpl


def badge_pdf(name: str, below: str, code: str) -> bytes:
    """The size of a bank card: the name, a line below it, the code as bars only (nobody can read it off)."""
    return typeset("badge", {"name": name, "below": below, "svg": code128(code)})


def badge_zpl(name: str, below: str, code: str) -> str:
    """The same for a thermal printer with labels of 4 inches."""
    return zpl(name, below, code)


def scanner_sheet_pdf(codes: list[tuple[str, str, str, bool]]) -> bytes:
    """A4. codes: (title, what it tells, text, whether as GS1-128, its text then being "(01)…(10)…")."""
    shown = [
        {"title": title, "says": says, "svg": (gs1_128 if is_gs1 else code128)(text)}
        for title, says, text, is_gs1 in codes
    ]
    return typeset("test-codes", {"codes": shown})
