"""Barcodes: any text a scanner reads. A GTIN's check digit is looked at, for most typing errors fail it."""

_GTIN_LENGTHS = (8, 12, 13, 14)


def doubt_about(code: str) -> str:
    """Why a code that looks like a GTIN is probably mistyped; "" when it is fine or no GTIN at all.

    Only a doubt: shops print codes of their own in the same length.
    """
    if len(code) not in _GTIN_LENGTHS or not (code.isascii() and code.isdigit()):
        return ""
    right = check_digit(code[:-1])
    return "" if right == int(code[-1]) else f"{code}: the check digit of a GTIN would be {right}"


def check_digit(digits: str) -> int:
    """The last digit of a GTIN from those before it: weights 3 and 1 from the right, up to the next ten.

    Source: GS1 General Specifications, section 7.9.
    """
    return -sum(int(digit) * (1 if n % 2 else 3) for n, digit in enumerate(reversed(digits))) % 10
