"""Tours are as short as they can be, whatever the warehouse looks like."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from quartermaster.warehouse.rules.routing import Layout, Lengths, Stop, choose, in_aisles, shortest, walk

from .layouts import by_trying, visits, walked


@given(visits())
@settings(max_examples=80)
def test_no_order_of_the_stops_is_shorter(visit: tuple[Layout, frozenset[Stop]]) -> None:
    layout, stops = visit
    assert shortest(layout, in_aisles(stops)).length == by_trying(layout, stops)


@given(visits(stops_max=12))
@settings(max_examples=80)
def test_the_walk_passes_every_stop_once_and_is_as_long_as_told(
    visit: tuple[Layout, frozenset[Stop]],
) -> None:
    layout, stops = visit
    tour = shortest(layout, in_aisles(stops))
    path = walk(layout, in_aisles(stops), tour)
    assert sorted(path) == sorted(stops)
    assert walked(layout, path) == tour.length


@given(visits(cross_aisles_max=2, stops_max=15))
@settings(max_examples=100)
def test_the_quick_lengths_of_one_block_are_the_same(visit: tuple[Layout, frozenset[Stop]]) -> None:
    layout, stops = visit
    lengths = Lengths(layout, stops)
    assert lengths.of(lengths.mask(stops)) == shortest(layout, in_aisles(stops)).length


def test_of_two_orders_joined_the_length_is_that_of_all_their_stops() -> None:
    layout = Layout((0, 5, 10), (0, 20))
    one, other = [Stop(0, 3), Stop(2, 19)], [Stop(1, 7), Stop(2, 19)]
    lengths = Lengths(layout, {*one, *other})
    joined = lengths.mask(one) | lengths.mask(other)
    assert lengths.of(joined) == shortest(layout, in_aisles([*one, *other])).length


def test_nothing_to_pick_is_no_way_at_all() -> None:
    layout = Layout((0, 5), (0, 20))
    assert shortest(layout, {}).length == 0
    assert walk(layout, {}, shortest(layout, {})) == []


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_of_several_places_those_are_chosen_that_make_the_shortest_tour(data: st.DataObject) -> None:
    layout, stops = data.draw(visits(cross_aisles_max=2, stops_max=9).filter(lambda visit: len(visit[1]) > 3))
    places = sorted(stops)
    candidates = [places[:3], places[2:4], places[3:], places[:1]]
    rounds = iter(range(400))
    chosen = choose(layout, candidates, is_over=lambda: next(rounds, None) is None)
    best = min(by_trying(layout, frozenset(each)) for each in product(*candidates))
    assert all(stop in offered for stop, offered in zip(chosen, candidates, strict=True))
    assert shortest(layout, in_aisles(chosen)).length == best
