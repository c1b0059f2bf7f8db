"""Many SKUs changed at once: cells, previews, rows that are refused, and taking back."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartermaster.catalog.actions import (
    AppliedAlready,
    UndoneAlready,
    apply_file,
    ask_file,
    asked_rows,
    edit_skus,
    preview_edits,
    save_sku,
    undo_edit,
    work_edits,
)
from quartermaster.catalog.actions import edit_file as file_module
from quartermaster.catalog.queries import states
from quartermaster.catalog.queries.edits import edit, edit_rows, versions
from quartermaster.catalog.rules import skus
from quartermaster.catalog.rules.columns import COLUMNS, shown
from quartermaster.catalog.rules.damage import damage
from quartermaster.catalog.rules.edits import Edit, plan
from quartermaster.catalog.rules.skus import Draft
from quartermaster.core import sql
from quartermaster.core.errors import Invalid
from quartermaster.core.models import EventRow

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def saved(code: str, **given: object) -> None:
    save_sku(Draft(code=code, **given), at=AT, by="user:3")  # type: ignore[arg-type]


def edited(*edits: Edit, kind: str = "table") -> int:
    return edit_skus(edits, kind=kind, at=AT, by="user:3")


def cell(code: str, name: str) -> str:
    return shown(name, states([code])[code].facts)


@pytest.mark.django_db
def test_rows_are_changed_refused_or_left_each_for_itself():
    saved("LAMP", title="Lamp", weight_g=2, barcodes={"4006381333931": 1})
    saved("BULB", title="Bulb")
    number = edited(
        Edit(code="LAMP", cells={"weight_g": "2000", "title": "Lamp"}),
        Edit(code="BULB", cells={"barcodes": "4006381333931", "hs_code": "9405.11"}),
        Edit(code="NONE", cells={"title": "x"}),
        Edit(code="LAMP", cells={"title": "twice"}),
    )
    told = edit(number)
    assert (told.rows, told.looked_at, told.changed, told.refused, told.state) == (4, 4, 1, 3, "done")
    rows = edit_rows(number)
    assert [(row.code, row.changes, row.refused) for row in rows] == [
        ("LAMP", {"weight_g": ("2", "2000")}, ""),
        (
            "BULB",
            {"barcodes": ("", "4006381333931"), "hs_code": ("", "9405.11")},
            "Barcode 4006381333931 belongs to LAMP.",
        ),
        ("NONE", {}, "there is no SKU NONE"),
        ("LAMP", {}, "the SKU stands there twice"),
    ]
    assert cell("BULB", "hs_code") == ""
    assert EventRow.objects.filter(name="SkuChanged", source=f"change {number}").count() == 1


@pytest.mark.django_db
def test_a_row_that_somebody_changed_meanwhile_is_refused():
    saved("LAMP", weight_g=2)
    (looked_at,) = versions(["LAMP"]).values()
    saved("LAMP", weight_g=900)
    number = edited(Edit(code="LAMP", cells={"weight_g": "2000"}, version=looked_at))
    assert "meanwhile" in edit_rows(number)[0].refused
    assert cell("LAMP", "weight_g") == "900"
    untouched = Edit(code="LAMP", cells={"weight_g": "900"}, version=looked_at)
    assert preview_edits([untouched])[0].refused == ""


@pytest.mark.django_db
def test_barcodes_parts_and_units_count_as_changes_too():
    saved("LAMP")
    first = versions(["LAMP"])["LAMP"]
    saved("LAMP", barcodes={"1": 1})
    saved("LAMP", units={"case": 12})
    assert versions(["LAMP"])["LAMP"] == first + 2
    saved("LAMP", units={"case": 12})
    assert versions(["LAMP"])["LAMP"] == first + 2


@pytest.mark.django_db
def test_a_change_is_taken_back_and_back_again_but_not_over_later_ones():
    saved("LAMP", weight_g=2, barcodes={"71": 1, "72": 12})
    saved("BULB", hs_code="9405.11")
    number = edited(
        Edit(code="LAMP", cells={"weight_g": "", "barcodes": "0071|73:6"}),
        Edit(code="BULB", cells={"hs_code": "9405.12"}),
    )
    assert cell("LAMP", "barcodes") == "0071|73:6"
    saved("BULB", hs_code="9405.99")
    back = undo_edit(number, at=AT, by="user:4")
    told = edit(back)
    assert (told.kind, told.undoes, told.changed, told.refused) == ("undo", number, 1, 1)
    assert (cell("LAMP", "weight_g"), cell("LAMP", "barcodes")) == ("2", "71|72:12")
    assert cell("BULB", "hs_code") == "9405.99"
    assert [row.refused for row in edit_rows(back, only_refused=True)] == ["hs_code: changed since"]
    with pytest.raises(UndoneAlready):
        undo_edit(number, at=AT, by="user:4")
    undo_edit(back, at=AT, by="user:4")
    assert (cell("LAMP", "weight_g"), cell("LAMP", "barcodes")) == ("", "0071|73:6")


@pytest.mark.django_db
def test_a_barcode_moves_from_one_sku_to_another_in_one_change():
    saved("LAMP", barcodes={"71": 1})
    saved("BULB")
    edited(Edit(code="LAMP", cells={"barcodes": ""}), Edit(code="BULB", cells={"barcodes": "71"}))
    assert (cell("LAMP", "barcodes"), cell("BULB", "barcodes")) == ("", "71")


@pytest.mark.django_db
def test_a_long_file_is_taken_in_parts_by_the_workers(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(file_module, "PART", 2)
    for n in range(5):
        saved(f"S{n}", weight_g=1)
    edits = [Edit(code=f"S{n}", cells={"weight_g": "7"}, line=n + 2) for n in range(5)]
    saved("S5", weight_g=7)
    untouched = Edit(code="S5", cells={"weight_g": "7"}, line=9)
    number = ask_file([*edits, untouched], because="", at=AT, by="user:3")
    assert (edit(number).state, edit(number).rows) == ("asked", 5)
    assert [row.line for row in asked_rows(number, limit=3)] == [2, 3, 4]
    assert work_edits() == 0
    apply_file(number, at=AT, by="user:3")
    with pytest.raises(AppliedAlready):
        apply_file(number, at=AT, by="user:3")
    assert (edit(number).state, cell("S0", "weight_g")) == ("waiting", "1")
    assert work_edits() == 2
    assert (edit(number).looked_at, edit(number).state) == (2, "waiting")
    while work_edits():
        pass
    told = edit(number)
    assert (told.state, told.looked_at, told.changed) == ("done", 5, 5)
    assert [row.line for row in edit_rows(number)] == [2, 3, 4, 5, 6]


@pytest.mark.django_db
def test_an_empty_change_and_one_without_end_are_refused():
    with pytest.raises(Invalid):
        edited()


@pytest.mark.django_db
def test_a_batch_costs_the_same_number_of_statements_whatever_its_size():
    def cost(count: int) -> int:
        for n in range(count):
            saved(f"C{count}-{n}", weight_g=1)
        with sql.counted() as statements:
            edited(*(Edit(code=f"C{count}-{n}", cells={"weight_g": "7"}) for n in range(count)))
        return len(statements)

    assert cost(2) == cost(9)


@pytest.mark.parametrize(
    ("before", "given", "harmed"),
    [
        ("4006381333931", "4.00638E+12", True),
        ("4006381333931", "4,00638E+12", True),
        ("4006381333931", "4.10638E+12", False),
        ("0012345678905", "12345678905", True),
        ("0012345678905", "12345678906", False),
        ("9405.10", "9405.1", True),
        ("9405.10", "9405.2", False),
        ("9405.10", "", False),
        ("LAMP", "lamp", False),
    ],
)
def test_what_a_spreadsheet_harmed_is_told_from_what_a_person_wrote(before: str, given: str, harmed: bool):
    assert bool(damage(before, given)) is harmed


def test_a_harmed_cell_changes_nothing_and_the_row_says_so():
    now = {**skus.NEW, "barcodes": {"4006381333931": 1}, "hs_code": "0902.10"}
    edit = Edit(code="TEA", cells={"barcodes": "4.00638E+12", "hs_code": "902.1"})
    planned, draft = plan(edit, now)
    assert (planned.changes, planned.refused, draft) == ({}, "", None)
    assert len(planned.notes) == 2
    lost, _ = plan(Edit(code="TEA", cells={"barcodes": "5.1E+12"}), now)
    assert "the digits are lost" in lost.refused


FACTS = st.fixed_dictionaries(
    {
        "title": st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=12),
        "product": st.sampled_from(["", "LAMPS"]),
        "options": st.just({}),
        "attributes": st.sampled_from([{}, {"category": "light"}]),
        "base_unit": st.sampled_from(["each", "g"]),
        **{name: st.none() | st.integers(0, 10**6) for name in ("weight_g", "length_mm", "width_mm")},
        "height_mm": st.none(),
        "cost_minor": st.integers(0, 10**9),
        "currency": st.sampled_from(["EUR", "JPY", "KWD"]),
        "hs_code": st.sampled_from(["", "9405.11", "090210"]),
        "origin_country": st.sampled_from(["", "DE"]),
        "is_hazmat": st.booleans(),
        "policy": st.sampled_from(["deny", "backorder"]),
        "backorder_cap": st.none() | st.integers(0, 100),
        "available_on": st.none() | st.dates(),
        "is_active": st.booleans(),
        "barcodes": st.dictionaries(
            st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=8),
            st.integers(1, 99),
            max_size=3,
        ),
        "units": st.dictionaries(st.sampled_from(["case", "box|2", "a:b"]), st.integers(1, 99), max_size=2),
    }
)


@given(FACTS, FACTS)
def test_every_cell_is_read_back_as_it_was_shown(before: dict[str, object], after: dict[str, object]):
    """So an untouched row changes nothing, and a row with the cells of another becomes like it."""
    same, draft = plan(Edit(code="LAMP", cells={name: shown(name, before) for name in COLUMNS}), before)
    assert (same.changes, same.refused, same.notes, draft) == ({}, "", (), None)
    cells = {name: shown(name, after) for name in COLUMNS if name not in ("base_unit", "category")}
    planned, draft = plan(Edit(code="LAMP", cells=cells), before)
    if planned.notes or planned.refused:
        return
    became = skus.after(before, draft) if draft else before
    assert {name: shown(name, became) for name in cells} == cells
