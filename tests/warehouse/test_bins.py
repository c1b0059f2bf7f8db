"""Which bin a picker is sent to, and in which order."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from quartermaster.warehouse.rules.bins import Need, Rotation, Spot, Turn, direct
from quartermaster.warehouse.rules.path import along_the_path

DAY = date(2027, 1, 1)
DAY_TIME = datetime(2027, 1, 1, tzinfo=UTC)
PLACE = st.sampled_from(["BER", "BER/A-2", "BER/A-10", "BER/B/1", "BER/C-03"])
SPOT = st.builds(
    Spot,
    sku_id=st.integers(1, 2),
    place_id=st.integers(1, 99),
    place=PLACE,
    lot=st.sampled_from(["", "L1"]),
    serial=st.just(""),
    expires_on=st.none() | st.integers(0, 3).map(lambda n: DAY + timedelta(n)),
    units=st.integers(0, 5),
)
NEED = st.builds(Need, key=st.just(0), sku_id=st.integers(1, 2), units=st.integers(1, 6), from_on=st.none())


def a_spot(place: str, units: int = 9, expires_on: date | None = None) -> Spot:
    return Spot(1, 1, place, "", "", expires_on, units)


def test_numbers_in_a_place_s_code_count_as_numbers():
    codes = ["BER/B-1", "BER/A-10", "BER/A-2", "BER", "BER/A-2-3", "BER/A-02"]
    assert sorted(codes, key=along_the_path) == [
        *("BER", "BER/A-02", "BER/A-2", "BER/A-2-3", "BER/A-10", "BER/B-1")
    ]


@given(st.lists(st.text("AB-/0123456789", min_size=1, max_size=8), max_size=8))
def test_every_two_different_codes_have_an_order(codes: list[str]):
    keys = {code: along_the_path(code) for code in codes}
    assert len(set(keys.values())) == len(keys)


def test_what_expires_first_is_taken_first_then_what_comes_first_on_the_path():
    spots = [a_spot("A-1"), a_spot("A-10", 1, DAY), a_spot("A-2", 1, DAY), a_spot("B-1", 1, date(2026, 1, 1))]
    answer = direct([Need(7, 1, 4)], spots)
    assert [(one.spot.place, one.units) for one in answer.directed] == [
        *(("B-1", 1), ("A-2", 1), ("A-10", 1), ("A-1", 1))
    ]


@given(st.lists(NEED, max_size=6), st.lists(SPOT, max_size=8, unique_by=lambda s: s.place_id))
def test_every_unit_wanted_is_directed_or_short_and_no_spot_gives_more_than_it_has(
    needs: list[Need], spots: list[Spot]
):
    asked = [need._replace(key=n) for n, need in enumerate(needs)]
    answer = direct(asked, spots)
    for need in asked:
        mine = [one for one in answer.directed if one.key == need.key]
        assert sum(one.units for one in mine) + answer.short.get(need.key, 0) == need.units
        assert all(one.units > 0 and one.spot.sku_id == need.sku_id for one in mine)
    for spot in spots:
        assert sum(o.units for o in answer.directed if o.spot.place_id == spot.place_id) <= spot.units
    for sku_id in (1, 2):
        short = sum(answer.short.get(need.key, 0) for need in asked if need.sku_id == sku_id)
        given_out = sum(one.units for one in answer.directed if one.spot.sku_id == sku_id)
        assert not short or given_out == sum(spot.units for spot in spots if spot.sku_id == sku_id)


def test_what_came_first_leaves_first_where_the_rotation_says_so():
    old, new = (
        a_spot(place)._replace(place_id=n, since=DAY_TIME + timedelta(n))
        for n, place in enumerate(("BER/B-1", "BER/A-1"))
    )
    fifo = {1: Turn(Rotation.FIFO)}
    assert [one.spot.place for one in direct([Need(0, 1, 12)], [new, old], fifo).directed] == [
        old.place,
        new.place,
    ]
    nearest = {1: Turn(Rotation.NEAREST, {0: 5.0, 1: 9.0})}
    assert direct([Need(0, 1, 1)], [new, old], nearest).directed[0].spot is old
    there_anyway = {1: Turn(Rotation.NEAREST, {0: 5.0, 1: 9.0}, preferred={1})}
    assert direct([Need(0, 1, 1)], [new, old], there_anyway).directed[0].spot is new


def test_age_comes_before_a_short_walk():
    soon, late = a_spot("BER/B-1", expires_on=DAY), a_spot("BER/A-1", expires_on=DAY + timedelta(1))
    walking = {1: Turn(preferred={2})}
    found = direct([Need(0, 1, 1)], [late._replace(place_id=2), soon], walking)
    assert found.directed[0].spot is soon


def test_a_need_that_asks_for_days_passes_over_older_lots_and_leaves_them_to_others():
    old, young = a_spot("A", 2, DAY), a_spot("B", 3, DAY + timedelta(60))
    picky, plain = Need(0, 1, 2, from_on=DAY + timedelta(30)), Need(1, 1, 3)
    found = direct([picky, plain], [old, young])
    assert [(one.key, one.spot.place, one.units) for one in found.directed] == [
        *((0, "B", 2), (1, "A", 2), (1, "B", 1))
    ]
    assert direct([picky._replace(units=4)], [old, young]).short == {0: 1}
