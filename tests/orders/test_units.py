"""Where the units of a line come to: the same place, whatever was told before."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from quartermaster.orders.ports import LineSold
from quartermaster.orders.rules.units import Units, balanced, take_off, told

few = st.integers(0, 9)


def a_line(ordered: int, cancelled: int = 0, fulfilled: int = 0, returned: int = 0) -> LineSold:
    return LineSold("1", "LAMP", "", ordered, 1000, 1000 * ordered, 0, 0, cancelled, fulfilled, returned)


lines = st.builds(a_line, few, few, few, few)


def is_partition(units: Units) -> bool:
    places = (units.open, units.allocated, units.picked, units.shipped, units.cancelled)
    return units.ordered == sum(places) and min(places) >= 0 and 0 <= units.returned <= units.shipped


@given(st.lists(st.one_of(lines, st.none()), max_size=6))
def test_a_line_nobody_has_touched_is_what_was_told_last(history: list[LineSold | None]) -> None:
    units = Units()
    for line in history:
        units = told(units, line)
        assert is_partition(units)
    assert units == (told(Units(), history[-1]) if history else Units())


@given(lines, lines, few, few, few)
def test_every_unit_is_in_one_place_whatever_the_floor_has_done(
    first: LineSold, then: LineSold, allocated: int, picked: int, shipped: int
) -> None:
    units = told(Units(), first)
    allocated = min(allocated, units.open)
    picked = min(picked, units.open - allocated)
    shipped = min(shipped, units.open - allocated - picked)
    busy = balanced(replace(units, allocated=allocated, picked=picked, shipped=shipped))
    after = told(busy, then)
    assert is_partition(after)
    assert (after.allocated, after.picked, after.shipped) == (allocated, picked, shipped)


@given(lines, few, few)
def test_units_we_take_off_stay_off_when_the_channel_repeats_itself(
    line: LineSold, first: int, again: int
) -> None:
    units = told(Units(), line)
    for wish in (first, again):
        units = take_off(units, min(wish, units.wanted))
    assert told(units, line) == units
    assert is_partition(units)


def test_a_surplus_is_counted_where_it_is_until_it_comes_back() -> None:
    reserved = balanced(replace(told(Units(), a_line(3)), allocated=3))
    fewer = told(reserved, a_line(3, cancelled=2))
    assert (fewer.allocated, fewer.cancelled, fewer.surplus) == (3, 0, 2)
    assert balanced(replace(fewer, allocated=1)) == told(
        balanced(replace(told(Units(), a_line(3)), allocated=1)), a_line(3, 2)
    )
