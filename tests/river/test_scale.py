"""The scale: a parcel that weighs something else than its units and its carton is not closed just so."""

from collections.abc import Mapping
from typing import Any

import pytest
from msgspec.structs import replace

from quartermaster.core import sql
from quartermaster.core.actions.versions import VersionMoved
from quartermaster.core.errors import Invalid
from quartermaster.shipping.queries.shipments import to_ship
from quartermaster.warehouse.actions import close, open_parcel, scan, write_packaging
from quartermaster.warehouse.actions.weigh import WeightOff
from quartermaster.warehouse.queries.packaging import packaging_in_force, packaging_of
from quartermaster.warehouse.rules.packaging import FIRST
from quartermaster.warehouse.rules.scale import Weighed, doubt, expected

from .conftest import NOW
from .floor import Floor, floor

__all__ = ["floor"]
MUG, POT = Weighed("MUG", 3, 300), Weighed("POT", 1, 1500)


@pytest.mark.parametrize(
    ("measured_g", "cause"),
    [
        (2200, "one unit of MUG too few"),
        (2800, "one unit of MUG too many"),
        (1900, "2 units of MUG too few"),
        (1000, "one unit of POT too few"),
        (4000, "one unit of POT too many"),
        (2650, ""),
    ],
)
def test_a_wrong_weight_names_its_likely_cause(measured_g: int, cause: str):
    found = doubt([MUG, POT], 100, measured_g, FIRST)
    assert found is not None
    assert (found.expected_g, found.tolerance_g, found.cause) == (2500, 65, cause)


def test_a_scale_is_not_exact_and_nobody_guesses_what_was_never_measured():
    assert doubt([MUG, POT], 100, 2560, FIRST) is None
    assert expected([MUG, Weighed("X", 1, None)], 100) is None
    assert doubt([MUG, Weighed("X", 1, None)], 100, 99, FIRST) is None


def two_mugs(floor: Floor) -> int:
    floor.stow("MUG", A_1=5)
    sql.run("update catalog_sku set weight_g = 300")
    order = floor.sell(("MUG", 2))
    floor.picked()
    parcel = open_parcel(f"SO-{order}", "BER", at=NOW, by="user:1")
    for _ in range(2):
        scan(parcel, "MUG", at=NOW, by="user:1")
    return parcel


def shut(parcel: int, **different: Any) -> None:
    wanted: Mapping[str, Any] = {"carton": "BOX-201510", "weight_g": 690, **different}
    close(parcel, **wanted, at=NOW, by="user:7")


def test_one_unit_too_few_stops_the_parcel_until_it_is_put_right(floor: Floor):
    parcel = two_mugs(floor)
    with pytest.raises(WeightOff) as refusal:
        shut(parcel, weight_g=392)
    assert "weighs 392 g, it should weigh 690 g (± 28 g): one unit of MUG too few" in refusal.value.title

    shut(parcel)
    state = "select state, length_mm, width_mm, height_mm, tare_g from warehouse_parcel"
    assert sql.run(state) == [("packed", 200, 150, 100, 90)]


def test_who_lets_a_wrong_weight_pass_says_why_and_is_remembered(floor: Floor):
    parcel = two_mugs(floor)
    shut(parcel, weight_g=392, weight_because="the scale is broken")
    told = "select actor, body->>'because', body->>'measured_g' from core_event where name = 'WeightAccepted'"
    assert sql.run(told) == [("user:7", "the scale is broken", "392")]


def test_a_parcel_nobody_weighed_is_rated_with_its_carton(floor: Floor):
    parcel = two_mugs(floor)
    shut(parcel, weight_g=None)
    shipment = to_ship({parcel: NOW})[parcel].shipment
    assert shipment is not None
    assert (shipment.weight_g, shipment.length_mm) == (690, 200)


def test_packaging_has_versions_and_says_what_is_wrong_with_it(floor: Floor):
    fewer = replace(FIRST, cartons=FIRST.cartons[:2])
    write_packaging(fewer, because="two will do", version=1, at=NOW, by="user:7")
    assert packaging_in_force().packaging == replace(fewer, version=2)
    assert packaging_of(1).packaging == FIRST
    with pytest.raises(VersionMoved):
        write_packaging(fewer, because="again", version=1, at=NOW, by="user:7")
    with pytest.raises(Invalid):
        write_packaging(replace(fewer, currency=""), because="", at=NOW, by="user:7")
    assert sql.run("select actor from core_event where name = 'PackagingChanged'") == [("user:7",)]
