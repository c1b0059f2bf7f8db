"""Safety stock, incoming units and the dates of lots: set, told, and audited."""

from datetime import date

import pytest
from tests.stock.shop import AT, Shop, a_move

from quartermaster.core import sql
from quartermaster.core.errors import Invalid, NotFound
from quartermaster.stock.actions import (
    LevelUnits,
    LotDate,
    date_lots,
    lock_levels,
    post,
    set_incoming,
    set_safety,
)


def told() -> list[tuple[str, str]]:
    return [(row[0], row[1]) for row in sql.run("select name, body->>'changed' from core_event order by id")]


def test_safety_stock_is_kept_back_and_the_change_is_told_with_before_and_after(shop: Shop):
    post([a_move(shop.sku_id, "in", 5, "world:supplier", "BER")], by="test", at=AT)
    set_safety([LevelUnits(shop.sku_id, shop.sites["BER"], 3)], by="me", at=AT)

    assert lock_levels([shop.sku_id])[0][2:4] == (2, 3)
    assert told()[1:] == [("StockPolicyChanged", '{"safety": [0, 3]}')]


def test_lowering_safety_stock_frees_units_for_waiting_orders(shop: Shop):
    post([a_move(shop.sku_id, "in", 5, "world:supplier", "BER")], by="test", at=AT)
    for units in (9, 7, 4):
        set_safety([LevelUnits(shop.sku_id, shop.sites["BER"], units)], by="me", at=AT)
    assert [name for name, _ in told()[1:]] == ["StockPolicyChanged"] * 3 + ["StockArrived"]


def test_a_level_may_be_set_before_there_is_any_stock_and_the_same_again_is_silent(shop: Shop):
    wanted = [LevelUnits(shop.sku_id, shop.sites[site], 4) for site in ("BER", "MUC")]
    for _ in range(2):
        set_incoming(wanted, by="me", at=AT)
    assert [level.incoming for level in lock_levels([shop.sku_id])] == [4, 4]
    assert len(told()) == 2


def test_what_cannot_be_set_is_refused(shop: Shop):
    with pytest.raises(Invalid) as refused:
        set_safety([LevelUnits(shop.sku_id, shop.sites["BER"], -1)], by="me", at=AT)
    assert list(refused.value.errors) == ["safety[0].units"]
    with pytest.raises(NotFound, match="There is no SKU"):
        set_safety([LevelUnits(10**9, shop.sites["BER"], 1)], by="me", at=AT)
    with pytest.raises(NotFound, match="There is no site"):
        set_incoming([LevelUnits(shop.sku_id, 10**9, 1)], by="me", at=AT)
    set_safety([], by="me", at=AT)
    assert told() == []


def test_a_lot_is_dated_and_dated_again(shop: Shop):
    for day in (1, 1, 2):
        date_lots([LotDate(shop.sku_id, "L1", date(2027, 5, day))], by="me", at=AT)
    assert sql.run("select expires_on from stock_lot") == [(date(2027, 5, 2),)]
    assert [changed for _, changed in told()] == [
        '{"lot L1 expires_on": [null, "2027-05-01"]}',
        '{"lot L1 expires_on": ["2027-05-01", "2027-05-02"]}',
    ]


def test_a_lot_needs_a_name_and_a_sku(shop: Shop):
    with pytest.raises(Invalid):
        date_lots([LotDate(shop.sku_id, "", date(2027, 5, 1))], by="me", at=AT)
    with pytest.raises(NotFound):
        date_lots([LotDate(10**9, "L1", date(2027, 5, 1))], by="me", at=AT)
