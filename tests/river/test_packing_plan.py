"""Cartons are suggested at the bench, kept with their reasons, and followed or not."""

import pytest
from msgspec.structs import replace

from quartermaster.core import doctor, sql
from quartermaster.shipping.actions import plan_packing
from quartermaster.shipping.queries.packing import PlanShown, plan_of
from quartermaster.warehouse.actions import close, open_parcel, scan, write_packaging
from quartermaster.warehouse.actions.follow_plan import CartonNotPlanned
from quartermaster.warehouse.actions.parcels import ParcelOver
from quartermaster.warehouse.rules.packaging import FIRST

from .conftest import NOW
from .floor import Floor, floor

__all__ = ["floor"]
SIZES = {"MUG": (300, 120, 90, 100), "OIL": (500, 80, 80, 200), "LAMP": (900, 500, 350, 250)}


def measure(sku: str, *, packing: str = "[]") -> None:
    sql.run(
        "update catalog_sku set (weight_g, length_mm, width_mm, height_mm) = (%s, %s, %s, %s), "
        "attributes = jsonb_build_object('packing', %s::jsonb) where code = %s",
        (*SIZES[sku], packing, sku),
    )


def begun(floor: Floor, *lines: tuple[str, int]) -> int:
    """A parcel with its suggestion."""
    order = floor.sell(*lines)
    floor.picked()
    return again(order)


def again(order: int) -> int:
    parcel = open_parcel(f"SO-{order}", "BER", at=NOW, by="user:1")
    plan_packing(parcel, at=NOW, by="user:1")
    return parcel


def planned(parcel: int) -> PlanShown:
    shown = plan_of(parcel)
    assert shown is not None
    return shown


def contents(parcel: int) -> list[tuple[str, dict[str, int]]]:
    plan = planned(parcel).plan
    return [(box.carton, dict(box.contents)) for box in plan.boxes] if plan else []


@pytest.fixture
def goods(floor: Floor) -> Floor:
    for sku in SIZES:
        floor.stow(sku, A_1=9)
        measure(sku)
    return floor


def test_what_was_picked_is_planned_kept_with_its_versions_and_followed(goods: Floor):
    parcel = begun(goods, ("MUG", 2))
    shown = planned(parcel)
    assert contents(parcel) == [("BOX-252015", {"MUG": 2})]
    assert (shown.packaging_version, shown.tables_version, shown.made_by) == (1, 1, "user:1")
    assert any("2 units" in sentence for sentence in shown.because)
    plan_packing(parcel, at=NOW, by="user:1")
    assert sql.run("select count(*) from warehouse_packing_plan") == [(1,)]

    for _ in range(2):
        scan(parcel, "MUG", at=NOW, by="user:1")
    close(parcel, carton="BOX-252015", at=NOW, by="user:1")
    assert (planned(parcel).taken, planned(parcel).box) == ("BOX-252015", 0)
    assert not [finding.check for finding in doctor.examine() if finding.rows]
    with pytest.raises(ParcelOver):
        plan_packing(parcel, at=NOW, by="user:1")


def test_another_carton_wants_a_reason_that_is_remembered(goods: Floor):
    parcel = begun(goods, ("MUG", 1))
    scan(parcel, "MUG", at=NOW, by="user:1")
    with pytest.raises(CartonNotPlanned):
        close(parcel, carton="BOX-806040", at=NOW, by="user:1")
    close(parcel, carton="BOX-806040", carton_because="none is left", at=NOW, by="user:7")

    assert (planned(parcel).taken_because, planned(parcel).box) == ("none is left", None)
    told = "select actor, body->>'taken' from core_event where name = 'CartonOverridden'"
    assert sql.run(told) == [("user:7", "BOX-806040")]


def test_what_was_never_measured_is_named_and_nothing_is_suggested(goods: Floor):
    sql.run("update catalog_sku set weight_g = null, height_mm = null where code = 'OIL'")
    parcel = begun(goods, ("MUG", 1), ("OIL", 1))
    assert planned(parcel).plan is None
    assert planned(parcel).because == ("OIL: its size and weight are not known, so no carton is suggested.",)
    for sku in ("MUG", "OIL"):
        scan(parcel, sku, at=NOW, by="user:1")
    close(parcel, carton="BOX-806040", at=NOW, by="user:1")
    assert planned(parcel).taken == "BOX-806040"


def test_liquids_get_a_carton_of_their_own_and_the_rest_is_planned_anew(goods: Floor):
    measure("OIL", packing='["liquid", "upright"]')
    parcel = begun(goods, ("MUG", 1), ("OIL", 1))
    oil = {"OIL": 1}
    boxes = contents(parcel)
    assert [what for _, what in boxes] == [oil, {"MUG": 1}]

    scan(parcel, "OIL", at=NOW, by="user:1")
    close(parcel, partly=True, carton=boxes[0][0], at=NOW, by="user:1")
    ((order,),) = sql.run("select order_id from warehouse_parcel")
    assert contents(again(order)) == [boxes[1]]


def test_a_site_is_suggested_only_what_it_has_switched_on(goods: Floor):
    cartons = [replace(one, is_on=one.code == "BOX-604040") for one in FIRST.cartons]
    write_packaging(replace(FIRST, cartons=tuple(cartons)), because="all sold", at=NOW, by="user:7")
    parcel = begun(goods, ("MUG", 1))
    assert contents(parcel) == [("BOX-604040", {"MUG": 1})]
    elsewhere = [replace(one, sites=("MUC",)) for one in FIRST.cartons]
    write_packaging(replace(FIRST, cartons=tuple(elsewhere)), because="moved", at=NOW, by="user:7")
    plan_packing(parcel, at=NOW, by="user:1")
    assert planned(parcel).because == ("No carton is switched on at this site.",)
