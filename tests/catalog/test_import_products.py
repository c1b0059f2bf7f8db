import gzip
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from quartermaster.catalog.actions.import_products import Products
from quartermaster.catalog.models import Barcode, KitLeaf, Sku
from quartermaster.core.imports import Columns, Report, run
from quartermaster.core.models import EventRow

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
pytestmark = pytest.mark.django_db
HEADER = "sku,title,barcode,weight_g,length_mm,width_mm,height_mm,cost,currency,hs_code,kit\n"


@pytest.fixture
def imported(tmp_path: Path) -> Callable[..., Report]:
    def go(content: str, columns: Columns = Columns(), *, dry_run: bool = False) -> Report:  # noqa: B008
        path = tmp_path / "products.csv.gz"
        path.write_bytes(gzip.compress(content.encode()))
        errors = tmp_path / "errors.csv"
        return run(Products(at=AT, by="user:3"), path, columns=columns, errors=errors, dry_run=dry_run)

    return go


def why(report: Report) -> str:
    return report.errors.read_text(encoding="utf-8-sig") if report.errors else ""


def test_every_canonical_column_arrives(imported):
    report = imported(HEADER + "LAMP,Brass lamp,4006381333931,1200,100,200,300,12.99,EUR,9405.11,\n")
    lamp = Sku.objects.get()
    assert (report.refused, report.doubts) == (0, 0)
    assert (lamp.title, lamp.weight_g, lamp.length_mm, lamp.width_mm, lamp.height_mm) == (
        "Brass lamp",
        1200,
        100,
        200,
        300,
    )
    assert (lamp.cost_minor, lamp.currency, lamp.hs_code) == (1299, "EUR", "9405.11")
    assert Barcode.objects.get().sku == lamp


def test_cost_is_read_in_the_currency_s_own_minor_units(imported):
    imported("sku,cost,currency\nA,1299,JPY\nB,1.234,BHD\nC,0.1,EUR\n")
    assert list(Sku.objects.order_by("code").values_list("cost_minor", flat=True)) == [1299, 1234, 10]


def test_parts_of_a_kit_may_come_later_in_the_file(imported):
    rows = [f"S{n},,,,,,,,,," for n in range(1100)]  # the parts are in the second batch
    report = imported(HEADER + "SET,,,,,,,,,,S1050:2|S1099:1\n" + "\n".join(rows))
    assert report.refused == 0
    assert dict(KitLeaf.objects.values_list("part__code", "quantity")) == {"S1050": 2, "S1099": 1}


def test_a_kit_that_cannot_be_is_refused_with_its_row_and_the_rest_stands(imported):
    report = imported(
        HEADER + "A,,,,,,,,,,B:1\nB,,,,,,,,,,A:1\nC,,,,,,,,,,X:1\nD,,,,,,,,,,A\nE,,,,,,,,,,A:2\n"
    )
    assert (report.rows, report.refused) == (5, 3)
    assert "it would hold itself: B → A → B" in why(report)
    assert "there is no SKU X" in why(report)
    assert "'A' is not written like SKU:2" in why(report)


def test_all_wrong_columns_of_a_row_are_named_at_once(imported):
    report = imported(HEADER + "LAMP,,,heavy,-1,,,12.99,,hot,\n")
    for sentence in (
        "weight_g: 'heavy' is not a whole number",
        "length_mm: a whole number",
        "currency: needed with a cost",
        "hs_code: 4, 6, 8 or 10 digits",
    ):
        assert sentence in why(report)


def test_the_same_file_again_changes_and_tells_nothing(imported):
    content = HEADER + "LAMP,Lamp,1,,,,,,,,\nSET,Set,2,,,,,,,,LAMP:2\n"
    imported(content)
    before = EventRow.objects.count()
    report = imported(content)
    assert (report.taken, report.known, EventRow.objects.count()) == (2, 2, before)


def test_an_empty_cell_changes_nothing_and_a_missing_column_neither(imported):
    imported(HEADER + "LAMP,Lamp,1,5,,,,2.50,EUR,,\n")
    imported("sku,title,cost,currency\nLAMP,,3.00,EUR\n")
    lamp = Sku.objects.get()
    assert (lamp.title, lamp.weight_g, lamp.cost_minor) == ("Lamp", 5, 300)


def test_a_dry_run_finds_what_a_run_would_find_and_leaves_nothing(imported):
    content = HEADER + "SET,,,,,,,,,,LAMP:2\nLAMP,,,,,,,,,,\nA,,,x,,,,,,,\n"
    dry = imported(content, dry_run=True)
    assert not Sku.objects.exists()
    assert not EventRow.objects.exists()
    wet = imported(content)
    assert (dry.rows, dry.refused, dry.known) == (wet.rows, wet.refused, wet.known) == (3, 1, 0)


def test_a_mistyped_barcode_is_taken_and_doubted(imported):
    report = imported("sku,barcode\nLAMP,4006381333932\n")
    assert report.examples == ["row 2: 4006381333932: the check digit of a GTIN would be 1"]


def test_other_names_and_constants_come_from_the_map(imported):
    columns = Columns({"sku": "Artikel", "cost": "EK"}, {"currency": "EUR"})
    report = imported("Artikel;EK;Farbe\nLAMP;2.50;rot\n", columns)
    assert (report.refused, report.ignored) == (0, ["Farbe"])
    assert Sku.objects.get().cost_minor == 250


@pytest.mark.parametrize(
    "text", ["=cmd|' /C calc'!A0", "<script>alert(1)</script>", "'; drop table x; --", "%s{0}"]
)
def test_hostile_text_is_only_text(imported, text: str):
    quoted = '"' + text.replace('"', '""') + '"'
    assert imported(f"sku,title\n{quoted},{quoted}\n").refused == 0
    assert Sku.objects.get().title == text
