from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from quartermaster.catalog.actions import BarcodeTaken, UnitLocked, remove_barcode, save_sku, save_skus
from quartermaster.catalog.models import Barcode, Product, Sku, Unit
from quartermaster.catalog.rules.skus import Draft
from quartermaster.core import sql
from quartermaster.core.errors import Invalid, NotFound
from quartermaster.core.models import EventRow
from quartermaster.stock.models import Location, Movement, Place

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def saved(code: str = "LAMP", **given: object) -> Sku:
    outcome = save_sku(Draft(code=code, **given), at=AT, by="user:3", source="api")  # type: ignore[arg-type]
    return Sku.objects.get(pk=outcome.sku_id)


def told() -> list[tuple[str, dict[str, object]]]:
    rows = EventRow.objects.filter(name="SkuChanged").order_by("id")
    return [(row.subject, row.body["changed"]) for row in rows]


def test_a_new_sku_has_what_was_given_and_ordinary_values_else():
    lamp = saved(
        title="Brass lamp",
        product="LAMPS",
        options={"metal": "brass"},
        weight_g=1200,
        cost_minor=1299,
        currency="EUR",
        available_on=date(2026, 12, 1),
        barcodes={"4006381333931": 1, "14006381333938": 12},
        units={"case": 12},
    )
    assert (lamp.title, lamp.weight_g, lamp.cost_minor, lamp.policy) == (
        "Brass lamp",
        1200,
        1299,
        "backorder",
    )
    assert lamp.product == Product.objects.get(code="LAMPS")
    assert dict(Barcode.objects.values_list("code", "pack_quantity")) == {
        "4006381333931": 1,
        "14006381333938": 12,
    }
    assert Unit.objects.get(sku=lamp).factor == 12


def test_a_change_tells_before_and_after_of_what_changed_and_the_same_again_tells_nothing():
    saved(title="Lamp", available_on=date(2026, 12, 1))
    saved(title="Brass lamp", barcodes={"A": 1})
    saved(title="Brass lamp", barcodes={"A": 1}, available_on=date(2026, 12, 1))
    (_, made), (subject, changed) = told()
    assert made == {"sku": [None, "LAMP"], "title": ["", "Lamp"], "available_on": [None, "2026-12-01"]}
    assert subject == "sku:LAMP"
    assert changed == {"title": ["Lamp", "Brass lamp"], "barcodes": [{}, {"A": 1}]}


def test_a_refused_row_stops_no_other_and_names_every_field():
    outcomes = save_skus(
        [Draft(code="A"), Draft(code="B", weight_g=-1, policy="x"), Draft(code="C")], at=AT, by="user:3"
    )
    assert [outcome.sku_id is None for outcome in outcomes] == [False, True, False]
    assert isinstance(outcomes[1].refused, Invalid)
    assert set(outcomes[1].refused.errors) == {"weight_g", "policy"}
    assert [subject for subject, _ in told()] == ["sku:A", "sku:C"]


def test_several_rows_of_one_sku_add_up_to_one_change():
    save_skus(
        [
            Draft(code="A", title="one", barcodes={"1": 1}),
            Draft(code="A", title="two", barcodes={"2": 1}),
            Draft(code="A", weight_g=-1, title="three"),
        ],
        at=AT,
        by="user:3",
    )
    assert Sku.objects.get().title == "two"
    assert Barcode.objects.count() == 2
    assert len(told()) == 1


def test_a_barcode_belongs_to_one_sku_also_within_a_batch():
    saved("A", barcodes={"1": 1})
    with pytest.raises(BarcodeTaken, match="belongs to A"):
        saved("B", barcodes={"1": 1})
    outcomes = save_skus(
        [Draft(code="C", barcodes={"2": 1}), Draft(code="D", barcodes={"2": 1})], at=AT, by="user:3"
    )
    assert isinstance(outcomes[1].refused, BarcodeTaken)
    assert sorted(Sku.objects.values_list("code", flat=True)) == ["A", "C"]


def test_a_removed_barcode_is_free_for_another_sku():
    saved("A", barcodes={"1": 1, "2": 6})
    remove_barcode("1", at=AT, by="user:3")
    assert told()[-1] == ("sku:A", {"barcodes": [{"1": 1, "2": 6}, {"2": 6}]})
    saved("B", barcodes={"1": 1})
    with pytest.raises(NotFound):
        remove_barcode("9", at=AT, by="user:3")


def test_a_wrong_check_digit_is_accepted_and_doubted():
    outcome = save_sku(Draft(code="A", barcodes={"4006381333932": 1}), at=AT, by="user:3")
    assert outcome.doubts == {"barcode": "4006381333932: the check digit of a GTIN would be 1"}
    assert Barcode.objects.count() == 1


def test_the_base_unit_is_free_until_units_have_moved_and_locked_after():
    lamp = saved()
    saved(base_unit="g")
    berlin = Location.objects.create(code="BER")
    site = Place.objects.create(code="BER", location=berlin, kind="site")
    Movement.objects.create(
        key="1", sku=lamp, quantity=1, source_id=-1, target=site, because="found", actor="user:3", at=AT
    )
    with pytest.raises(UnitLocked, match="counted in g already"):
        saved(base_unit="each")
    saved(base_unit="g", title="the same unit is no change")


def test_no_statement_changes_the_code_of_a_sku():
    saved()
    with pytest.raises(IntegrityError, match="give it an alias"), transaction.atomic():
        Sku.objects.filter(code="LAMP").update(code="LIGHT")


def test_a_batch_costs_the_same_statements_whatever_its_size():
    def statements(count: int) -> int:
        drafts = [
            Draft(code=f"{count}-{n}", product="P", barcodes={f"{count}/{n}": 1}, units={"case": 2})
            for n in range(count)
        ]
        with sql.counted() as run:
            save_skus(drafts, at=AT, by="user:3")
        return len(run)

    assert statements(2) == statements(200) <= 10


@pytest.mark.parametrize(
    "text", ["'; drop table catalog_sku; --", "<script>", "=1+1", "{0}", "%s", "Größe 🛋"]
)
def test_text_is_only_text(text: str):
    assert saved(text, title=text, options={text: text}).title == text
    saved(text, title="again")
    assert Sku.objects.get(code=text).title == "again"
