"""What a parcel costs by the tables, and what speaks against a service."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from quartermaster.orders.ports import Address
from quartermaster.shipping.ports import Offer, Shipment
from quartermaster.shipping.rules import FIRST, check, rate
from quartermaster.shipping.rules.days import arrives, leaves
from quartermaster.shipping.rules.price import volume_weight_g
from quartermaster.shipping.rules.tables import (
    Band,
    Dimensional,
    Price,
    Product,
    Surcharge,
    Table,
    Tables,
    Zone,
)

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SINCE = date(2020, 1, 1)
TO = Address(name="Ann", line1="Lane 1", city="Berlin", postcode="10115", country="DE")
BOOK = Shipment("P-1", "BER", "DE", "BE", "10115", MONDAY, TO, 500, 200, 150, 40)
PLAIN = Product("plain", "Plain", 30_000, (Price("Home", 1, (Band(1_000, 400), Band(30_000, 900))),))
ZONES = (Zone("Islands", ("DE",), ("27498", "25980")), Zone("Home", ("home",)), Zone("France", ("FR",)))


def offer(shipment: Shipment = BOOK, zones: tuple[Zone, ...] = ZONES, **different: object) -> Offer:
    product = replace(PLAIN, **different)
    tables = Tables(7, "EUR", (Table("acme", "Acme", zones, (product,)),))
    assert check(tables) == []
    (found,) = rate(shipment, tables, account="mine")
    return found


def test_the_price_is_that_of_the_band_with_its_reasons():
    found = offer()
    assert (found.cost_minor, found.currency, found.account, found.tables) == (400, "EUR", "mine", 7)
    assert found.because == ("zone Home, 500 g: EUR 4.00", "leaves Mon 23 Nov, arrives Tue 24 Nov")


@pytest.mark.parametrize(("grams", "cost"), [(1, 400), (1_000, 400), (1_001, 900), (30_000, 900)])
def test_a_band_reaches_up_to_its_weight(grams: int, cost: int):
    assert offer(replace(BOOK, weight_g=grams)).cost_minor == cost


@pytest.mark.parametrize(
    ("shipment", "different", "because"),
    [
        (replace(BOOK, weight_g=30_001), {}, "weighs 30,001 g, at most 30,000 g"),
        (replace(BOOK, length_mm=700), {"length_max_mm": 600}, "is 700 mm long, at most 600 mm"),
        (BOOK, {"girth_max_mm": 500}, "has a girth and length of 580 mm, at most 500 mm"),
        (replace(BOOK, is_hazmat=True), {}, "takes no hazardous goods"),
        (replace(BOOK, receiver=replace(TO, country="FR")), {}, "does not go to FR"),
        (replace(BOOK, receiver=replace(TO, country="")), {}, "does not go to an unknown country"),
        (replace(BOOK, receiver=replace(TO, postcode="27498")), {}, "does not go to DE"),
        (
            replace(BOOK, length_mm=1_000, width_mm=600, height_mm=600),
            {"dimensional": (Dimensional(5_000, SINCE),)},
            "charged as 72,000 g, at most 30,000 g to Home",
        ),
    ],
)
def test_what_speaks_against_a_service_is_said(shipment: Shipment, different: dict, because: str):
    assert offer(shipment, **different).removed == because


def test_a_postcode_zone_is_found_with_and_without_spaces():
    zones = (Zone("Home", ("GB",), ("sw1a",)),)
    to = replace(TO, country="GB", postcode="SW1A 1AA")
    assert offer(replace(BOOK, receiver=to), zones).removed == ""


def test_the_newest_divisor_in_force_counts():
    rules = (Dimensional(6_000, SINCE), Dimensional(5_000, date(2026, 11, 24)))
    box = replace(BOOK, length_mm=300, width_mm=200, height_mm=100)
    today = offer(box, dimensional=rules, weight_step_g=100)
    tomorrow = offer(replace(box, ready_at=MONDAY + timedelta(days=1)), dimensional=rules, weight_step_g=100)

    assert "1,000 g by volume (divisor 6,000), it weighs 500 g" in today.because[0]
    assert "1,200 g by volume (divisor 5,000), it weighs 500 g" in tomorrow.because[0]
    assert (today.cost_minor, tomorrow.cost_minor) == (400, 900)


@pytest.mark.parametrize(
    ("sides", "over_cm3", "grams"), [("up", 0, 220), ("nearest", 0, 200), ("exact", 0, 202), ("up", 1_100, 0)]
)
def test_sides_are_rounded_as_the_carrier_rounds_them(sides: str, over_cm3: int, grams: int):
    assert volume_weight_g((101, 100, 100), Dimensional(5_000, SINCE, sides, over_cm3)) == grams


def test_surcharges_are_added_when_they_apply():
    extra = (
        Surcharge("fuel", SINCE, percent_bp=1_250),
        Surcharge("residential", SINCE, amount_minor=150),
        Surcharge("remote", SINCE, amount_minor=1_000, country="DE", postcodes=("279",)),
        Surcharge("oversize", SINCE, amount_minor=2_000, longer_than_mm=1_000),
        Surcharge("fuel", date(2027, 1, 1), percent_bp=9_000),
        Surcharge("fuel", SINCE, percent_bp=9_000, until_on=date(2026, 11, 22)),
    )
    at_home = offer(surcharges=extra)
    firm = offer(replace(BOOK, receiver=replace(TO, company="Acme")), surcharges=extra)
    far = offer(
        replace(BOOK, receiver=replace(TO, postcode="27955"), length_mm=1_200),
        surcharges=extra,
        zones=ZONES[1:],
    )

    assert at_home.cost_minor == 400 + 50 + 150
    assert "fuel (12.5 %) EUR 0.50" in at_home.because
    assert firm.cost_minor == 450
    assert far.cost_minor == 400 + 50 + 150 + 1_000 + 2_000


def test_a_parcel_costs_at_least_the_minimum_and_surcharges_come_on_top():
    fuel = (Surcharge("fuel", SINCE, percent_bp=1_000),)
    least = offer(minimum_minor=1_000, surcharges=fuel)
    assert least.cost_minor == 1_100
    assert "at least EUR 10.00" in least.because
    assert offer(minimum_minor=1, surcharges=fuel) == offer(surcharges=fuel)


def test_a_percentage_is_rounded_up_to_the_minor_unit():
    assert offer(surcharges=(Surcharge("fuel", SINCE, percent_bp=1),)).cost_minor == 401


def test_a_parcel_nobody_weighed_counts_as_the_tables_say_and_says_so():
    unweighed = replace(BOOK, weight_g=None)
    tables = Tables(1, "EUR", (Table("acme", "Acme", ZONES, (PLAIN,)),), unweighed_as_g=2_000)
    (found,) = rate(unweighed, tables, account="mine")
    assert found.cost_minor == 900
    assert found.because[0] == "nobody weighed it: it counts as 2,000 g"
    (refused,) = rate(unweighed, replace(tables, unweighed_as_g=0), account="mine")
    assert refused.removed == "its weight is not known"


BERLIN = timezone(timedelta(hours=1))


@pytest.mark.parametrize(
    ("ready", "day"),
    [
        (datetime(2026, 11, 23, 16, 0, tzinfo=BERLIN), date(2026, 11, 23)),
        (datetime(2026, 11, 23, 16, 1, tzinfo=BERLIN), date(2026, 11, 24)),
        (datetime(2026, 11, 27, 17, 0, tzinfo=BERLIN), date(2026, 11, 30)),
        (datetime(2026, 12, 24, 17, 0, tzinfo=BERLIN), date(2026, 12, 28)),
    ],
)
def test_a_parcel_ready_after_the_cut_off_leaves_on_the_next_day_of_pickup(ready: datetime, day: date):
    christmas = (date(2026, 12, 25), date(2026, 12, 26))
    assert leaves(ready, cutoff="16:00", weekdays=(1, 2, 3, 4, 5), closed_on=christmas) == day


@pytest.mark.parametrize(
    ("start", "days", "weekdays", "day"),
    [
        (date(2026, 11, 23), 0, (1, 2, 3, 4, 5), date(2026, 11, 23)),
        (date(2026, 11, 23), 1, (1, 2, 3, 4, 5), date(2026, 11, 24)),
        (date(2026, 11, 27), 1, (1, 2, 3, 4, 5), date(2026, 11, 30)),
        (date(2026, 11, 27), 1, (1, 2, 3, 4, 5, 6), date(2026, 11, 28)),
        (date(2026, 12, 23), 2, (1, 2, 3, 4, 5, 6), date(2026, 12, 28)),
    ],
)
def test_days_on_the_road_are_days_of_delivery(start: date, days: int, weekdays: tuple[int, ...], day: date):
    christmas = (date(2026, 12, 25), date(2026, 12, 26))
    assert arrives(start, days, weekdays=weekdays, closed_on=christmas) == day


def test_a_carrier_that_never_comes_makes_no_promise():
    closed = tuple(date(2026, 11, 23) + timedelta(days=n) for n in range(200))
    assert offer(replace(BOOK, site_closed_on=closed)).removed == "no day of pickup or delivery in sight"


def test_a_carrier_takes_nothing_on_a_day_the_site_does_not_work():
    saturday = datetime.fromisoformat("2026-11-28T10:00:00+01:00")
    week = {"weekdays": (1, 2, 3, 4, 5, 6), "closed_on": (date(2026, 11, 30),), "week": "12345"}
    assert leaves(saturday, cutoff="16:00", **week) == date(2026, 12, 1)
    assert leaves(saturday, cutoff="16:00", **week, open_on=(date(2026, 11, 28),)) == date(2026, 11, 28)


def test_the_cut_off_a_site_has_with_a_carrier_comes_before_the_tables():
    ready = datetime.combine(date(2026, 11, 23), time(15, 30), timezone(timedelta(hours=1)))
    ready_late = replace(BOOK, ready_at=ready)
    on_the_day = offer(ready_late).leaves_on
    found = offer(ready_late)
    earlier = offer(replace(ready_late, site_cutoffs={found.carrier: "15:00"}))
    closer = {found.carrier: "15:00", f"{found.carrier}/{found.service}": "16:00"}
    assert earlier.leaves_on == date(2026, 11, 24)
    assert offer(replace(ready_late, site_cutoffs=closer)).leaves_on == on_the_day == date(2026, 11, 23)


def test_what_we_start_with_can_be_used_and_ships_everywhere():
    assert check(FIRST) == []
    for country in ("DE", "FR", "US", "IN", "BR"):
        for origin in ("DE", "US", "IN", "BR"):
            shipment = replace(BOOK, country=origin, receiver=replace(TO, country=country))
            assert not all(each.removed for each in rate(shipment, FIRST, account=""))


grams = st.integers(1, 40_000)
millimetres = st.integers(1, 2_000)


@given(grams, grams, millimetres, millimetres, millimetres)
def test_a_heavier_parcel_never_costs_less(a: int, b: int, length: int, width: int, height: int):
    light, heavy = sorted((a, b))
    box = replace(BOOK, length_mm=length, width_mm=width, height_mm=height)
    pairs = zip(
        rate(replace(box, weight_g=light), FIRST, account=""),
        rate(replace(box, weight_g=heavy), FIRST, account=""),
        strict=True,
    )
    for one, other in pairs:
        if other.cost_minor is not None:
            assert one.cost_minor is not None
            assert one.cost_minor <= other.cost_minor


@given(st.integers(0, 2_000_000), st.integers(0, 12))
def test_nothing_arrives_before_it_leaves_or_leaves_before_it_is_ready(minutes: int, days: int):
    ready = MONDAY + timedelta(minutes=minutes)
    left = leaves(ready, cutoff="16:00", weekdays=(1, 2, 3, 4, 5), closed_on=())
    assert left is not None
    came = arrives(left, days, weekdays=(1, 2, 3, 4, 5, 6), closed_on=())
    assert came is not None
    assert ready.date() <= left <= came
    assert (came - left).days >= days
