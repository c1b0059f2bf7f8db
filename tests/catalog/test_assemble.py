import random
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from quartermaster.catalog.actions import Kit, save_skus, set_kits
from quartermaster.catalog.models import KitLeaf, KitPart, Sku
from quartermaster.catalog.queries import parts
from quartermaster.catalog.rules.skus import Draft
from quartermaster.core import sql
from quartermaster.core.models import EventRow

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def skus(*codes: str) -> dict[str, int]:
    outcomes = save_skus([Draft(code=code) for code in codes], at=AT, by="user:3")
    return {code: outcome.sku_id for code, outcome in zip(codes, outcomes, strict=True) if outcome.sku_id}


def assembled(**kits: dict[str, int]) -> list[str]:
    """What was wrong with each kit, "" for nothing."""
    outcomes = set_kits([Kit(code, inside) for code, inside in kits.items()], at=AT, by="user:3")
    return ["; ".join(o.refused.errors.values()) if o.refused else "" for o in outcomes]


@pytest.mark.django_db
def test_a_nested_kit_takes_plain_skus_from_the_shelf():
    ids = skus("SET", "LAMP", "SHADE", "SCREW")
    assert assembled(SET={"LAMP": 2, "SCREW": 1}, LAMP={"SHADE": 1, "SCREW": 4}) == ["", ""]
    assert parts([ids["SET"]]) == {ids["SET"]: sorted([(ids["SHADE"], 2), (ids["SCREW"], 9)])}
    assert set(Sku.objects.filter(is_kit=True).values_list("code", flat=True)) == {"SET", "LAMP"}


@pytest.mark.django_db
def test_kits_above_follow_at_once_and_say_so():
    ids = skus("SET", "LAMP", "SHADE", "BULB")
    assembled(SET={"LAMP": 2}, LAMP={"SHADE": 1})
    assembled(LAMP={"SHADE": 1, "BULB": 3})
    assert parts([ids["SET"]]) == {ids["SET"]: sorted([(ids["SHADE"], 2), (ids["BULB"], 6)])}
    lamp, above = EventRow.objects.order_by("-id")[:2][::-1]
    assert (lamp.subject, lamp.body["changed"]) == (
        "sku:LAMP",
        {"kit": [{"SHADE": 1}, {"SHADE": 1, "BULB": 3}]},
    )
    assert (above.subject, above.body["changed"]) == (
        "sku:SET",
        {"leaves": [{"SHADE": 2}, {"SHADE": 2, "BULB": 6}]},
    )


@pytest.mark.django_db
def test_a_circle_is_refused_with_its_path_and_the_rest_of_the_batch_stands():
    skus("A", "B", "C", "D")
    assert assembled(A={"B": 1}, B={"C": 1}) == ["", ""]
    assert assembled(C={"A": 1}, D={"A": 2}) == ["it would hold itself: C → A → B → C", ""]
    assert assembled(A={"A": 1}) == ["it would hold itself: A → A"]


@pytest.mark.django_db
def test_unknown_parts_and_impossible_numbers_are_named():
    skus("A", "B")
    assert assembled(A={"X": 1, "Y": 1}) == ["there is no SKU X, Y"]
    assert assembled(X={"A": 1}) == ["there is no SKU X"]
    assert assembled(A={"B": 0}) == ["at least one of each part"]


@pytest.mark.django_db
def test_a_kit_without_parts_is_a_plain_sku_again_also_for_the_kits_above():
    ids = skus("SET", "LAMP", "SHADE")
    assembled(SET={"LAMP": 2}, LAMP={"SHADE": 1})
    assembled(LAMP={})
    assert parts([ids["SET"], ids["LAMP"]]) == {ids["SET"]: [(ids["LAMP"], 2)]}
    assert set(Sku.objects.filter(is_kit=True).values_list("code", flat=True)) == {"SET"}


@pytest.mark.django_db
def test_setting_the_same_again_writes_and_tells_nothing():
    skus("SET", "LAMP")
    assembled(SET={"LAMP": 2})
    before = EventRow.objects.count()
    with sql.counted() as statements:
        assembled(SET={"LAMP": 2})
    assert (len(statements), EventRow.objects.count()) == (2, before)


class Histories(TestCase):
    CODES = "ABCDEFGH"

    @given(
        st.lists(
            st.lists(
                st.tuples(
                    st.sampled_from(CODES),
                    st.dictionaries(st.sampled_from(CODES), st.integers(1, 5), max_size=3),
                ),
                max_size=3,
            ),
            max_size=6,
        )
    )
    def test_after_any_history_the_leaves_are_the_recursive_expansion_of_the_parts(self, batches):
        ids = skus(*self.CODES)
        for batch in batches:
            set_kits([Kit(code, inside) for code, inside in batch], at=AT, by="user:3")
        inside: dict[int, dict[int, int]] = {}
        for kit, part, quantity in KitPart.objects.values_list("kit_id", "part_id", "quantity"):
            inside.setdefault(kit, {})[part] = quantity

        def expand(sku: int) -> dict[int, int]:
            if sku not in inside:
                return {sku: 1}
            total: dict[int, int] = {}
            for part, quantity in inside[sku].items():
                for leaf, count in expand(part).items():
                    total[leaf] = total.get(leaf, 0) + quantity * count
            return total

        stored: dict[int, dict[int, int]] = {}
        for kit, part, quantity in KitLeaf.objects.values_list("kit_id", "part_id", "quantity"):
            stored.setdefault(kit, {})[part] = quantity
        assert stored == {kit: expand(kit) for kit in inside}  # a circle would never end here
        kits = set(Sku.objects.filter(is_kit=True).values_list("id", flat=True))
        assert kits == set(inside) <= set(ids.values())


@pytest.mark.django_db
def test_hundreds_of_kits_at_once_cost_a_constant_number_of_statements():
    codes = [f"K{n}" for n in range(600)]
    skus(*codes)
    shuffled = codes[300:]
    random.Random(7).shuffle(shuffled)
    with sql.counted() as statements:
        outcomes = set_kits(
            [Kit(k, {p: 2}) for k, p in zip(codes, shuffled, strict=False)], at=AT, by="user:3"
        )
    assert all(outcome.sku_id for outcome in outcomes)
    assert len(statements) == 5
