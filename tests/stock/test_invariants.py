"""The doctor's stock checks: each names the row that somebody tampered with, and only that."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.stock.shop import AT, Shop, a_move, broken

from quartermaster.core import doctor, sql
from quartermaster.stock.actions import Reserve, post, reserve
from quartermaster.stock.rules import chain, fold
from quartermaster.stock.rules.chain import Linked, Written


@contextmanager
def nobody_watching() -> Iterator[None]:
    """As somebody who may switch triggers off."""
    sql.run("set local session_replication_role = replica")
    yield
    sql.run("set local session_replication_role = origin")


def tamper(statement: str) -> list[str]:
    with nobody_watching():
        sql.run(statement)
    return broken()


@pytest.fixture
def history(shop: Shop) -> Shop:
    """Four movements of LAMP: m1 and m3 touch BER only, m2 BER and MUC, m4 MUC only; 2 promised in BER."""
    steps = [
        ("m1", 9, "world:supplier", "BER"),
        ("m2", 4, "BER", "MUC"),
        ("m3", 1, "BER", "BER/A"),
        ("m4", 2, "MUC", "world:scrap"),
    ]
    post([a_move(shop.sku_id, *step) for step in steps], by="test", at=AT)
    reserve([Reserve(shop.sku_id, shop.sites["BER"], 2, 1, 1)], at=AT)
    return shop


def movement(key: str) -> int:
    return int(sql.run("select id from stock_movement where key = %s", (key,))[0][0])


def test_a_ledger_nobody_touched_is_whole(history: Shop):
    assert broken() == []


@pytest.mark.parametrize(
    "change",
    [
        "actor = 'somebody'",
        "because = 'else'",
        "at = at + interval '1 microsecond'",
        "document = 'x'",
        "lot = 'x'",
        "recorded_at = recorded_at - interval '1 day'",
        "target_state = 'qc'",
    ],
)
def test_the_first_changed_movement_is_named_whatever_was_changed(history: Shop, change: str):
    found = tamper(f"update stock_movement set {change} where key in ('m2', 'm3')")
    bad = f"movement {movement('m2')} (m2), link"
    assert [row for row in found if row.startswith("stock.chains")] == [
        f"stock.chains: LAMP at BER: {bad} 2, is not what was written",
        f"stock.chains: LAMP at MUC: {bad} 1, is not what was written",
    ]


def test_a_changed_quantity_shows_in_the_balances_too(history: Shop):
    found = tamper("update stock_movement set quantity = 5 where key = 'm2'")
    assert "stock.balances: LAMP at BER (available): the balance says 4, its movements say 3" in found


def test_a_movement_that_is_gone_is_named(history: Shop):
    gone = movement("m3")
    found = tamper("delete from stock_movement where key = 'm3'")
    assert f"stock.chains: LAMP at BER: movement {gone}, link 3, is gone" in found


def test_a_movement_that_is_gone_with_its_link_is_missed(history: Shop):
    gone = movement("m2")
    with nobody_watching():
        sql.run("delete from stock_movement where key = 'm2'")
    found = tamper(f"delete from stock_link where movement_id = {gone}")
    assert "stock.chains: LAMP at BER: link 2 is missing" in found
    assert "stock.chains: LAMP at MUC: link 1 is missing" in found


def test_a_chain_that_lost_its_end_is_named(history: Shop):
    found = tamper(f"delete from stock_link where movement_id = {movement('m3')}")
    assert "stock.chains: LAMP at BER: the chain ends at link 2, the level remembers 3 links" in found
    assert f"stock.links: movement {movement('m3')} (m3) of LAMP is not in the chain of BER" in found


def test_a_movement_that_was_slipped_in_is_named(history: Shop):
    sql.run(
        "insert into stock_movement (key, sku_id, quantity, source_id, target_id, because, actor, at) "
        "select 'forged', sku_id, 1, source_id, target_id, 'because', 'me', at from stock_movement "
        "where key = 'm1'"
    )
    found = broken()
    assert f"stock.links: movement {movement('forged')} (forged) of LAMP is not in the chain of BER" in found
    assert "stock.balances: LAMP at BER (available): the balance says 4, its movements say 5" in found


def test_a_changed_hash_or_head_is_named(history: Shop):
    with nobody_watching():
        sql.run("update stock_level set head = 'x' where location_id = %s", (history.sites["MUC"],))
    found = tamper(f"update stock_link set hash = 'x' where movement_id = {movement('m1')}")
    assert found == [
        f"stock.chains: LAMP at BER: movement {movement('m1')} (m1), link 1, is not what was written",
        "stock.chains: LAMP at MUC: the chain has another end than the level",
    ]


def test_a_changed_balance_is_named_with_both_numbers(history: Shop):
    found = tamper("update stock_balance set quantity = 7 where quantity = 4")
    assert found == [
        "stock.balances: LAMP at BER (available): the balance says 7, its movements say 4",
        "stock.levels: LAMP at BER: the level says 5 there, 5 sellable, 2 reserved; "
        "balances and reservations say 8, 8, 2",
        "stock.sums: LAMP: 3 units came from nowhere",
    ]


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("update stock_level set reserved = 1 where reserved = 2", "5 there, 5 sellable, 1 reserved"),
        ("update stock_reservation set state = 'released', quantity = 5", "5 there, 5 sellable, 2 reserved"),
        ("delete from stock_level where reserved = 2", "0 there, 0 sellable, 0 reserved"),
    ],
)
def test_a_level_that_disagrees_with_promises_is_named(history: Shop, statement: str, says: str):
    assert any(
        row.startswith(f"stock.levels: LAMP at BER: the level says {says}") for row in tamper(statement)
    )


def test_oversold_and_negative_rows_are_found_where_the_checks_were_switched_off(history: Shop):
    sql.run("set constraints all immediate")
    sql.run("alter table stock_level drop constraint never_oversold")
    sql.run("alter table stock_balance drop constraint stock_never_negative")
    found = tamper("update stock_level set reserved = 9 where reserved = 2")
    assert "stock.promises: LAMP at BER: 9 reserved, 5 sellable, 5 there" in found
    assert "stock.places: LAMP at BER (available): -4" in tamper(
        "update stock_balance set quantity = -4 where quantity = 4"
    )


def test_the_river_registers_every_stock_check_with_the_doctor(history: Shop):
    stock = [finding for finding in doctor.examine() if finding.check.startswith("stock.")]
    assert len(stock) == 7
    assert all(finding.is_ok and finding.sentence.endswith(".") for finding in stock)


def in_the_ledger() -> list[Written]:
    columns = ", ".join(Written._fields)
    return [Written._make(row) for row in sql.run(f"select {columns} from stock_movement order by id")]


TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=20)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(because=TEXT.filter(str.strip), lot=TEXT, document=TEXT, at=st.datetimes(timezones=st.timezones()))
def test_the_database_hashes_exactly_what_python_hashes(
    shop: Shop, because: str, lot: str, document: str, at
) -> None:
    move = a_move(shop.sku_id, "a", 1, "world:supplier", "BER", lot=lot)
    with transaction.atomic():
        post([replace(move, because=because, document=document)], by='t\\"', at=at)
        assert broken() == []
        transaction.set_rollback(True)


def test_the_fold_in_python_is_the_fold_in_the_database(history: Shop):
    there = fold.balances(in_the_ledger())
    assert there == {
        fold.Spot(*row[:5]): row[5]
        for row in sql.run("select sku_id, place_id, state, lot, serial, quantity from stock_balance")
    }
    sites = dict(sql.run("select id, location_id from stock_place where id > 0"))
    assert fold.levels(there, sites) == {
        (row[0], row[1]): row[2:]
        for row in sql.run("select sku_id, location_id, on_hand, sellable from stock_level")
    }


def test_a_chain_read_from_the_database_is_proved_in_python(history: Shop):
    columns = ", ".join(f"m.{name}" for name in Written._fields)
    rows = sql.run(
        f"select k.number, k.hash, {columns} from stock_link k join stock_movement m on m.id = k.movement_id "
        "where k.location_id = %s order by k.number",
        (history.sites["BER"],),
    )
    links = [Linked(row[0], bytes(row[1]), Written._make(row[2:])) for row in rows]
    ((head, length),) = sql.run(
        "select head, links from stock_level where location_id = %s", (history.sites["BER"],)
    )
    assert chain.first_broken(links, head=bytes(head), length=length) is None
