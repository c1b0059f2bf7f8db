"""Pick faces are filled for today's work, and nobody's units are carried away."""

from datetime import timedelta

import pytest

from quartermaster.core import sql
from quartermaster.warehouse.actions import give_up_refill, plan_refills, refill, set_face
from quartermaster.warehouse.actions.refill import OtherBin, PickersComing, RefillOver
from quartermaster.warehouse.queries.refills import refills

from .conftest import NOW
from .floor import Floor, floor

__all__ = ["floor"]


@pytest.fixture
def mugs(floor: Floor) -> Floor:
    """A face A-1 for 2 to 6 mugs with 3, and 20 kept in Z-1."""
    floor.stow("MUG", A_1=3, Z_1=20)
    set_face("BER/A-1", "MUG", units_min=2, units_max=6, at=NOW, by="user:1")
    return floor


def due(day: int = 0) -> None:
    sql.run("update allocation_allocation set ship_by = %s", (NOW + timedelta(days=day),))


def planned() -> list[tuple[str, str, int]]:
    plan_refills(at=NOW, by="system")
    return [(one.source, one.target, one.left) for one in refills().items]


def carry(units: int, source: str = "Z-1", target: str = "A-1") -> None:
    ((task,),) = sql.run("select max(id) from warehouse_refill")
    refill(task, units, source=source, target=target, at=NOW, by="user:1")


def test_a_face_that_has_enough_for_today_is_left_alone(mugs: Floor) -> None:
    mugs.sell(("MUG", 3))
    assert planned() == []


def test_todays_orders_fill_a_face_once_and_keep_their_promises(mugs: Floor) -> None:
    order = mugs.sell(("MUG", 5))
    due(1)
    assert planned() == []
    due()
    assert planned() == planned() == [("BER/Z-1", "BER/A-1", 3)]
    with pytest.raises(OtherBin, match="This is Q-9"):
        carry(3, source="Q-9")

    for units in (1, 1, 3, 3):
        carry(units)

    assert mugs.lying("MUG") == {"A-1 available": 6, "Z-1 available": 17}
    assert mugs.company.stock() == {"MUG@BER": (23, 5)}
    assert planned() == []
    with pytest.raises(RefillOver):
        carry(2)
    mugs.picked()
    assert mugs.units(order) == [{"picked": 5}]
    assert mugs.lying("MUG") == {"A-1 available": 1, "BER picked": 5, "Z-1 available": 17}


def test_units_that_a_picker_is_on_the_way_for_stay_where_they_are(mugs: Floor) -> None:
    mugs.sell(("MUG", 5))
    due()
    planned()
    mugs.sell(("MUG", 17))
    mugs.make_list()  # 3 from the face, 19 of the 20 from where they are kept

    with pytest.raises(PickersComing, match="1 × MUG"):
        carry(3)
    carry(1)
    ((task,),) = sql.run("select id from warehouse_refill")
    give_up_refill(task, because="the rest is picked", at=NOW, by="user:1")
    assert refills().items == []
    mugs.company.flow()


def test_a_bin_stops_being_a_face(mugs: Floor) -> None:
    mugs.sell(("MUG", 5))
    due()
    set_face("BER/A-1", "MUG", units_min=0, units_max=0, at=NOW, by="user:1")
    assert planned() == []
