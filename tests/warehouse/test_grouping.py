"""Lists of a wave: every order on one, none above what a person carries, unless one order alone is."""

from hypothesis import given, settings
from hypothesis import strategies as st

from quartermaster.warehouse.rules.grouping import Limits, Mode, Walks, Work, group, zone_of
from quartermaster.warehouse.rules.routing import Layout, Stop

HALL = Layout((0, 5, 10), (0, 15, 30), 0, 1)
stops = st.lists(st.builds(Stop, st.integers(0, 2), st.integers(0, 30)), min_size=1, max_size=3).map(tuple)
works = st.lists(
    st.builds(Work, st.integers(1), stops, st.integers(1, 9), st.integers(0, 900), st.integers(0, 900)),
    min_size=1,
    max_size=8,
)
limits = st.builds(Limits, st.integers(1, 4), *(st.none() | st.integers(1, top) for top in (12, 1200, 1200)))


@given(works, st.none() | st.just(HALL), st.sampled_from(Mode), limits)
@settings(max_examples=100, deadline=None)
def test_every_order_is_on_one_list_and_no_list_is_above_a_limit(
    orders: list[Work], hall: Layout | None, mode: Mode, most: Limits
) -> None:
    rounds = iter(range(20))
    plan = group(orders, Walks(hall), mode, most, is_over=lambda: next(rounds, None) is None)
    assert sorted(n for one in plan.batches for n in one) == list(range(len(orders)))
    for one in plan.batches:
        mine = [orders[n] for n in one]
        carried = (len(mine), *(sum(column) for column in list(zip(*mine, strict=True))[2:]))
        within = [limit is None or units <= limit for units, limit in zip(carried, most, strict=True)]
        assert all(within) or len(mine) == 1
    if plan.length is not None and plan.one_by_one is not None:
        assert plan.length <= plan.one_by_one + 1e-6


def test_a_zone_is_the_first_part_within_the_site() -> None:
    assert [zone_of(place) for place in ("BER", "BER/A-1", "BER/COLD/A-1")] == ["", "", "COLD"]
