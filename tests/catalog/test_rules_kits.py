from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from quartermaster.catalog.rules import kits as rules

Kits = dict[int, dict[int, int]]
NAMES = {n: chr(65 + n) for n in range(12)}


@st.composite
def tidy(draw: st.DrawFn) -> Kits:
    """Kits over SKUs 0 to 9 without circles: a kit holds only smaller numbers."""
    numbers = st.integers(1, 4)
    return {kit: draw(st.dictionaries(st.integers(0, kit - 1), numbers, max_size=3)) for kit in range(1, 10)}


any_kits = st.dictionaries(
    st.integers(0, 7), st.dictionaries(st.integers(0, 7), st.integers(1, 4), max_size=3)
)


def taken_apart(kits: Kits, sku: int) -> dict[int, int]:
    """By the definition: what a kit takes is what its parts take, as many times as they are in it."""
    if not kits.get(sku):
        return {sku: 1}
    total: dict[int, int] = {}
    for part, quantity in kits[sku].items():
        for leaf, count in taken_apart(kits, part).items():
            total[leaf] = total.get(leaf, 0) + quantity * count
    return total


def reaches_itself(kits: Kits, sku: int) -> bool:
    seen, todo = set(), list(kits.get(sku, ()))
    while todo:
        one = todo.pop()
        if one not in seen:
            seen.add(one)
            todo.extend(kits.get(one, ()))
    return sku in seen


@given(tidy())
def test_leaves_are_the_recursive_expansion(kits: Kits):
    for kit, parts in kits.items():
        if parts:
            assert rules.leaves(kits, kit) == taken_apart(kits, kit)


@given(any_kits)
def test_a_circle_is_found_exactly_when_there_is_one_and_its_path_can_be_walked(kits: Kits):
    for kit in kits:
        way = rules.circle(kits, kit)
        assert bool(way) == reaches_itself(kits, kit)
        assert all(part in kits[one] for one, part in pairwise(way))
        assert way == [] or way[0] == way[-1] == kit


@given(tidy())
def test_the_kits_above_are_those_whose_leaves_can_change(kits: Kits):
    for sku in range(10):
        holds = {kit for kit in kits if kit == sku or sku in _everything_in(kits, kit)}
        assert rules.above(kits, [sku]) == holds | {sku}


def test_a_circle_is_refused_with_its_path():
    kits = {0: {1: 1}, 1: {2: 1}, 2: {0: 1}}
    assert rules.fault(kits, 0, NAMES) == "it would hold itself: A → B → C → A"
    assert rules.fault({0: {0: 1}}, 0, NAMES) == "it would hold itself: A → A"


def test_too_deep_or_too_many_is_refused_for_the_kit_above_too():
    deep = {n: {n + 1: 1} for n in range(rules.DEPTH_MAX + 1)}
    names = {n: f"K{n}" for n in range(2000)}
    assert "more than 20 kits deep" in rules.fault(deep, rules.DEPTH_MAX, names)
    many = {0: {1: 10**7}, 1: {2: 10**7}}
    assert rules.fault(many, 1, names).startswith("K0 would hold")
    wide = {0: dict.fromkeys(range(1, rules.LEAVES_MAX + 2), 1)}
    assert rules.fault(wide, 0, names).startswith("K0 would hold more than 1000")


def test_a_deep_diamond_is_taken_apart_at_once():
    kits = {n: {n + 1: 1, n + 21: 1} for n in range(19)} | {n: {n - 20: 1} for n in range(21, 40)}
    assert rules.leaves(kits, 0) == {19: 2**19}


def _everything_in(kits: Kits, kit: int) -> set[int]:
    return {one for part in kits.get(kit, ()) for one in {part, *_everything_in(kits, part)}}
