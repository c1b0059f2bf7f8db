"""What is wrong with the barcodes of a SKU, and the forms that can be put right without a guess."""

import re
from collections.abc import Iterator, Mapping

from quartermaster.catalog.rules.barcodes import check_digit, doubt_about
from quartermaster.catalog.rules.columns import shown
from quartermaster.catalog.rules.damage import shortened
from quartermaster.quality.rules.goods import Fix, Found, Good

_LENGTHS = (8, 12, 13, 14)
_ISBN_10 = re.compile(r"[0-9]{9}[0-9X]")


def barcodes(good: Good) -> Iterator[Found]:
    """One sentence for each barcode that is off."""
    for code in sorted(good.barcodes):
        if shortened(code) and not code.isdigit():
            says = f"{code} is what a spreadsheet makes of a long number: read it from the goods again"
            yield Found("barcode-lost", says, code)
        elif told := right_form(code):
            right, because = told
            yield Found("barcode-form", f"{code}: {because}", code, _fix(good, code, right, because))
        elif doubt := doubt_about(code):
            yield Found("barcode-digit", doubt, code)
    for twin in good.twins:
        says = f"{twin.barcode} is the same number as {twin.theirs} of {twin.sku}"
        yield Found("barcode-twice", says, f"{twin.barcode} {twin.sku}", others=(twin.sku_id,))
    if not good.barcodes and not good.is_kit:
        yield Found("no-barcode", "it has no barcode")


def right_form(code: str) -> tuple[str, str] | None:
    """The code as it should be and how that follows; None when it is fine, or nobody can tell.

    Only what the check digit proves: an ISBN-10 becomes its ISBN-13 (978, nine digits, a new check digit).
    """
    bare = re.sub(r"[\s\-\u2010-\u2015]", "", code)
    if not bare.isascii():
        return None
    if bare != code and len(bare) in _LENGTHS and bare.isdigit() and _is_right(bare):
        return bare, f"without spaces and dashes it is {bare}, and its check digit is right"
    if _ISBN_10.fullmatch(bare) and _isbn_10_is_right(bare):
        digits = f"978{bare[:9]}"
        isbn = f"{digits}{check_digit(digits)}"
        return (
            isbn,
            f"an ISBN of ten digits; as a barcode it is {isbn}: 978, nine digits, check digit {isbn[-1]}",
        )
    if bare.isdigit() and len(bare) in (7, 10, 11) and _is_right(bare):
        length = 8 if len(bare) == 7 else 12
        full = bare.zfill(length)
        zeros = "the leading zero" if length - len(bare) == 1 else "leading zeros"
        return full, f"{len(bare)} digits with a right check digit: {zeros} of {full} got lost"
    return None


def _is_right(digits: str) -> bool:
    return check_digit(digits[:-1]) == int(digits[-1])


def _isbn_10_is_right(code: str) -> bool:
    """Weights 10 to 1, divisible by 11. Source: ISO 2108 as it was until 2006."""
    values = [10 if sign == "X" else int(sign) for sign in code]
    return sum((10 - n) * value for n, value in enumerate(values)) % 11 == 0


def _fix(good: Good, wrong: str, right: str, because: str) -> Fix | None:
    if right in good.barcodes:
        return None
    after = {right if code == wrong else code: count for code, count in good.barcodes.items()}
    return Fix("barcodes", _cell(good.barcodes), _cell(after), because)


def _cell(codes: Mapping[str, int]) -> str:
    return shown("barcodes", {"barcodes": codes})
