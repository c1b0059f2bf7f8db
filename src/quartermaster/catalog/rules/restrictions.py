"""Goods that may not go everywhere. Pure: goods and the list in, verdicts with their sentences out.

What is not known stays so: goods without an HS code are neither caught nor cleared by a line about one.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal

from msgspec import Struct

type Level = Literal["prohibited", "restricted"]
LEVELS: tuple[Level, ...] = ("prohibited", "restricted")


class Good(Struct, frozen=True):
    """What a line about goods may ask of them; tags are the values of a SKU's attributes. A kit needs no HS
    code: its parts have theirs."""

    sku: str
    hs_code: str = ""
    is_hazmat: bool = False
    tags: tuple[str, ...] = ()
    is_kit: bool = False


class Restriction(Struct, frozen=True):
    """A line of the list. Empty: any. It holds from a day until another (that one included), for goods that
    are all of what it names; prohibited never goes, restricted goes when a person has looked. is_import: only
    for what comes into the country from another; without it what stays within the country is meant, too."""

    level: Level
    because: str
    from_on: date
    country: str = ""
    site: str = ""
    carrier: str = ""
    service: str = ""
    hs_prefix: str = ""
    sku: str = ""
    is_hazmat: bool = False
    tag: str = ""
    until_on: date | None = None
    source: str = ""
    is_import: bool = False


class Verdict(Struct, frozen=True):
    """What a line says about goods. level: also "unknown", when the HS code would decide and is not known."""

    level: Literal["prohibited", "restricted", "unknown"]
    sku: str
    because: str


class Way(Struct, frozen=True):
    """Where goods go, and what is decided about it already: lines that name a site, a carrier or a service,
    or are about imports, count once these are known. origin: the country it leaves from."""

    country: str
    on: date
    site: str = ""
    carrier: str = ""
    service: str = ""
    origin: str = ""


def judge(goods: Iterable[Good], restrictions: Sequence[Restriction], way: Way) -> tuple[Verdict, ...]:
    """Every line that is about these goods on this way, the hardest first."""
    found = {
        _verdict(good, line, way, is_sure=is_sure)
        for line in restrictions
        if _holds(line, way)
        for good in goods
        if (is_sure := _is_about(line, good)) is not False
    }
    order = ("prohibited", "unknown", "restricted")
    return tuple(sorted(found, key=lambda each: (order.index(each.level), each.sku, each.because)))


def _holds(line: Restriction, way: Way) -> bool:
    return (
        line.from_on <= way.on
        and (line.until_on is None or way.on <= line.until_on)
        and line.country in ("", way.country)
        and line.site in ("", way.site)
        and line.carrier in ("", way.carrier)
        and line.service in ("", way.service)
        and (not line.is_import or way.origin not in ("", way.country))
    )


def _is_about(line: Restriction, good: Good) -> bool | None:
    """None: nobody can say, for the HS code is missing or too short."""
    if line.sku and line.sku != good.sku:
        return False
    if (line.is_hazmat and not good.is_hazmat) or (line.tag and line.tag not in good.tags):
        return False
    if line.hs_prefix and not good.hs_code.startswith(line.hs_prefix):
        is_open = line.hs_prefix.startswith(good.hs_code) and not (good.is_kit and not good.hs_code)
        return None if is_open else False
    return True


def _verdict(good: Good, line: Restriction, way: Way, *, is_sure: bool | None) -> Verdict:
    abroad = f"from {way.origin} " if line.is_import else ""
    where = [f"{abroad}to {way.country or 'an unknown country'}"] if line.country else []
    where += [f"from {line.site}"] if line.site else []
    where += [f"with {' '.join(filter(None, (line.carrier, line.service)))}"] if line.carrier else []
    to = " ".join(where) or "anywhere"
    why = line.because.rstrip(".")
    if not is_sure:
        told = f"its HS code ({good.hs_code})" if good.hs_code else "its HS code"
        known = "is too short to tell" if good.hs_code else "is not known"
        sentence = f"Whether {good.sku} may go {to} cannot be said: {told} {known} ({why})."
        return Verdict("unknown", good.sku, sentence)
    verb = "may not go" if line.level == "prohibited" else "goes only after a look"
    return Verdict(line.level, good.sku, f"{good.sku} {verb} {to}: {why}.")


def problems(line: Restriction) -> dict[str, str]:
    """Field -> what is wrong with it."""
    wrong = {}
    if line.level not in LEVELS:
        wrong["level"] = f"one of: {', '.join(LEVELS)}"
    if not line.because.strip():
        wrong["because"] = "say why"
    if line.country and not (len(line.country) == 2 and line.country.isascii() and line.country.isupper()):
        wrong["country"] = "two capital letters, or nothing for everywhere"
    if line.hs_prefix and not (
        line.hs_prefix.isascii() and line.hs_prefix.isdecimal() and len(line.hs_prefix) <= 10
    ):
        wrong["hs_prefix"] = "the first digits of an HS code: 2 to 10"
    elif len(line.hs_prefix) == 1:
        wrong["hs_prefix"] = "at least the chapter: two digits"
    if not (line.hs_prefix or line.sku or line.is_hazmat or line.tag):
        wrong["sku"] = "say what it is about: hs_prefix, sku, hazmat or tag"
    if line.is_import and not line.country:
        wrong["country"] = "needed for imports: into which country"
    if line.service and not line.carrier:
        wrong["carrier"] = "needed with a service"
    if line.until_on and line.until_on < line.from_on:
        wrong["until_on"] = "is before it begins"
    return wrong
