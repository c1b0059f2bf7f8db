"""Products as a file: what is written is read back, and what spreadsheets do to it is known."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.catalog.test_edit import FACTS

from quartermaster.catalog.rules.columns import COLUMNS
from quartermaster.catalog.rules.edits import plan
from quartermaster.catalog.rules.sheets import CLEAR, Line, NoSuchTable, header, read, row
from quartermaster.catalog.rules.skus import NEW
from quartermaster.core.csvs import unguarded


def through_a_file(rows: list[list[str]]) -> list[list[str]]:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return [[unguarded(cell) for cell in each] for each in csv.reader(io.StringIO(text.getvalue()))]


@given(FACTS, st.sampled_from(["LAMP", "=SUM(A1)", "-1", "0012"]), st.integers(1, 10**9))
def test_an_untouched_file_changes_nothing(facts: dict[str, object], code: str, version: int):
    columns = list(COLUMNS)
    head, line = through_a_file([header(columns), row(code, version, facts, columns)])
    found = read(head, [Line(2, line)])
    (edit,) = found.edits
    planned, draft = plan(edit, facts, version=version + 1)  # even when somebody changed it since
    assert (edit.code, edit.version, edit.line) == (code, version, 2)
    assert (planned.changes, planned.refused, planned.notes, draft) == ({}, "", (), None)


@given(st.text("=+-@'\t1A", min_size=1, max_size=6).filter(lambda text: text.strip() == text))
def test_no_cell_is_a_formula_to_a_spreadsheet(title: str):
    (_, _, cell) = row("LAMP", 1, {**NEW, "title": title}, ["title"])
    assert cell[0] not in "=+@\t" or cell.lstrip("+-").isdigit()
    assert unguarded(cell) == title


def test_an_empty_cell_leaves_and_a_word_empties():
    lines = [Line(2, ["LAMP", "", CLEAR]), Line(3, ["BULB", "Bulb", " "])]
    lamp, bulb = read(["sku", "title", "hs_code"], lines).edits
    assert (lamp.cells, bulb.cells) == ({"hs_code": ""}, {"title": "Bulb"})
    now = {**NEW, "title": "Lamp", "hs_code": "9405.11"}
    assert plan(lamp, now)[0].changes == {"hs_code": ("9405.11", "")}


def test_a_title_that_is_that_word_is_not_emptied_by_an_untouched_file():
    facts = {**NEW, "title": CLEAR}
    (edit,) = read(["sku", "version", "title"], [Line(2, row("LAMP", 1, facts, ["title"]))]).edits
    assert plan(edit, facts)[0].changes == {}


def test_rows_that_cannot_be_taken_are_named_by_their_line():
    lines = [Line(2, ["", "1", "x"]), Line(3, ["LAMP", "one", "x"]), Line(4, [], "2 cells instead of 3")]
    found = read(["sku", "version", "title", "note"], lines)
    assert found.edits == ()
    assert list(found.wrong) == [2, 3, 4]
    assert found.left_out == ("note",)


@pytest.mark.parametrize("head", [["title"], ["sku", "note"]])
def test_what_is_no_table_of_products_is_refused(head: list[str]):
    with pytest.raises(NoSuchTable):
        read(head, [])
