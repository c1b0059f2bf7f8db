"""Do customs and tax numbers look like ones? That they are registered only the authorities know.

EORI: two letters of the country and at most 15 characters (Commission Implementing Regulation (EU) 2015/2447,
annex B); GB and XI numbers have 12 digits after the letters, 15 with a branch. IOSS: IM and ten digits
(Council Implementing Regulation (EU) 2019/2026).
"""

import re

from quartermaster.shipping.rules.customs.union import EU

_EORI = re.compile(r"[A-Z]{2}[A-Z0-9]{1,15}")
_BRITISH = re.compile(r"(GB|XI)([0-9]{12}|[0-9]{15})")
_IOSS = re.compile(r"IM[0-9]{10}")
_ANY = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ./-]{0,34}")


def eori_fault(where: str, number: str) -> str:
    """What is wrong with the number told for a country, or "EU"; "" when nothing is. Countries that have no
    EORI take any number an exporter has there."""
    if where != "EU" and not (len(where) == 2 and where.isascii() and where.isupper()):
        return 'a country\'s two letters, or "EU"'
    if where in EU or where == "EU":
        is_ours = number[:2] in EU or number[:2] in ("XI", "EL")
        if not (_EORI.fullmatch(number) and is_ours):
            return "two letters of a member state and up to 15 letters and digits, such as DE1234567890123"
        if number[:2] == "XI" and not _BRITISH.fullmatch(number):
            return "XI and twelve digits"
    elif where == "GB":
        return "" if _BRITISH.fullmatch(number) else "GB and twelve digits"
    elif not _ANY.fullmatch(number):
        return "letters and digits, at most 35"
    return ""


def ioss_fault(number: str) -> str:
    return "" if not number or _IOSS.fullmatch(number) else "begins with IM and has ten digits after it"
