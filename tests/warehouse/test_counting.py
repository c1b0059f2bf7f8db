"""What a count means for the ledger."""

from hypothesis import given
from hypothesis import strategies as st

from quartermaster.warehouse.rules.counting import Correction, Lying, corrections

LOTS = st.lists(
    st.builds(
        Lying,
        state=st.sampled_from(["available", "missing"]),
        lot=st.sampled_from(["", "L1", "L2"]),
        serial=st.just(""),
        units=st.integers(1, 5),
    ),
    max_size=5,
)


@given(LOTS, st.integers(0, 20))
def test_after_it_the_bin_holds_what_was_counted_and_nothing_is_missing(lying: list[Lying], counted: int):
    held = {"available": 0, "missing": 0}
    for one in lying:
        held[one.state] += one.units
    for move in corrections(lying, counted):
        assert move.units > 0
        if move.source_state:
            held[move.source_state] -= move.units
        if move.target_state:
            held[move.target_state] += move.units
        assert min(held.values()) >= 0
    assert held == {"available": counted, "missing": 0}


def test_units_that_were_missing_come_back_before_new_ones_are_made():
    lying = [Lying("available", "L1", "", 2), Lying("missing", "L2", "", 3)]
    assert corrections(lying, 6) == [
        Correction("L2", "", 3, "missing", "available"),
        Correction("L1", "", 1, None, "available"),
    ]


def test_serial_numbers_are_counted_one_by_one():
    lying = [Lying("available", "", "C1", 1), Lying("available", "", "C2", 1), Lying("missing", "", "C3", 1)]
    assert corrections(lying, 3, ["C1", "C3", "C9"]) == [
        Correction("", "C2", 1, "available", None),
        Correction("", "C3", 1, "missing", "available"),
        Correction("", "C9", 1, None, "available"),
    ]
