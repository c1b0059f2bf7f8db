"""reserve, release and consume: units promised, given back and handed over."""

from datetime import date

import pytest
from django.db import transaction
from tests.stock.shop import AT, Shop, a_move, broken

from quartermaster.core import sql
from quartermaster.stock.actions import (
    LotDate,
    NotEnoughStock,
    NotReserved,
    Reserve,
    Settle,
    consume,
    date_lots,
    lock_levels,
    post,
    release,
    reserve,
)
from quartermaster.stock.queries.reservations import reservations


def receive(shop: Shop, units: int, place: str = "BER", lot: str = "", serial: str = "") -> None:
    move = a_move(shop.sku_id, f"in {place} {lot} {serial}", units, "world:supplier", place, lot, serial)
    post([move], by="test", at=AT)


def promise(shop: Shop, claim: int, units: int, site: str = "BER", holder: int = 1) -> None:
    reserve([Reserve(shop.sku_id, shop.sites[site], units, claim, holder)], at=AT)


def ship(shop: Shop, claim: int, units: int, key: str = "ship") -> None:
    parts = [Settle(claim, shop.sku_id, units)]
    consume(parts, because="shipped", document="order:1", by="test", at=AT, key_prefix=key)


def states(claim: int) -> list[tuple[str, int, str, int]]:
    return [(one.location, one.holder, one.state, one.quantity) for one in reservations([claim])]


def test_what_is_free_is_what_is_neither_promised_nor_kept_back(shop: Shop):
    receive(shop, 9)
    promise(shop, 1, 3)
    sql.run("update stock_level set safety = 2, incoming = 7")
    ber = shop.sites["BER"]
    assert lock_levels([shop.sku_id, 10**9]) == [(shop.sku_id, ber, 4, 2, 7)]
    sql.run("update stock_level set safety = 100")
    assert lock_levels([shop.sku_id])[0].free == 0


def test_levels_come_in_lock_order(shop: Shop):
    receive(shop, 1, "MUC")
    receive(shop, 1, "BER")
    assert [level.location_id for level in lock_levels([shop.sku_id])] == sorted(shop.sites.values())


def test_a_batch_is_promised_whole_or_not_at_all(shop: Shop):
    receive(shop, 5)
    ber, muc = shop.sites["BER"], shop.sites["MUC"]
    for short in ([Reserve(shop.sku_id, ber, 3, 2, 1)], [Reserve(shop.sku_id, muc, 1, 2, 1)]):
        with pytest.raises(NotEnoughStock, match=r"does not hold . × LAMP"), transaction.atomic():
            reserve([Reserve(shop.sku_id, ber, 3, 1, 1), *short], at=AT)
    assert reservations([1, 2]) == []
    assert broken() == []


def test_promising_nothing_is_nothing(shop: Shop):
    reserve([], at=AT)
    release([], because="test", at=AT)
    consume([], because="test", document="", by="test", at=AT, key_prefix="x")


def test_units_of_the_newest_holder_are_released_first_and_of_the_oldest_shipped_first(shop: Shop):
    receive(shop, 6)
    receive(shop, 6, "MUC")
    promise(shop, 1, 4, "BER", holder=1)
    promise(shop, 1, 4, "MUC", holder=2)

    release([Settle(1, shop.sku_id, 1)], because="test", at=AT)
    ship(shop, 1, 5)

    assert sorted(states(1)) == [
        ("BER", 1, "consumed", 4),
        ("MUC", 2, "consumed", 1),
        ("MUC", 2, "pending", 2),
        ("MUC", 2, "released", 1),
    ]
    assert broken() == []


def test_parts_of_the_same_claim_add_up(shop: Shop):
    receive(shop, 6)
    promise(shop, 1, 5)
    release([Settle(1, shop.sku_id, 2), Settle(1, shop.sku_id, 2)], because="test", at=AT)
    with pytest.raises(NotReserved, match="Claim 1 has 1 × LAMP reserved, not 2"):
        release([Settle(1, shop.sku_id, 1), Settle(1, shop.sku_id, 1)], because="test", at=AT)


def test_a_release_tells_of_free_units_only_when_asked_and_only_when_there_are_some(shop: Shop):
    receive(shop, 6)
    promise(shop, 1, 6)
    sql.run("update stock_level set safety = 2")
    arrivals = "select count(*) from core_event where name = 'StockArrived'"
    ((before,),) = sql.run(arrivals)

    release([Settle(1, shop.sku_id, 1)], because="test", at=AT)
    assert sql.run(arrivals) == [(before,)]
    release([Settle(1, shop.sku_id, 1)], because="test", at=AT, emit_arrival=True)
    assert sql.run(arrivals) == [(before,)]
    release([Settle(1, shop.sku_id, 1)], because="test", at=AT, emit_arrival=True)
    assert sql.run(arrivals) == [(before + 1,)]


def test_units_leave_the_site_first_then_its_bins_the_lot_that_expires_first_ahead(shop: Shop):
    for place, lot in (("BER/B", ""), ("BER/A", "L1"), ("BER/A", "L2"), ("BER/A", "L0"), ("BER", "")):
        receive(shop, 1, place, lot)
    dates = {"L1": date(2027, 5, 1), "L2": date(2027, 4, 1)}
    date_lots([LotDate(shop.sku_id, lot, day) for lot, day in dates.items()], by="test", at=AT)
    promise(shop, 1, 5)
    for n in range(5):
        ship(shop, 1, 1, key=f"ship {n}")

    left = sql.run(
        "select p.code, m.lot from stock_movement m join stock_place p on p.id = m.source_id "
        "where m.target_id = -2 order by m.id"
    )
    assert left == [("BER", ""), ("BER/A", "L2"), ("BER/A", "L1"), ("BER/A", "L0"), ("BER/B", "")]


def test_units_with_serial_numbers_leave_one_by_one(shop: Shop):
    for serial in ("S2", "S1"):
        receive(shop, 1, "BER", serial=serial)
    receive(shop, 1, "MUC", serial="S3")
    promise(shop, 1, 2)
    ship(shop, 1, 2)
    assert sql.run("select serial from stock_balance where place_id = -2 order by 1") == [("S1",), ("S2",)]
    assert broken() == []


def test_units_that_are_not_available_do_not_leave(shop: Shop):
    receive(shop, 2, "BER/A")
    post([a_move(shop.sku_id, "bad", 1, "BER/A", "BER:damaged")], by="test", at=AT)
    promise(shop, 1, 1)
    ship(shop, 1, 1)
    assert sql.run("select state, quantity from stock_balance where place_id > 0") == [("damaged", 1)]


def test_shipping_the_same_twice_ships_once_even_when_more_is_promised(shop: Shop):
    receive(shop, 9)
    promise(shop, 1, 9)
    for _ in range(3):
        ship(shop, 1, 2)
    assert sql.run("select sum(quantity) from stock_movement where target_id = -2") == [(2,)]
    assert broken() == []


def test_a_big_batch_costs_as_many_statements_as_a_small_one(shop: Shop):
    made = sql.run(
        "insert into catalog_sku (code) select 'S' || n from generate_series(1, 300) n returning id"
    )
    skus = [row[0] for row in made]
    post([a_move(sku, f"in {sku}", 9, "world:supplier", "BER/A") for sku in skus], by="test", at=AT)
    ber = shop.sites["BER"]

    def statements(sku_ids: list[int], claim: int) -> list[int]:
        parts = [Settle(claim, sku_id, 1) for sku_id in sku_ids]
        counts = []
        with sql.counted() as run:
            lock_levels(sku_ids)
            reserve([Reserve(sku_id, ber, 3, claim, 1) for sku_id in sku_ids], at=AT)
        counts.append(len(run))
        with sql.counted() as run:
            release(parts, because="test", at=AT, emit_arrival=True)
        counts.append(len(run))
        with sql.counted() as run:
            consume(parts, because="test", document="", by="test", at=AT, key_prefix=f"ship {claim}")
        counts.append(len(run))
        return counts

    assert statements(skus[:1], 1) == statements(skus, 2) == [2, 6, 15]
    assert broken() == []
