"""What a claim lets go of when it wants less: kits that are picked in part included."""

from hypothesis import given
from hypothesis import strategies as st

from quartermaster.stock.rules.claims import Held, Part, let_go, untouched, whole


def a_kit(*parts: tuple[int, int, int], holder: int = 1) -> list[Held]:
    """(per kit, pending, picked) of each part."""
    return [
        Held(7, holder, sku_id, per, pending, picked, picked)
        for sku_id, (per, pending, picked) in enumerate(parts, 1)
    ]


def test_promised_parts_go_before_picked_ones():
    gone = let_go(a_kit((2, 1, 3), (1, 2, 0)), 1, first="newest")
    assert gone.pending == [Part(7, 1, 1), Part(7, 2, 1)]
    assert gone.picked == [Part(7, 1, 1)]


def test_the_newest_holder_goes_first_or_the_oldest():
    held = [*a_kit((1, 2, 0), holder=1), *a_kit((1, 2, 0), holder=2)]
    assert let_go(held, 4, first="newest").pending == let_go(held, 4, first="oldest").pending
    held = [*a_kit((1, 2, 0), holder=1), *a_kit((3, 6, 0), holder=2)]
    assert let_go(held, 1, first="newest").pending == [Part(7, 1, 3)]
    assert let_go(held, 1, first="oldest").pending == [Part(7, 1, 1)]


@given(st.integers(1, 5), st.lists(st.tuples(st.integers(1, 3), st.integers(0, 100)), min_size=1), st.data())
def test_what_stays_is_exactly_what_the_units_that_stay_take(
    kits: int, parts: list[tuple[int, int]], data: st.DataObject
):
    """Whatever was picked so far: keep (per_unit × units that stay) of every part, and whole ones always."""
    held = a_kit(
        *[(per, per * kits - picked, picked) for per, n in parts for picked in [n % (per * kits + 1)]]
    )
    done = whole(held)
    units = data.draw(st.integers(0, kits - done))
    gone = let_go(held, units, first="newest")
    for part in held:
        pending = part.pending - sum(p.units for p in gone.pending if p.sku_id == part.sku_id)
        picked = part.picked - sum(p.units for p in gone.picked if p.sku_id == part.sku_id)
        assert pending + picked == (kits - units) * part.per_unit
        assert picked >= done * part.per_unit


def test_what_is_untouched_goes_and_a_begun_kit_keeps_what_it_needs():
    begun = a_kit((2, 4, 0), (1, 1, 1), holder=2)  # one kit of two has its shade
    whole_and_free = a_kit((2, 2, 2), (1, 1, 1), holder=1)  # one is picked, one is not
    assert untouched([*begun, *whole_and_free], 9) == (
        2,
        [Part(7, 1, 2, 2), Part(7, 2, 1, 2), Part(7, 1, 2, 1), Part(7, 2, 1, 1)],
    )
    assert untouched([*begun, *whole_and_free], 1) == (1, [Part(7, 1, 2, 2), Part(7, 2, 1, 2)])
    assert untouched(a_kit((1, 0, 3)), 3) == (0, [])


@given(st.integers(1, 5), st.lists(st.tuples(st.integers(1, 3), st.integers(0, 100)), min_size=1))
def test_after_the_untouched_went_every_begun_kit_is_still_promised_whole(
    kits: int, parts: list[tuple[int, int]]
):
    held = a_kit(
        *[(per, per * kits - picked, picked) for per, n in parts for picked in [n % (per * kits + 1)]]
    )
    count, gone = untouched(held, kits)
    begun = kits - count
    assert begun == max(-(-part.picked // part.per_unit) for part in held)
    for part in held:
        back = sum(p.units for p in gone if p.sku_id == part.sku_id)
        assert part.pending - back + part.picked == begun * part.per_unit
