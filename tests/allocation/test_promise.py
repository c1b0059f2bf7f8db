"""When it leaves and when it is there: cut-offs to the minute, nights with two or no hours, days off."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from quartermaster.allocation.rules import DEFAULT, Calendar, assign, route
from quartermaster.allocation.rules.promise import Promise, promise
from quartermaster.core.workdays import WEEK, is_workday
from quartermaster.testing.builders import a_site, an_order_to_route, wanted

BERLIN = ZoneInfo("Europe/Berlin")
TUESDAY = date(2026, 11, 24)
MOMENTS = st.datetimes(
    datetime.fromisoformat("2020-01-01"), datetime.fromisoformat("2035-01-01"), timezones=st.just(UTC)
)
ZONES = ["Europe/Berlin", "America/New_York", "Pacific/Auckland", "Asia/Kathmandu", "America/St_Johns", "UTC"]


def at_berlin(day: date, clock: str, fold: int = 0) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), BERLIN).replace(fold=fold).astimezone(UTC)


def asked(
    at: datetime,
    days: int | None = 2,
    *,
    cutoff: time | None = time(15),
    closed: tuple[date, ...] = (),
    no_delivery: tuple[date, ...] = (),
    handling: int = 0,
) -> Promise:
    calendar = Calendar(at, "Europe/Berlin", cutoff, closed, WEEK, handling)
    return promise("BER", calendar, days, "DE", no_delivery, "Europe/Berlin")


def test_before_the_cut_off_it_leaves_today():
    made = asked(at_berlin(TUESDAY, "09:00"))
    assert made == Promise(
        at_berlin(TUESDAY, "15:00"),
        date(2026, 11, 26),
        at_berlin(date(2026, 11, 27), "00:00"),
        "Leaves BER today before 15:00, 2 days to DE: promised for 26 November.",
    )


@pytest.mark.parametrize(
    ("clock", "leaves"),
    [
        ("14:59:59.999999", "today before 15:00"),
        ("15:00", "today before 15:00"),
        ("15:00:00.000001", "tomorrow before 15:00"),
    ],
)
def test_the_minute_of_the_cut_off_still_counts(clock: str, leaves: str):
    assert f"Leaves BER {leaves}," in asked(at_berlin(TUESDAY, clock)).because


def test_after_friday_comes_monday():
    made = asked(at_berlin(date(2026, 11, 27), "18:00"), 1)
    assert made.promised_on == date(2026, 12, 1)
    assert made.because == (
        "Leaves BER on Monday, 30 November before 15:00, 1 day to DE: promised for 1 December."
    )


def test_days_off_on_either_side_move_the_day():
    wednesday, thursday, friday = (TUESDAY + timedelta(days=n) for n in (1, 2, 3))
    made = asked(at_berlin(TUESDAY, "09:00"), 1, closed=(TUESDAY,), no_delivery=(thursday,))
    assert made.ship_by == at_berlin(wednesday, "15:00")
    assert made.promised_on == friday


def test_a_promise_over_the_year_names_the_year():
    made = asked(at_berlin(date(2026, 12, 30), "09:00"), 2, no_delivery=(date(2027, 1, 1),))
    assert made.because.endswith("promised for 4 January 2027.")


def test_a_leap_day_is_counted():
    assert asked(at_berlin(date(2028, 2, 28), "09:00"), 1).promised_on == date(2028, 2, 29)


def test_without_a_cut_off_the_whole_day_counts():
    made = asked(at_berlin(TUESDAY, "23:59"), cutoff=None)
    assert made.ship_by == at_berlin(TUESDAY + timedelta(days=1), "00:00")
    assert made.because.startswith("Leaves BER today, 2 days")


def test_handling_days_come_before_the_hand_over():
    made = asked(at_berlin(TUESDAY, "09:00"), handling=2)
    assert made.ship_by == at_berlin(date(2026, 11, 26), "15:00")
    assert made.promised_on == date(2026, 11, 30)


def test_a_lane_without_days_promises_nothing_and_says_so():
    made = asked(at_berlin(TUESDAY, "09:00"), None)
    assert (made.promised_on, made.promised_by) == (None, None)
    assert made.ship_by == at_berlin(TUESDAY, "15:00")
    assert made.because == (
        "Leaves BER today before 15:00; the lane to DE has no days, so no day is promised."
    )


def test_in_the_night_with_an_hour_twice_the_first_one_counts():
    """Cairo's clocks go back at the end of a Thursday, which has the hour from 23:00 twice."""
    cairo = ZoneInfo("Africa/Cairo")
    thursday, cutoff = date(2026, 10, 29), time(23, 30)
    first = datetime.combine(thursday, cutoff, cairo)
    second = first.replace(fold=1)
    assert first.utcoffset() != second.utcoffset()
    for moment, is_today in ((first, True), (second, False)):
        at = moment.astimezone(UTC)
        made = promise("CAI", Calendar(at, "Africa/Cairo", cutoff), 1, "EG", (), "Africa/Cairo")
        assert (made.ship_by == first.astimezone(UTC)) is is_today
        assert made.ship_by >= at


def test_a_cut_off_that_the_clock_skips_is_moved_on():
    cairo = ZoneInfo("Africa/Cairo")
    friday = date(2026, 4, 24)  # from 00:00 to 01:00 there is no time
    at = datetime.combine(friday, time(1, 15), cairo).astimezone(UTC)
    made = promise("CAI", Calendar(at, "Africa/Cairo", time(0, 30)), 1, "EG", (), "Africa/Cairo")
    assert made.ship_by == datetime.combine(friday, time(1, 30), cairo).astimezone(UTC)


@given(
    MOMENTS,
    st.sampled_from(ZONES),
    st.none() | st.times(),
    st.integers(0, 30),
    st.integers(0, 3),
    st.sampled_from(ZONES),
)
def test_a_promise_is_never_in_the_past_and_always_on_working_days(
    at: datetime, zone: str, cutoff: time | None, days: int, handling: int, receiver: str
):
    calendar = Calendar(at, zone, cutoff, (), WEEK, handling)
    made = promise("BER", calendar, days, "", (), receiver)
    assert made.promised_on is not None
    assert made.promised_by is not None
    assert made.ship_by >= at
    assert is_workday(made.promised_on, week=WEEK, closed=())
    assert made.promised_by.astimezone(ZoneInfo(receiver)).date() > made.promised_on
    later = promise("BER", calendar, days + 1, "", (), receiver)
    assert later.promised_on is not None
    assert later.promised_on > made.promised_on
    assert later.ship_by == made.ship_by


@given(
    MOMENTS,
    st.timedeltas(timedelta(0), timedelta(days=20)),
    st.sampled_from(ZONES),
    st.none() | st.times(),
)
def test_asking_later_never_promises_sooner(at: datetime, more: timedelta, zone: str, cutoff: time | None):
    first = promise("BER", Calendar(at, zone, cutoff), 2, "", (), zone)
    second = promise("BER", Calendar(at + more, zone, cutoff), 2, "", (), zone)
    assert second.ship_by >= first.ship_by
    assert (second.promised_on or date.min) >= (first.promised_on or date.max)


def test_a_decision_names_the_promise_of_each_parcel():
    calendar = Calendar(at_berlin(TUESDAY, "09:00"), "Europe/Berlin", time(15))
    order = an_order_to_route(wanted("LAMP", 2))
    site = a_site("BER", {"LAMP": 9}, days=2, calendar=calendar)
    (parcel,) = route(order, [site], DEFAULT).parcels
    assert parcel.promised_on == date(2026, 11, 26)
    assert parcel.because[-1].endswith("promised for 26 November.")
    assert assign(order, [site], DEFAULT, "BER").parcels[0].promised_on == parcel.promised_on


def test_the_day_a_missed_cut_off_costs_is_not_counted_twice():
    calendar = Calendar(at_berlin(TUESDAY, "16:00"), "Europe/Berlin", time(15))
    site = a_site("BER", {"LAMP": 9}, days=3, is_before_cutoff=False, calendar=calendar)
    (parcel,) = route(an_order_to_route(wanted("LAMP")), [site], DEFAULT).parcels
    assert parcel.promised_on == date(2026, 11, 27)


def test_a_saturday_shift_leaves_before_its_own_cut_off():
    saturday = date(2026, 11, 28)
    calendar = Calendar(
        at_berlin(saturday, "10:00"),
        "Europe/Berlin",
        time(15),
        open_on=(saturday,),
        cutoffs_on=((saturday, time(12)),),
    )
    made = promise("BER", calendar, 1, "DE", (), "Europe/Berlin")
    assert made.ship_by == at_berlin(saturday, "12:00")
    assert made.because == "Leaves BER today before 12:00, 1 day to DE: promised for 30 November."
    late = promise("BER", replace(calendar, at=at_berlin(saturday, "12:01")), 1, "DE", (), "Europe/Berlin")
    assert late.ship_by == at_berlin(date(2026, 11, 30), "15:00")


def test_days_of_handling_are_told_and_counted_once():
    made = asked(at_berlin(TUESDAY, "09:00"), 2, handling=1)
    assert made.promised_on == date(2026, 11, 27)
    assert "Leaves BER tomorrow before 15:00 after 1 day of handling, 2 days to DE" in made.because
