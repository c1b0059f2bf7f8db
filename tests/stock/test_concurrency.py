"""Many connections at once: nothing is sold twice, nobody deadlocks, and the ledger stays whole."""

import random
import threading
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from tests.stock.shop import AT, Shop, a_move, broken

from quartermaster.core import sql
from quartermaster.core.errors import Refused
from quartermaster.stock.actions import (
    Move,
    Reserve,
    Settle,
    consume,
    lock_levels,
    post,
    release,
    reserve,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def open_shop(transactional_db: None) -> Shop:
    """A shop whose rows are committed: every connection sees them."""
    return Shop()


def at_once(count: int, work: Callable[[int], object]) -> Counter[str]:
    """Run `work(n)` on `count` connections, started together. How often each outcome came: ok, or a code."""
    outcomes: list[str] = []
    barrier = threading.Barrier(count)

    def run(number: int) -> None:
        try:
            barrier.wait()
            work(number)
            outcomes.append("ok")
        except Refused as refusal:
            outcomes.append(refusal.code)
        except Exception as error:  # a deadlock, a defect: shown by its name
            outcomes.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(outcomes)


def test_the_last_unit_is_promised_to_one_of_twenty(open_shop: Shop):
    post([a_move(open_shop.sku_id, "in", 1, "world:supplier", "BER")], by="test", at=AT)

    def buy(number: int) -> None:
        with transaction.atomic():
            free = sum(level.free for level in lock_levels([open_shop.sku_id]))
            if free == 0:
                raise Refused
            reserve([Reserve(open_shop.sku_id, open_shop.sites["BER"], 1, number, number)], at=AT)

    assert at_once(20, buy) == {"ok": 1, "refused": 19}
    assert broken() == []


def test_even_a_buyer_who_takes_no_lock_oversells_nothing(open_shop: Shop):
    post([a_move(open_shop.sku_id, "in", 3, "world:supplier", "BER")], by="test", at=AT)

    def buy(number: int) -> None:
        with transaction.atomic():
            reserve([Reserve(open_shop.sku_id, open_shop.sites["BER"], 1, number, number)], at=AT)

    assert at_once(12, buy) == {"ok": 3, "not-enough-stock": 9}
    assert broken() == []


def test_the_same_posting_from_many_sides_happens_once(open_shop: Shop):
    moves = [a_move(open_shop.sku_id, key, 1, "world:supplier", f"BER/{key}") for key in "abc"]
    assert at_once(8, lambda _: post(moves, by="test", at=AT)) == {"ok": 8}
    assert sql.run("select count(*) from stock_movement") == [(3,)]
    assert broken() == []


def test_a_key_used_for_two_things_at_once_stands_for_one(open_shop: Shop):
    targets = ["BER", "MUC", "BER/A", "MUC/A"]
    outcomes = at_once(
        4,
        lambda n: post([a_move(open_shop.sku_id, "a", 1, "world:supplier", targets[n])], by="test", at=AT),
    )
    assert outcomes == {"ok": 1, "key-reused": 3}
    assert broken() == []


def test_a_serial_number_received_at_two_sites_at_once_is_at_one(open_shop: Shop):
    def receive(number: int) -> None:
        move = a_move(
            open_shop.sku_id, f"in {number}", 1, "world:supplier", ("BER", "MUC")[number % 2], serial="S1"
        )
        post([move], by="test", at=AT)

    assert at_once(6, receive) == {"ok": 1, "serial-elsewhere": 5}
    assert broken() == []


def test_mixed_work_on_the_same_skus_in_any_order_neither_deadlocks_nor_oversells(open_shop: Shop):
    made = sql.run("insert into catalog_sku (code) select 'S' || n from generate_series(1, 6) n returning id")
    skus, sites = [row[0] for row in made], list(open_shop.sites)
    post(
        [a_move(sku, f"in {sku} {site}", 20, "world:supplier", site) for sku in skus for site in sites],
        by="test",
        at=AT,
    )

    def trade(number: int) -> None:
        dice = random.Random(number)
        for turn in range(12):
            some = dice.sample(skus, 3)  # in no order at all: stock must find its own
            name = f"{number}:{turn}"
            claim = number * 1000 + turn
            with transaction.atomic():
                free = {(level.sku_id, level.location_id): level.free for level in lock_levels(some)}
                site = open_shop.sites[dice.choice(sites)]
                wanted = [Reserve(sku, site, 1, claim, 1) for sku in some if free.get((sku, site))]
                reserve(wanted, at=AT)
                parts = [Settle(claim, one.sku_id, 1) for one in wanted]
                if dice.random() < 0.3:
                    release(parts, because="test", at=AT, emit_arrival=True)
                elif parts:
                    consume(parts, because="test", document="", by="test", at=AT, key_prefix=name)
            post(_receipts(some, sites, dice, name), by="test", at=AT, breaks_reservations=True)

    assert at_once(6, trade) == {"ok": 6}
    assert broken() == []


def _receipts(skus: list[int], sites: list[str], dice: random.Random, name: str) -> list[Move]:
    """Two units in, one of them off to the other site's newest bin."""
    there, other = dice.sample(sites, 2)
    return [
        move
        for sku in skus
        for move in (
            a_move(sku, f"r{name}:{sku}", 2, "world:supplier", there),
            a_move(sku, f"t{name}:{sku}", 1, there, f"{other}/{name.replace(':', '-')}"),
        )
    ]
