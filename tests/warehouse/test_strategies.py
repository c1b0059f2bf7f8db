"""Ways to route that people know by heart: every stop once, never shorter than the shortest, as drawn."""

from hypothesis import given
from hypothesis import strategies as st

from quartermaster.warehouse.rules.path import path_through
from quartermaster.warehouse.rules.routing import Layout, Stop, Strategy, in_aisles, route, shortest

from .layouts import visits, walked

HALL = Layout((0, 5, 10, 15), (0, 20))
# One stop in the first and the last aisle; in the second two far apart, in the third two at the back.
STOPS = [Stop(0, 3), Stop(1, 2), Stop(1, 17), Stop(2, 15), Stop(2, 18), Stop(3, 9)]


@given(visits(stops_max=9), st.sampled_from(Strategy))
def test_every_stop_is_passed_once_on_a_way_that_is_never_shorter_than_the_shortest(
    visit: tuple[Layout, frozenset[Stop]], strategy: Strategy
) -> None:
    layout, stops = visit
    found = route(layout, stops, strategy)
    assert sorted(found.stops) == sorted(stops)
    assert shortest(layout, in_aisles(stops)).length <= walked(layout, list(found.stops)) <= found.length


def test_in_s_shape_aisles_are_walked_through_in_turn() -> None:
    found = route(HALL, STOPS, Strategy.S_SHAPE)
    assert found.stops == (*(Stop(0, 3), Stop(1, 17), Stop(1, 2), Stop(2, 15), Stop(2, 18), Stop(3, 9)),)
    assert found.length == 4 * 20 + 2 * 15


def test_in_s_shape_nobody_walks_through_the_last_aisle_when_it_is_entered_from_the_front() -> None:
    assert route(HALL, STOPS[:5], Strategy.S_SHAPE).length == 2 * 20 + 2 * 18 + 2 * 10


def test_around_the_largest_gap_aisles_are_entered_from_both_ends() -> None:
    found = route(HALL, STOPS, Strategy.LARGEST_GAP)
    assert found.stops == (*(Stop(0, 3), Stop(1, 17), Stop(2, 18), Stop(2, 15), Stop(3, 9), Stop(1, 2)),)
    assert found.length == 2 * 20 + 2 * 15 + 2 * 3 + 2 * 5 + 2 * 2


def test_with_too_many_cross_aisles_for_the_shortest_the_way_says_so() -> None:
    hall = Layout((0, 5), (0, 1, 2, 3, 4, 5))
    assert "too many" in route(hall, [Stop(0, 3)]).because


def test_bins_are_passed_along_the_walk_and_those_that_stand_nowhere_come_last() -> None:
    places = {1: "BER/B-1", 2: "BER/A-2", 3: "BER/A-1", 4: "BER/A-3"}
    hall = (HALL, {1: Stop(0, 3), 2: Stop(3, 9)})

    path = path_through(places, {4: 1}, hall, Strategy.S_SHAPE)

    assert sorted(path.turns, key=path.turns.__getitem__) == [1, 2, 4, 3]
    assert path.length is None
    assert path.because == "in S-shape; 2 bins stand nowhere known and come last"


def test_without_a_floor_plan_pick_sequence_comes_before_code() -> None:
    path = path_through({1: "BER/B-1", 2: "BER/A-2", 3: "BER/A-1"}, {1: 5}, None)
    assert sorted(path.turns, key=path.turns.__getitem__) == [1, 3, 2]
