"""What spreadsheets do to cells that nobody touched, recognised by what stood there before.

A barcode becomes 4.00638E+12, a leading zero is dropped, 9405.10 becomes 9405.1, text in front of a formula
sign gets a quote. Such a cell says nothing new: it changes nothing, and the row says so.
"""

import re
from decimal import Decimal

_SHORTENED = re.compile(r"[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]{1,3}")
_DIGITS = re.compile(r"[0-9]+(?:\.[0-9]+)?")


def damage(before: str, given: str) -> str:
    """Why the cell says what it said before, only harmed: a sentence. "" when it says something else."""
    if shortened(given):
        is_same = bool(_DIGITS.fullmatch(before)) and _rounds_to(Decimal(before), given)
        return f"a spreadsheet shortened {before} to {given}" if is_same else ""
    if before == given or not (_DIGITS.fullmatch(before) and _DIGITS.fullmatch(given)):
        return ""
    if given == before.lstrip("0") or (given, before.strip("0.")) == ("0", ""):
        return f"a spreadsheet dropped the leading zero of {before}"
    if "." in before and Decimal(before) == Decimal(given):
        return f"a spreadsheet wrote {before} as {given}"
    return ""


def shortened(text: str) -> bool:
    """Whether it is a number as spreadsheets shorten it: digits are lost, nobody can tell which."""
    return bool(_SHORTENED.fullmatch(text.strip()))


def _rounds_to(whole: Decimal, given: str) -> bool:
    mantissa = re.split("[eE]", given)[0].replace(",", ".")
    places = len(mantissa.partition(".")[2])
    return Decimal(f"{whole:.{places}E}") == Decimal(given.strip().replace(",", "."))
