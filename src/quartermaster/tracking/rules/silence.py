"""How long a carrier may be silent of a parcel before somebody is to ask: by carrier and country. Pure."""

import re
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

LANES_MAX: Final = 200
HOURS_MAX: Final = 24 * 60
_COUNTRY: Final = re.compile(r"[A-Z]{2}")


class Lane(Struct, frozen=True):
    """no_scan_hours: from the hand-over to the first scan. stuck_hours: between two scans. carriers: by name,
    in small letters; countries: where it goes, ISO 3166-1. Empty ones match everything."""

    name: str
    carriers: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    no_scan_hours: int = 24
    stuck_hours: int = 120


class Silence(Struct, frozen=True):
    """The first that matches holds; the last one matches everything."""

    version: int
    lanes: tuple[Lane, ...]


FIRST: Final = Silence(1, (Lane("Everything"),))


def lane_for(lanes: Sequence[Lane], *, carrier: str, country: str) -> Lane:
    """As the lists of what is late find it, too."""
    for one in lanes:
        of_carrier = not one.carriers or carrier.lower() in one.carriers
        if of_carrier and (not one.countries or country in one.countries):
            return one
    raise ValueError("the last lane matches everything")


def errors_in(silence: Silence) -> dict[str, str]:
    """Lane -> what is wrong with it."""
    wrong = {}
    if not 0 < len(silence.lanes) <= LANES_MAX:
        return {"lanes": f"1 to {LANES_MAX} of them"}
    names = [one.name for one in silence.lanes]
    for number, one in enumerate(silence.lanes, 1):
        hours = (one.no_scan_hours, one.stuck_hours)
        if not one.name.strip() or not one.name.isprintable() or len(one.name) > 80:
            wrong[f"lane {number}"] = "a name of at most 80 printable characters"
        elif names.count(one.name) > 1:
            wrong[f"lane {number}"] = "another one has its name"
        elif any(not 0 < told <= HOURS_MAX for told in hours):
            wrong[f"lane {number}"] = f"hours from 1 to {HOURS_MAX}"
        elif any(not carrier or carrier != carrier.lower() for carrier in one.carriers):
            wrong[f"lane {number}"] = "carriers by their names, in small letters"
        elif any(not _COUNTRY.fullmatch(country) for country in one.countries):
            wrong[f"lane {number}"] = "countries of two letters, like DE"
    last = silence.lanes[-1]
    if last.carriers or last.countries:
        wrong["lanes"] = "the last one matches everything: no carriers, no countries"
    return wrong
