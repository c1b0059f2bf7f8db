from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartermaster.core import sql
from quartermaster.core.errors import Invalid, NotFound
from quartermaster.core.imports import Given
from quartermaster.stock.actions.import_bins import Bins
from quartermaster.stock.actions.lay_bins import lay_bins, plan_floor
from quartermaster.stock.queries.bins import bin_of, bins, floor_plan
from quartermaster.stock.rules.bins import COLUMNS, BinWanted, Rack, named, of_pattern
from quartermaster.testing.builders import a_location, a_sku
from quartermaster.warehouse.queries.geometry import geometry
from quartermaster.warehouse.rules.routing import Stop

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def lay(*wanted: BinWanted) -> list[dict[str, str] | None]:
    laid = lay_bins("BER", wanted, at=AT, by="test")
    return [dict(one.refused.errors) if one.refused else None for one in laid]


def test_a_pattern_counts_through_its_ranges():
    assert [one.code for one in named("A-[09-11]-[A-B]")] == [
        *("A-09-A", "A-09-B", "A-10-A", "A-10-B"),
        *("A-11-A", "A-11-B"),
    ]
    assert [one.code for one in named("CAGE")] == ["CAGE"]


@pytest.mark.parametrize("pattern", ["A-[1", "A-[x-y]", "[1-200]-[1-200]", "[5-1]", "[000001-999999]"])
def test_a_pattern_that_makes_no_sense_is_refused(pattern):
    with pytest.raises(Invalid):
        named(pattern)


@given(st.integers(0, 50), st.integers(0, 50))
def test_a_range_makes_each_code_once_with_its_width(first, more):
    found = [one.code for one in named(f"B[{first:03d}-{first + more:03d}]")]
    assert len(set(found)) == len(found) == more + 1
    assert {len(code) for code in found} == {4}
    assert found == sorted(found)


def test_bays_with_odd_numbers_stand_left_and_even_ones_opposite():
    made = of_pattern("[A-B]-[01-04]", Rack(aisle=1, position=2), {"kind": "pick_face"})
    assert [(one.code, one.aisle, one.aisle_x_mm, one.position_mm, one.side) for one in made] == [
        ("A-01", "A", 0, 1000, "left"),
        ("A-02", "A", 0, 1000, "right"),
        ("A-03", "A", 0, 2000, "left"),
        ("A-04", "A", 0, 2000, "right"),
        ("B-01", "B", 3000, 1000, "left"),
        ("B-02", "B", 3000, 1000, "right"),
        ("B-03", "B", 3000, 2000, "left"),
        ("B-04", "B", 3000, 2000, "right"),
    ]
    with pytest.raises(Invalid):
        of_pattern("[A-B]", Rack(aisle=1, position=2), {})


@pytest.mark.django_db
class TestLaying:
    @pytest.fixture(autouse=True)
    def site(self):
        self.location = a_location("BER")

    def test_what_is_not_given_stays(self):
        lay(BinWanted(code="A-01", kind="pick_face", units_max=40, aisle="A", aisle_x_mm=0, position_mm=500))
        assert lay(BinWanted(code="A-01", units_max=60)) == [None]
        now = bin_of("BER", "A-01")
        assert (now.kind, now.units_max, now.aisle, now.position_mm) == ("pick_face", 60, "A", 500)

    def test_the_same_again_changes_nothing(self):
        wanted = [BinWanted(code="Z/A-01", kind="bulk"), BinWanted(code="Z/A-02")]
        assert [one.is_new for one in lay_bins("BER", wanted, at=AT, by="test")] == [True, True]
        assert [one.is_new for one in lay_bins("BER", wanted, at=AT, by="test")] == [False, False]
        assert sql.run("select count(*) from core_event where name = 'BinsLaid'") == [(1,)]

    def test_a_wrong_bin_stops_no_other(self):
        told = lay(
            BinWanted(code="A-01", kind="cupboard", units_max=0),
            BinWanted(code="A-02"),
            BinWanted(code="A-03", aisle="A", position_mm=1),
            BinWanted(code="A-04", aisle="A"),
            BinWanted(code="A-05", sku="NOBODY"),
            BinWanted(code="a/b/c"),
        )
        assert [sorted(one) if one else None for one in told] == [
            ["kind", "units_max"],
            None,
            ["aisle_x_mm"],
            ["aisle_x_mm", "position_mm"],
            ["sku"],
            ["code"],
        ]
        assert [one.code for one in bins("BER")] == ["A-02"]

    def test_a_bin_of_its_own_names_its_sku(self):
        a_sku("LAMP")
        assert lay(BinWanted(code="A-01", sku="LAMP")) == [None]
        assert bin_of("BER", "A-01").sku == "LAMP"

    def test_thousands_cost_as_many_statements_as_one(self):
        def count(pattern: str) -> int:
            wanted = of_pattern(pattern, Rack(aisle=1, position=2), {})
            with sql.counted() as statements:
                lay_bins("BER", wanted, at=AT, by="test")
            return len(statements)

        assert count("[1-1]-[1-1]") == count("A[01-10]-[01-40]")

    def test_a_laid_out_site_can_be_walked(self):
        lay_bins("BER", of_pattern("[A-C]-[01-10]", Rack(aisle=1, position=2), {}), at=AT, by="test")
        assert geometry(self.location) is None
        plan_floor("BER", cross_aisles_mm=[0, 4000], depot_aisle="B", at=AT, by="test")
        found = geometry(self.location)
        assert found is not None
        assert found.layout == ((0.0, 3000.0, 6000.0), (0.0, 4000.0), 1, 0)
        assert found.stops[bin_of("BER", "C-04").id] == Stop(2, 2000.0)
        assert found.stops[bin_of("BER", "C-09").id] == Stop(2, 4000.0)  # beyond the last cross aisle
        assert len(found.stops) == 30
        assert floor_plan("BER").depot_aisle == "B"

    def test_a_plan_without_two_cross_aisles_is_refused(self):
        with pytest.raises(Invalid):
            plan_floor("BER", cross_aisles_mm=[3], at=AT, by="test")
        with pytest.raises(Invalid):
            plan_floor("BER", cross_aisles_mm=[3, 1], depot_cross=5, at=AT, by="test")
        with pytest.raises(NotFound):
            floor_plan("BER")

    def test_bins_come_from_a_file(self):
        def row(number: int, **cells: str) -> Given:
            return Given(number, {**dict.fromkeys(COLUMNS, ""), **cells})

        taken = Bins(at=AT, by="test").take(
            [
                row(2, location="BER", bin="A-01", kind="bulk", units_max="12", active="yes"),
                row(3, location="MUC", bin="A-01"),
                row(4, location="BER", bin="A-02", units_max="many"),
                row(5, location="BER", bin="A-01", pick_sequence="7"),
            ]
        )
        assert [bool(one.why) for one in taken] == [False, True, True, False]
        assert "import locations first" in taken[1].why
        assert "not a whole number" in taken[2].why
        now = bin_of("BER", "A-01")
        assert (now.kind, now.units_max, now.pick_sequence) == ("bulk", 12, 7)
