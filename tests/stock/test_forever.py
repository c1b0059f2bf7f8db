"""What was written stays: the database itself refuses to change the ledger and the event log."""

import psycopg
import pytest
from django.db import transaction
from tests.stock.shop import AT, Shop, a_move

from quartermaster.core import sql
from quartermaster.stock.actions import post


@pytest.mark.parametrize("table", ["stock_movement", "stock_link", "core_event"])
@pytest.mark.parametrize("verb", ["update", "delete", "truncate", "update nothing"])
def test_rows_of_the_ledger_are_never_changed(shop: Shop, table: str, verb: str):
    post([a_move(shop.sku_id, "a", 1, "world:supplier", "BER")], by="test", at=AT)
    column = {"stock_movement": "quantity", "stock_link": "number", "core_event": "id"}[table]
    tried = {
        "update": f"update {table} set {column} = 2",
        "delete": f"delete from {table}",
        "truncate": f"truncate {table} cascade",
        "update nothing": f"update {table} set {column} = 2 where false",
    }[verb]
    sql.run("set constraints all immediate")  # nothing of the posting is left to be checked at commit
    before = sql.run(f"select t::text from {table} t")
    with (
        pytest.raises(psycopg.errors.RestrictViolation, match=r"never changed: (post|record)"),
        transaction.atomic(),
    ):
        sql.run(tried)
    assert sql.run(f"select t::text from {table} t") == before


@pytest.mark.parametrize(
    "tried",
    [
        "update stock_level set reserved = 6",
        "update stock_level set reserved = -1",
        "update stock_level set sellable = on_hand + 1",
        "update stock_balance set quantity = -1 where place_id > 0",
        "update stock_place set location_id = null where id > 0",
        "update stock_place set location_id = 1 where id < 0",
        "update stock_reservation set quantity = 0",
        "update stock_reservation set state = 'lost'",
        "insert into stock_movement (key, sku_id, quantity, source_id, target_id, because, actor, at) "
        "select 'x', id, 1, -1, -2, 'because', 'me', now() from catalog_sku",
    ],
)
def test_rows_that_make_no_sense_cannot_be_written(ledger, tried: str):
    ledger("""
        move a  5  world:supplier > BER = ok
        reserve 1 3 BER                 = ok
    """)
    with pytest.raises(psycopg.errors.CheckViolation), transaction.atomic():
        sql.run(tried)


def test_the_database_keeps_a_serial_number_in_one_place_too(shop: Shop):
    post([a_move(shop.sku_id, "a", 1, "world:supplier", "BER", serial="S1")], by="test", at=AT)
    ((muc,),) = sql.run("select id from stock_place where code = 'MUC'")
    with pytest.raises(psycopg.errors.UniqueViolation), transaction.atomic():
        sql.run(
            "insert into stock_balance (sku_id, place_id, state, lot, serial, quantity) "
            "values (%s, %s, 'qc', '', 'S1', 1)",
            (shop.sku_id, muc),
        )
