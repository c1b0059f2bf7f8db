"""What may be said of something late, and on which rung it stands."""

from datetime import UTC, datetime, timedelta

import pytest

from quartermaster.core.care import errors_in
from quartermaster.warehouse.rules.care import LADDERS, Row, rank, row_of

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
SOON = AT + timedelta(hours=4)


@pytest.mark.parametrize(
    ("answer", "note", "until", "wrong"),
    [
        ("acknowledged", "The depot looks for it.", None, []),
        ("snoozed", "", SOON, []),
        ("open", "", None, []),
        ("acknowledged", " ", None, ["note"]),
        ("acknowledged", "x" * 501, None, ["note"]),
        ("acknowledged", "x", SOON, ["until"]),
        ("snoozed", "", None, ["until"]),
        ("snoozed", "", AT, ["until"]),
        ("snoozed", "", AT + timedelta(days=91), ["until"]),
        ("forgotten", "", None, ["answer"]),
    ],
)
def test_what_is_said_is_whole_or_refused(answer: str, note: str, until: datetime | None, wrong: list[str]):
    assert list(errors_in(answer, note, until, AT)) == wrong


@pytest.mark.parametrize("name", ["", "17", "P-0", "P-", "X-1", "P-1 ", "p-1", "P-" + "9" * 19, "SO-1"])
def test_a_row_is_named_by_its_parcel_or_its_allocation(name: str):
    assert row_of(name) is None
    assert (row_of("P-17"), row_of("A-33")) == (Row("P", 17), Row("A", 33))


def test_what_is_lost_is_worse_than_what_is_stuck_and_a_broken_promise_the_worst_in_the_house():
    assert [rank("P", kind) for kind in LADDERS["P"]] == [1, 2, 3, 4, 5, 6]
    assert rank("P", "late") < rank("P", "no_scan") < rank("P", "stuck") < rank("P", "lost")
    assert rank("A", "breaching") < rank("A", "dispatch") < rank("A", "late")
    with pytest.raises(ValueError, match="not in tuple"):
        rank("A", "lost")
