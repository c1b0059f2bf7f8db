from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartermaster.core.cells import Cells


def read(kind: str, text: str) -> tuple[object, bool]:
    """The value, and whether it was right."""
    cells = Cells({"x": text})
    return getattr(cells, kind)("x"), not cells.errors


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("text", "Lamp", "Lamp"),
        ("whole", "12", 12),
        ("whole", "-5", -5),
        ("whole", "12.00", 12),
        ("decimal", "12.99", "12.99"),
        ("flag", "Yes", True),
        ("flag", "0", False),
        ("day", "2026-12-31", date(2026, 12, 31)),
        ("clock", "14:30", time(14, 30)),
        ("counted", "LAMP:2 | A:B:1", {"LAMP": 2, "A:B": 1}),
        ("listed", "DE| AT |", ["DE", "AT"]),
    ],
)
def test_cells_are_read(kind: str, text: str, value: object):
    assert read(kind, text) == (value, True)


@pytest.mark.parametrize("kind", ["text", "whole", "decimal", "flag", "day", "clock"])
def test_an_empty_cell_says_nothing_and_is_no_error(kind: str):
    assert read(kind, "") == (None, True)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("whole", "12.5"),
        ("whole", "1e3"),
        ("whole", "1,200"),
        ("whole", "9" * 5000),
        ("whole", "١٢"),
        ("decimal", "12,99"),
        ("decimal", "NaN"),
        ("decimal", "1e400"),
        ("flag", "maybe"),
        ("day", "31.12.2026"),
        ("day", "2026-02-30"),
        ("clock", "25:00"),
        ("clock", "14:30+01:00"),
        ("counted", "LAMP"),
        ("counted", "LAMP:2|LAMP:1"),
        ("counted", ":2"),
        ("counted", "LAMP:-1"),
        ("counted", "|"),
    ],
)
def test_what_could_mean_something_else_is_an_error_that_shows_it(kind: str, text: str):
    assert read(kind, text)[1] is False


@given(st.sampled_from(["text", "whole", "decimal", "flag", "day", "clock", "listed", "counted"]), st.text())
def test_any_text_is_read_or_named(kind: str, text: str):
    read(kind, text)
