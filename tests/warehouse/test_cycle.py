"""Which bins are due, and how right the records are."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from quartermaster.warehouse.rules.cycle import Cycle, Settled, Shelf, accuracy, classes, due, errors_in

TODAY = date(2026, 11, 2)


def shelf(place: str, abc: str = "A", age: int | None = None, *risks: str) -> Shelf:
    return Shelf(1, 1, place, abc, risks, None if age is None else TODAY - timedelta(days=age))


def test_classes_cumulate_from_the_biggest():
    assert classes({1: 70, 2: 15, 3: 10, 4: 5, 5: 0}) == {1: "A", 2: "A", 3: "B", 4: "C", 5: "C"}


def test_the_biggest_is_a_however_big():
    assert classes({1: 990, 2: 10})[1] == "A"


@given(st.dictionaries(st.integers(1, 99), st.integers(0, 1000), max_size=20))
def test_who_brings_more_is_never_in_a_lower_class(sold: dict[int, int]):
    found = classes(sold)
    for one, other in zip(sorted(sold), sorted(sold)[1:], strict=False):
        more, fewer = sorted((one, other), key=lambda sku: (-sold[sku], sku))
        assert found[more] <= found[fewer]


def test_age_is_measured_by_the_interval_of_its_class():
    found = due([shelf("A-1", "A", 29), shelf("A-2", "A", 30), shelf("C-1", "C", 179)], Cycle(), today=TODAY)
    assert [(one.shelf.place, one.because) for one in found] == [
        ("A-2", "class A, every 30 days, last 30 days ago")
    ]


def test_each_risk_halves_the_interval():
    found = due([shelf("B-1", "B", 23, "lots", "dangerous goods")], Cycle(), today=TODAY)
    assert found[0].because == "class B, every 22 days, last 23 days ago, lots, dangerous goods"


def test_never_counted_comes_first_then_the_most_overdue():
    shelves = [shelf("A-1", "A", 60), shelf("C-9", "C"), shelf("B-1", "B", 270), shelf("A-9", "A")]
    assert [one.shelf.place for one in due(shelves, Cycle(), today=TODAY)] == ["A-9", "C-9", "B-1", "A-1"]


def test_over_and_under_never_cancel_out():
    ours, theirs = Settled("BER", "A", 2, 1, 150, 10, 0), Settled("MUC", "A", 1, 0, 100, 0, 10)
    (found,) = accuracy([ours, theirs])
    assert (found.counts, found.right, found.over, found.under) == (3, 1, 10, 10)
    assert found.record_share == 1 / 3
    assert found.unit_share == 1 - 20 / 250
    assert [one.units for one in accuracy([ours, theirs], ["MUC"])] == [100]


def test_classes_come_in_turn_and_nothing_counted_is_no_share():
    found = accuracy([Settled("BER", abc, 1, 1, 0, 0, 0) for abc in ("", "B", "A")])
    assert [one.abc for one in found] == ["A", "B", ""]
    assert found[0].unit_share is None
    assert accuracy([]) == []


def test_each_wrong_setting_is_named():
    assert set(errors_in(Cycle(by="mood", a_days=0, tolerance_share=2.0))) == {
        "by",
        "a_days",
        "tolerance_share",
    }
