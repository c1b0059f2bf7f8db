"""What goes wrong far more often than elsewhere is named; what is chance, or our own doing, is not."""

from datetime import UTC, datetime, timedelta
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartermaster.console.causes import queries as causes
from quartermaster.core import sql
from quartermaster.insight.actions import watch
from quartermaster.insight.queries.spikes import spikes
from quartermaster.insight.rules.spikes import Share, at_least, normal, stands_out
from quartermaster.testing.builders import a_location, a_sku
from quartermaster.testing.history import a_delivery, a_refund, shipped_order

AT = datetime(2026, 3, 20, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


@given(st.integers(1, 60), st.data(), st.floats(0.001, 0.999))
def test_the_tail_is_the_sum_of_its_terms(of: int, data: st.DataObject, rate: float) -> None:
    hits = data.draw(st.integers(0, of))
    exact = sum(comb(of, n) * rate**n * (1 - rate) ** (of - n) for n in range(hits, of + 1))
    told = at_least(hits, of, rate)
    assert told == (1.0 if hits <= of * rate else pytest.approx(exact, rel=1e-6, abs=1e-12))


@pytest.mark.parametrize(
    ("mine", "usual", "is_one"),
    [
        (Share(46, 100), 0.04, True),
        (Share(4, 4), 0.01, False),  # too few to be told as one thing
        (Share(7, 100), 0.04, False),  # may be chance
        (Share(3_000, 20_000), 0.10, False),  # no chance, and not twice as often
        (Share(5, 8), 0.0, True),
        (Share(0, 0), 0.0, False),
    ],
)
def test_what_stands_out(mine: Share, usual: float, is_one: bool) -> None:
    assert stands_out(mine, usual) is is_one


def test_normal_is_what_the_others_do_or_its_own_past_where_that_is_worse() -> None:
    assert normal(Share(10, 20), Share(20, 120)) == 0.1
    assert normal(Share(10, 20), Share(20, 120), Share(24, 60)) == 0.4
    assert normal(Share(10, 20), Share(20, 120), Share(9, 10)) == 0.1  # too little of a past
    assert normal(Share(5, 5), Share(5, 5)) == 0.0


def a_lane(country: str, parcels: int, late: int, ship_by: datetime | None = None) -> None:
    for n in range(parcels):
        _, parcel_id = shipped_order(AT - 150 * HOUR, hours=5, ship_to={"country": country})
        sql.run(
            "update warehouse_parcel set carrier = 'atlas', ship_by = %s, promised_by = %s, "
            "location_id = (select id from stock_location where code = 'BER') where id = %s",
            (ship_by or AT - 140 * HOUR, AT - 80 * HOUR, parcel_id),
        )
        a_delivery(parcel_id, AT - (60 if n < late else 100) * HOUR)


@pytest.mark.django_db
def test_the_bad_lane_is_named_and_its_group_holds_the_parcels_that_came_late() -> None:
    a_location("BER")
    a_lane("FR", 16, late=9)
    a_lane("DE", 60, late=2)
    a_lane("IT", 12, late=12, ship_by=AT - 147 * HOUR)  # they left us late: no fault of the lane
    watch(at=AT)

    (lane,) = causes.groups([causes.CAUSES["lanes"]], at=AT)
    assert (lane.of, lane.rows) == ("atlas:BER:FR", 9)
    assert len(causes.rows(causes.CAUSES["lanes"], lane.of, at=AT)) == 9
    told = causes.CAUSES["lanes"].tell(lane)
    assert told.title == "9 parcels from BER to FR came late"
    assert told.why.startswith("9 of 16 parcels due in 14 days came late or not at all: 56 %, against 3 %")

    watch(at=AT - HOUR)  # a look that began before loses
    assert [one.of for one in causes.groups([causes.CAUSES["lanes"]], at=AT)] == ["atlas:BER:FR"]
    watch(at=AT + timedelta(days=30))  # all is as usual again
    assert causes.groups([causes.CAUSES["lanes"]], at=AT + timedelta(days=30)) == []


def sold(code: str, orders: int, back: int, *, days_ago: int = 9, because: str = "too large") -> None:
    for n in range(orders):
        order_id, _ = shipped_order(AT - timedelta(days=days_ago))
        sql.run(
            "update orders_line set delivered = 1, sku_id = (select id from catalog_sku where code = %s) "
            "where order_id = %s",
            (code, order_id),
        )
        if n < back:
            a_refund(order_id, AT - HOUR, because=because, returned=1)


@pytest.mark.django_db
def test_the_product_that_comes_back_is_named_with_what_is_said_of_it() -> None:
    for code in ("LAMP", "VASE", "SHOE"):
        a_sku(code)
    sold("LAMP", 20, 12, because="Colour differs from the photo")
    sold("VASE", 60, 3)
    sold("SHOE", 20, 8)
    sold("SHOE", 50, 20, days_ago=60)  # as ever

    (spike,) = spikes(at=AT)

    assert (spike.kind, spike.of, len(spike.ids)) == ("returns", "LAMP", 12)
    assert spike.told == (
        "12 of 20 units sold in 28 days came back: 60 %, against 14 %. "
        "“Colour differs from the photo” was said of 12 of them"
    )
