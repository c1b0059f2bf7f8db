"""A shop that asks for days of what expires is told only of lots that are good for so long."""

from collections.abc import Iterator
from datetime import UTC, timedelta

import pytest

from quartermaster.channels.actions import follow_days
from quartermaster.channels.queries.listings import explained
from quartermaster.core import sql
from quartermaster.core.moment import being
from quartermaster.stock.actions import LotDate, Move, date_lots, post, set_shelf_life
from quartermaster.testing.builders import a_sku, flow

from .conftest import AT, Stand, examined

TODAY = AT.astimezone(UTC).date()  # a_location keeps UTC


def ask(days: int | None, sku: str = "", slug: str = "east") -> None:
    set_shelf_life(slug, sku, days, because="their terms", at=AT, by="user:1")
    flow()


def good_for(sku_id: int, **days: int) -> None:
    date_lots([LotDate(sku_id, lot, TODAY + timedelta(left)) for lot, left in days.items()], by="test", at=AT)


def bring(sku_id: int, key: str, source: str = "world:supplier", target: str = "BER", **lots: int) -> None:
    moves = [Move(f"{key}:{lot}", sku_id, n, source, target, "moved", lot=lot) for lot, n in lots.items()]
    post(moves, by="test", at=AT)


@pytest.fixture
def milk(stand: Stand) -> Iterator[int]:
    """Four units are good for 80 days, six for 100. `east` asks for 90, `west` for nothing."""
    with being(AT):
        sku_id = a_sku("MILK")
        good_for(sku_id, OLD=80, NEW=100)
        bring(sku_id, "first", OLD=4, NEW=6)
        stand.offer("MILK")
        follow_days(at=AT)
        ask(90)
        stand.work()
        yield sku_id


def test_lots_too_old_for_a_shop_are_left_out_of_its_number_alone(stand: Stand, milk: int) -> None:
    assert stand.has("MILK") == [6, 10]
    assert [(step.what, step.leaves) for step in explained("east", "L-MILK").steps] == [
        ("Units that can be promised at BER 10", 10),
        ("Without 4 units of lots that are good for fewer than the 90 days this shop asks for", 6),
    ]
    assert len(explained("west", "L-MILK").steps) == 1
    assert examined() == {}


def test_the_number_follows_the_rule_the_day_the_lots_and_their_dates(stand: Stand, milk: int) -> None:
    ask(0, "MILK")
    stand.work()
    assert stand.has("MILK") == [10, 10]
    ask(250, "MILK")
    stand.work()
    assert stand.has("MILK") == [0, 10]
    ask(None, "MILK")
    good_for(milk, OLD=90)
    stand.work()
    assert stand.has("MILK") == [10, 10]
    good_for(milk, OLD=89)
    post(
        [
            Move("lost", milk, 2, "BER", "world:adjustment", "counted", lot="NEW"),
            Move("found", milk, 2, "world:adjustment", "BER", "counted", lot="OLD"),
        ],
        by="test",
        at=AT,
    )  # as many as before, of other lots
    stand.work()
    assert stand.has("MILK") == [4, 10]
    assert examined() == {}


def test_a_lot_that_grows_too_old_over_night_is_taken_off_once(stand: Stand, milk: int) -> None:
    later = AT + timedelta(days=10)
    with being(later):
        assert (follow_days(at=later), follow_days(at=later)) == (1, 0)
        stand.work()
        assert stand.has("MILK") == [6, 10]  # 90 days are left: just enough
        assert sql.run("select count(*) from channels_dirty") == [(0,)]
    later += timedelta(days=1)
    with being(later):
        assert examined() == {}  # the day is about to be looked at
        follow_days(at=later)
        stand.work()
        assert [stand.row("MILK", slug).wanted for slug in ("east", "west")] == [0, 10]
        assert examined() == {}


def test_kits_follow_their_parts_and_what_a_shop_was_promised_is_gone(stand: Stand, milk: int) -> None:
    ((kit,),) = sql.run("insert into catalog_sku (code, is_kit) values ('PAIR', true) returning id")
    for table in ("catalog_kit_part", "catalog_kit_leaf"):
        sql.run(f"insert into {table} (kit_id, part_id, quantity) values (%s, %s, 2)", (kit, milk))
    stand.offer("PAIR")
    stand.work()
    assert stand.has("PAIR") == [3, 5]
    bring(milk, "gone", "BER", "world:customer", NEW=2)
    stand.work()
    assert (stand.has("PAIR"), stand.has("MILK")) == ([2, 4], [4, 8])
    good_for(milk, NEW=80)
    stand.work()
    assert stand.has("PAIR") == [0, 4]
    assert examined() == {}


def test_a_site_whose_days_nobody_looks_at_is_told_of(stand: Stand, milk: int) -> None:
    with being(AT + timedelta(days=3)):
        assert list(examined()) == ["channels.days"]


def test_without_shops_that_ask_no_lot_writes_anything_down(stand: Stand) -> None:
    milk = a_sku("MILK", BER=3)
    stand.offer("MILK")
    stand.work()
    good_for(milk, OLD=30)
    assert sql.run("select count(*) from channels_dirty") == [(0,)]
    follow_days(at=AT + timedelta(days=2))
    assert sql.run("select count(*) from channels_dirty") == [(0,)]
