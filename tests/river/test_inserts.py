"""Inserts: decided with the parcel, scanned when they are articles, weighed, and on the slip."""

import pytest
from msgspec.structs import replace

from quartermaster.core import sql
from quartermaster.warehouse.actions import close, open_parcel, pack_all, scan, write_packaging
from quartermaster.warehouse.actions.add_inserts import InsertMissing
from quartermaster.warehouse.actions.pack import WrongItem
from quartermaster.warehouse.queries.parcels import parcel as find
from quartermaster.warehouse.rules.packaging import FIRST, Insert

from .conftest import NOW
from .floor import Floor, floor

__all__ = ["floor"]
CARD = Insert("CARD", "A card", weight_g=10, skus=("MUG",))
SAMPLE = Insert("SAMPLE", "Tea sample", weight_g=40, sku="TEA")


@pytest.fixture
def order(floor: Floor) -> int:
    """Two mugs, picked, while the packaging has a card and a sample."""
    floor.stow("MUG", A_1=9)
    floor.stow("TEA", A_2=9)
    sql.run("update catalog_sku set weight_g = 300")
    write_packaging(replace(FIRST, inserts=(CARD, SAMPLE)), because="spring", at=NOW, by="user:7")
    made = floor.sell(("MUG", 2))
    floor.picked()
    return made


def begun(order: int) -> int:
    return open_parcel(f"SO-{order}", "BER", at=NOW, by="user:1")


def test_a_sample_is_scanned_and_what_goes_in_is_weighed(order: int):
    parcel = begun(order)
    told = [(one.title, one.because, one.is_scanned) for one in find(parcel).inserts]
    assert told == [("A card", "with MUG", False), ("Tea sample", "every order", False)]
    for _ in range(2):
        scan(parcel, "MUG", at=NOW, by="user:1")
    with pytest.raises(InsertMissing, match="Tea sample goes into"):
        close(parcel, at=NOW, by="user:1")
    assert scan(parcel, "TEA", at=NOW, by="user:1").left == 0
    with pytest.raises(WrongItem):
        scan(parcel, "TEA", at=NOW, by="user:1")
    close(parcel, carton="BOX-201510", weight_g=600 + 90 + 50, at=NOW, by="user:1")
    assert [one.is_scanned for one in find(parcel).inserts] == [False, True]


def test_what_is_left_out_is_said_why_and_no_second_parcel_gets_it(order: int):
    parcel = begun(order)
    scan(parcel, "MUG", at=NOW, by="user:1")
    close(parcel, partly=True, insert_because="none left", at=NOW, by="user:7")
    told = "select actor, body->>'because' from core_event where name = 'InsertLeftOut'"
    assert sql.run(told) == [("user:7", "none left")]
    assert find(begun(order)).inserts == ()


def test_a_scripted_crew_gets_the_same_inserts(order: int):
    (parcel,) = pack_all([order], at=NOW, by="user:1")
    assert [one.code for one in find(parcel).inserts] == ["CARD", "SAMPLE"]
