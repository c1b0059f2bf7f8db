"""What lay and what was sold, read back from what lies now, is what the whole ledger says."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any, NamedTuple

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from quartermaster.core import sql
from quartermaster.insight.queries import rows
from quartermaster.insight.queries.extras import extras
from quartermaster.insight.queries.facts import Ask
from quartermaster.insight.rules.days import Period
from quartermaster.testing.builders import a_location, a_sku

pytestmark = pytest.mark.django_db
BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
MARCH = Period(date(2026, 3, 1), date(2026, 3, 10))
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SUPPLIER, CUSTOMER, SITE, BIN = -1, -2, 1, 2


class Move(NamedTuple):
    quantity: int
    source: int
    target: int
    at: datetime
    recorded_at: datetime

    @property
    def units(self) -> int:
        return self.quantity * ((self.target > 0) - (self.source > 0))


moves = st.lists(
    st.builds(
        lambda quantity, way, hour, later: Move(
            quantity, *way, BEGIN + hour * HOUR, BEGIN + (hour + later) * HOUR
        ),
        st.integers(1, 9),
        st.sampled_from([(SUPPLIER, SITE), (SITE, CUSTOMER), (CUSTOMER, SITE), (SITE, BIN)]),
        st.integers(-100 * 24, 14 * 24),
        st.integers(0, 5 * 24),
    ),
    max_size=8,
)


def post(sku_id: int, found: list[Move]) -> None:
    """These movements, and the balances they fold to: of the site at least nothing."""
    location_id, site = sql.run("select location_id, id from stock_place where id > 0 and kind = 'site'")[0]
    ((bin_id,),) = sql.run(
        "insert into stock_place (code, location_id, kind) values ('BER/A', %s, 'bin') returning id",
        (location_id,),
    )
    place = {SUPPLIER: -1, CUSTOMER: -2, SITE: site, BIN: bin_id}
    balance = dict.fromkeys(place.values(), 0)
    for n, move in enumerate(found):
        source, target = place[move.source], place[move.target]
        sql.run(
            "insert into stock_movement (key, sku_id, quantity, source_id, target_id, because, actor, at, "
            "recorded_at) values (%s, %s, %s, %s, %s, 'test', 'test', %s, %s)",
            (str(n), sku_id, move.quantity, source, target, move.at, move.recorded_at),
        )
        balance[source] -= move.quantity
        balance[target] += move.quantity
    for place_id, quantity in balance.items():
        if quantity:  # as stock keeps them
            sql.run(
                "insert into stock_balance (sku_id, place_id, quantity) values (%s, %s, %s)",
                (sku_id, place_id, quantity),
            )


def possible(found: list[Move]) -> list[Move]:
    """Without those that would take what is not there in the end."""
    kept: list[Move] = []
    left = {SITE: 0, BIN: 0}
    for move in found:
        if left.get(move.source, 99) >= move.quantity:
            kept.append(move)
            for place, change in ((move.source, -move.quantity), (move.target, move.quantity)):
                if place in left:
                    left[place] += change
    return kept


@settings(max_examples=24)
@given(moves, st.integers(-24, 14 * 24), st.booleans())
def test_stock_of_the_past_is_that_of_the_whole_ledger(found: list[Move], hour: int, is_then: bool):
    seen_from = BEGIN + hour * HOUR
    ask = Ask(MARCH, seen_from, seen_from if is_then else None)
    found = possible(found)
    seen = [move for move in found if not is_then or move.recorded_at <= seen_from]
    until = min(MARCH.end, seen_from)
    with transaction.atomic():
        a_location("BER")
        sku_id = a_sku("LAMP")
        sql.run("update catalog_sku set cost_minor = 100, currency = 'EUR'")
        post(sku_id, found)
        check_turnover([move for move in seen if move.at < until], ask, max(1, MARCH.elapsed(seen_from)))
        check_ageing([move for move in seen if move.at < until], ask, until)
        transaction.set_rollback(True)


def check_turnover(past: list[Move], ask: Ask, days: int) -> None:
    closing = [sum(move.units for move in past if move.at < BEGIN + n * DAY) for n in range(1, days + 1)]
    sold = sum(
        move.quantity * ((move.target == CUSTOMER) - (move.source == CUSTOMER))
        for move in past
        if move.at >= BEGIN
    )
    mean = Fraction(sum(closing), days)
    found = [(float(row.weight), float(row.value)) for row in rows("inventory_turnover", ask).items]
    expected = (float(mean * 100), sold * 100 * 365 / days)
    assert found == ([pytest.approx(expected)] if mean or sold else [])


def check_ageing(past: list[Move], ask: Ask, until: datetime) -> None:
    units = sum(move.units for move in past)
    fresh = sum(m.quantity for m in past if m.source < 0 < m.target and m.at > until - 90 * DAY)
    found = [(row.weight, row.value) for row in rows("aging_stock_share", ask).items]
    assert found == ([(units * 100, max(0, units - fresh) * 100)] if units > 0 else [])
    buckets: Any = extras(ask)["aging_stock_share"]["buckets"]
    assert [sum(one["value_minor"].values()) for one in buckets] == [weight for weight, _ in found]
