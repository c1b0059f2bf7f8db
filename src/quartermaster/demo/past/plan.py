"""Plan what became of every order of ninety days. Pure: the same seed and the same now give the same past."""

import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from msgspec.structs import replace

from quartermaster.allocation.rules.facts import Calendar
from quartermaster.allocation.rules.promise import Promise, promise
from quartermaster.core.workdays import last_zone
from quartermaster.demo.company import calendar, sites
from quartermaster.demo.company.carriers import (
    ATLAS,
    BAD_LANE,
    BAD_SINCE_DAYS,
    Told,
    Way,
    carrier,
    way,
)
from quartermaster.demo.company.goods import Assortment
from quartermaster.demo.company.sales import Sale, Till
from quartermaster.demo.past.aftermath import after_delivery
from quartermaster.demo.past.routes import Routes
from quartermaster.demo.past.story import Sent, Story

UNSCANNED = 6
REAL_HOURS = 26  # what is handed over in this time comes over the real river, and what is placed later too
_CANCELLED, _TAKEN_OFF, _DISPATCHED_LATE = 0.022, 0.03, 0.03
_WHY_CANCELLED = (
    "Customer changed their mind", "Ordered twice", "Wrong address given", "Found it elsewhere",
)  # fmt: skip


class Past:
    """`stories` are over or under way with a carrier; `sales` have still to be told, picked and packed."""

    def __init__(self, goods: Assortment, *, orders: int, seed: int, now: datetime) -> None:
        self.goods, self.orders, self.now = goods, orders, now
        self.routes = Routes(goods)
        self._chance = random.Random(seed)
        self.seed = seed
        self._cut = now - timedelta(hours=REAL_HOURS)
        self.stories: list[Story] = []
        self.sales: list[Sale] = []
        for sale in self._sold(orders):
            story = self._story(sale)
            if story is None:
                self.sales.append(sale)
            else:
                self.stories.append(story)
        self.unscanned = self._lose_some()

    def _lose_some(self) -> tuple[Sent, ...]:
        """A few parcels of one carrier stand in the corner of a depot, and are never scanned."""
        lost = [
            n
            for n, story in enumerate(self.stories)
            if len(story.sent) == 1
            and story.sent[0].carrier == ATLAS
            and timedelta(hours=25) < self.now - story.sent[0].handed_over_at < timedelta(days=13)
        ][-UNSCANNED:]
        for n in lost:
            story = self.stories[n]
            silent = replace(story.sent[0], told=())
            back = tuple(one for one in story.back if not one.site)
            self.stories[n] = replace(story, sent=(silent,), back=back, opinions=())
        return tuple(self.stories[n].sent[0] for n in lost)

    def _sold(self, orders: int) -> Iterator[Sale]:
        since = self.now - timedelta(days=calendar.DAYS)
        moments = calendar.moments(orders, since=since, until=self.now, chance=self._chance)
        till = Till(self.goods, self._chance)
        return (till.ring(number, at) for number, at in enumerate(moments, 1))

    def _story(self, sale: Sale) -> Story | None:
        """None when it is not history yet."""
        # one chance a sale, so that each is the same whatever comes before it
        chance = random.Random(f"{self.seed} {sale.number}")
        if chance.random() < _CANCELLED:
            at = sale.placed_at + timedelta(minutes=chance.randint(8, 300))
            if at < self._cut:
                return Story(sale, cancelled_at=at, cancelled_because=chance.choice(_WHY_CANCELLED))
        taken: dict[int, int] = {}
        if len(sale.lines) > 1 and chance.random() < _TAKEN_OFF:
            taken = {chance.randrange(len(sale.lines)): 1}
        left = {n: line.quantity - taken.get(n, 0) for n, line in enumerate(sale.lines)}
        parcels = self.routes.parcels(sale, {n: units for n, units in left.items() if units})
        sent, promises = [], []
        for nth, (site, lines) in enumerate(parcels):
            promised = _promise(sale, site)
            parcel = self._sent(sale, nth, site, lines, promised, chance)
            if parcel.handed_over_at >= self._cut:
                return None
            sent.append(parcel)
            promises.append(promised)
        last = max(promises, key=lambda one: (one.promised_on or date.min, one.ship_by))
        story = Story(sale, last.promised_on, last.promised_by, taken=taken, sent=tuple(sent))
        return after_delivery(story, now=self.now, chance=chance)

    def _sent(
        self, sale: Sale, nth: int, site: str, lines: dict[int, int], promised: Promise, chance: random.Random
    ) -> Sent:
        assert sale.address is not None
        left = promised.ship_by - timedelta(minutes=chance.randint(3, 40))
        if chance.random() < _DISPATCHED_LATE:
            left += timedelta(days=3 if left.weekday() == 4 else 1)
        left = max(left, sale.placed_at + timedelta(minutes=50))
        room_min = int((left - sale.placed_at).total_seconds() / 60)
        packed = left - timedelta(minutes=min(chance.randint(15, 300), room_min - 30))
        by = carrier(site, sale.address.country)
        number = f"{by[:2].upper()}{sale.number:07}{nth}{chance.randrange(1000):03}"
        told = way(
            Way(
                number,
                site,
                sale.address.country,
                sale.address.city,
                left,
                promised.promised_on,
                is_bad_lane=(site, sale.address.country) == BAD_LANE and self._ago(left) <= BAD_SINCE_DAYS,
                is_rush=self._ago(left) in (14, 15, 16, 50, 51),
            )
        )
        return Sent(
            site, lines, by, number, promised.ship_by, promised.promised_on, packed, left, self._known(told)
        )

    def _known(self, told: Sequence[Told]) -> tuple[Told, ...]:
        return tuple(one for one in told if one.at <= self.now)

    def _ago(self, at: datetime) -> int:
        return (self.now - at).days


def _promise(sale: Sale, site: str) -> Promise:
    assert sale.address is not None
    place = next(one for one in sites.SITES if one.code == site)
    lanes = sites.LANES[site]
    country = sale.address.country
    assert isinstance(place.timezone, str)
    cutoff = place.cutoff if place.cutoff else None
    return promise(
        site,
        Calendar(sale.placed_at, place.timezone, cutoff),
        lanes.get(country, lanes[""])[1],
        country,
        (),
        last_zone(country),
    )
