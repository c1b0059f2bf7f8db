"""What came and went in ninety days, as the stock ledger is to know it: deliveries, sales, returns."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from quartermaster.demo.company.calendar import DAYS
from quartermaster.demo.past.plan import Past

CYCLE_DAYS = 15
_OPENED_DAYS_AGO = 200  # what is bought slowly has lain there since
_SLOW = 4  # units in ninety days

type Spot = tuple[str, str]  # site, SKU


class Moved(NamedTuple):
    """Units of one SKU between two places, by their codes."""

    key: str
    code: str
    units: int
    source: str
    target: str
    because: str
    document: str


class Day(NamedTuple):
    at: datetime
    moves: list[Moved]


def days(past: Past) -> Iterator[Day]:
    """Every moment at which the ledger is to be written, oldest first. No place ever goes below zero."""
    sold, came_back = _flows(past)
    began = (past.now - timedelta(days=DAYS)).date()
    found: defaultdict[datetime, list[Moved]] = defaultdict(list)
    for spot in sorted((site, code) for site, held in past.routes.shelves.held.items() for code in held):
        _deliveries(past, spot, sold.get(spot, Counter()), began, found)
    for (site, code), flow in sorted(sold.items()):
        for day, units in flow.items():
            found[_at(day, 20)].append(
                Moved(
                    f"demo:sold:{day}:{site}:{code}",
                    code,
                    units,
                    past.routes.shelves.bin(site, code),
                    "world:customer",
                    f"Sold on {day}",
                    f"history:{day}",
                )
            )
    for (site, code), flow in sorted(came_back.items()):
        for day, units in flow.items():
            found[_at(day, 21)].append(
                Moved(
                    f"demo:back:{day}:{site}:{code}",
                    code,
                    units,
                    "world:customer",
                    past.routes.shelves.bin(site, code),
                    "Sent back, as good as new",
                    f"history:{day}",
                )
            )
    for at in sorted(found):
        yield Day(min(at, past.now), found[at])


def _flows(past: Past) -> tuple[Mapping[Spot, Counter[date]], Mapping[Spot, Counter[date]]]:
    sold: defaultdict[Spot, Counter[date]] = defaultdict(Counter)
    back: defaultdict[Spot, Counter[date]] = defaultdict(Counter)
    for story in past.stories:
        for parcel in story.sent:
            for line, units in parcel.lines.items():
                for code, count in past.routes.taken(story.sale.lines[line].code, units).items():
                    sold[parcel.site, code][parcel.handed_over_at.date()] += count
        for one in story.back:
            if one.site:
                for code, count in past.routes.taken(story.sale.lines[one.line].code, one.units).items():
                    back[one.site, code][one.at.date()] += count
    return sold, back


def _deliveries(
    past: Past, spot: Spot, sold: Counter[date], began: date, found: defaultdict[datetime, list[Moved]]
) -> None:
    """What is sold in a fortnight comes before it; what is left in the end lies there from the beginning."""
    site, code = spot
    chance = random.Random(f"stock of {site} {code}")
    total = sum(sold.values())
    left = max(4, int(total / DAYS * chance.randint(18, 34))) if total else chance.randint(3, 24)
    needs: Counter[int] = Counter()
    for day, units in sold.items():
        needs[(day - began).days // CYCLE_DAYS] += units
    place, spare = (past.routes.shelves.bin(site, code, nth) for nth in (0, 1))
    aside = left // 3 if place != spare else 0
    opened = began - timedelta(days=_OPENED_DAYS_AGO - DAYS if total <= _SLOW else 2)
    _receive(found, opened, spot, place, left - aside, "Opening stock")
    if aside:
        _receive(found, opened, spot, spare, aside, "Opening stock, second bin")
    for cycle, units in sorted(needs.items()):
        day = began + timedelta(days=cycle * CYCLE_DAYS - 1)
        _receive(found, day, spot, place, units, f"Delivery PO-{4100 + cycle * 7 + len(site + code) % 7}")


def _receive(
    found: defaultdict[datetime, list[Moved]], day: date, spot: Spot, place: str, units: int, because: str
) -> None:
    site, code = spot
    key = f"demo:in:{day}:{place}:{code}"
    found[_at(day, 6)].append(
        Moved(key, code, units, "world:supplier", place, because, f"delivery:{site}:{day}")
    )


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), UTC)
