"""Kits under way: redefined after they were promised, broken by shortages, taken off unit by unit."""

from datetime import UTC, datetime

import pytest

from quartermaster.catalog.actions import Kit, set_kits
from quartermaster.core import sql
from quartermaster.orders.actions import cancel
from quartermaster.stock.actions import Move, post

from .conftest import Company

AT = datetime(2026, 11, 2, 13, 0, tzinfo=UTC)
ORDER = 5_000_000_001


@pytest.fixture
def sets(company: Company) -> Company:
    """A shop that sells a SET of two bulbs and a shade."""
    company.site("BER")
    company.sku("BULB", BER=20)
    company.sku("SHADE", BER=20)
    company.sku("CABLE", BER=20)
    company.kit("SET", BULB=2, SHADE=1)
    return company


def redefine(**parts: int) -> None:
    (outcome,) = set_kits([Kit("SET", parts)], at=AT, by="user:1")
    assert outcome.refused is None


def scrap(company: Company, code: str, units: int) -> None:
    """Units are found broken, promised or not."""
    ((sku_id,),) = sql.run("select id from catalog_sku where code = %s", (code,))
    move = Move(f"broken:{code}:{units}", sku_id, units, "BER", "world:scrap", "found broken")
    post([move], by="user:1", at=AT, breaks_reservations=True)
    company.flow()


def cancel_units(company: Company, units: int, external_id: int = ORDER) -> None:
    ((order_id, line_id),) = sql.run(
        "select order_id, l.id from orders_line l join orders_order o on o.id = order_id "
        "where o.external_id = %s",
        (str(external_id),),
    )
    cancel(f"SO-{order_id}", because="one less", lines={line_id: units}, at=AT, by="user:1")
    company.flow()


def reserved(company: Company) -> dict[str, int]:
    return {key.removesuffix("@BER"): units for key, (_, units) in company.stock().items() if units}


def test_a_part_added_to_a_kit_after_it_was_promised_does_not_stop_a_cancellation(sets: Company) -> None:
    sets.tell(sets.shop.sell(("SET", 3)))
    redefine(BULB=2, SHADE=1, CABLE=1)
    sets.tell(sets.shop.sell(("SET", 1)))
    assert reserved(sets) == {"BULB": 8, "SHADE": 4, "CABLE": 1}

    for _ in range(3):
        cancel_units(sets, 1)

    assert sets.units(ORDER) == [{"ordered": 3, "cancelled": 3}]
    assert reserved(sets) == {"BULB": 2, "SHADE": 1, "CABLE": 1}


def test_a_line_promised_under_two_definitions_gives_all_of_it_back(sets: Company) -> None:
    """Four of five units under the first definition, the fifth under the second: one cable for five units."""
    sets.sku("SHADE")
    scrap(sets, "SHADE", 16)
    sets.tell(sets.shop.sell(("SET", 5)))
    assert reserved(sets) == {"BULB": 8, "SHADE": 4}
    redefine(BULB=2, SHADE=1, CABLE=1)
    sets.receive("SHADE", BER=1)
    sets.flow()
    assert reserved(sets) == {"BULB": 10, "SHADE": 5, "CABLE": 1}

    for left in (4, 3, 2, 1, 0):
        cancel_units(sets, 1)
        assert sets.units(ORDER)[0].get("allocated", 0) == left

    assert reserved(sets) == {}


def test_a_shortage_of_one_part_leaves_no_other_part_promised_to_nobody(sets: Company) -> None:
    sets.tell(sets.shop.sell(("SET", 2)))
    scrap(sets, "BULB", 17)  # three of the four promised ones are left

    assert sets.units(ORDER) == [{"ordered": 2, "allocated": 1, "open": 1}]
    assert reserved(sets) == {"BULB": 2, "SHADE": 1}
    assert sets.status(ORDER) == "backordered"


def test_a_shortage_that_leaves_nothing_closes_the_allocation(sets: Company) -> None:
    sets.tell(sets.shop.sell(("SET", 2), ("CABLE", 1)))
    scrap(sets, "BULB", 20)
    scrap(sets, "CABLE", 20)

    assert reserved(sets) == {}
    assert sql.run("select distinct state from allocation_allocation") == [("cancelled",)]
    assert sets.status(ORDER) == "backordered"


def test_a_shortage_of_a_plain_sku_leaves_the_rest_of_the_order_where_it_is(sets: Company) -> None:
    sets.tell(sets.shop.sell(("CABLE", 5), ("BULB", 3)))
    scrap(sets, "CABLE", 17)

    assert sets.units(ORDER) == [{"ordered": 5, "allocated": 3, "open": 2}, {"ordered": 3, "allocated": 3}]
    assert sql.run("select count(*) from allocation_allocation") == [(1,)]


def test_a_shortage_after_the_kit_was_redefined_promises_by_the_new_definition(sets: Company) -> None:
    sets.tell(sets.shop.sell(("SET", 3)))
    redefine(BULB=2, SHADE=1, CABLE=1)
    scrap(sets, "BULB", 15)

    assert sets.units(ORDER) == [{"ordered": 3, "allocated": 2, "open": 1}]
    assert reserved(sets) == {"BULB": 4, "SHADE": 2, "CABLE": 2}


def test_a_kit_that_is_one_no_more_gives_its_parts_back(sets: Company) -> None:
    sets.tell(sets.shop.sell(("SET", 3)))
    redefine()
    sets.examine()
    cancel_units(sets, 1)
    assert reserved(sets) == {"BULB": 4, "SHADE": 2}
    cancel_units(sets, 2)

    assert reserved(sets) == {}


def test_the_last_unit_of_a_part_that_two_kits_share_goes_to_one_of_them(sets: Company) -> None:
    scrap(sets, "BULB", 17)
    sets.kit("PAIR", BULB=2)
    sets.tell(sets.shop.sell(("SET", 1)), sets.shop.sell(("PAIR", 1)), sets.shop.sell(("BULB", 1)))

    assert reserved(sets) == {"BULB": 3, "SHADE": 1}
    assert [sets.status(ORDER + n) for n in range(3)] == ["allocated", "backordered", "allocated"]
