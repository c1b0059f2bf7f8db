"""Two who cannot see each other: what one commits while the other is in the middle of a batch is not lost."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import connections, transaction

from quartermaster.catalog.actions import NewAlias, add_aliases, save_sku
from quartermaster.catalog.rules.skus import Draft
from quartermaster.core import sql
from quartermaster.core.river import worker
from quartermaster.orders.actions import cancel, edit, hold

from .conftest import Company

AT = datetime(2026, 11, 2, 13, 0, tzinfo=UTC)
ORDER = 5_000_000_001


@pytest.fixture
def shop(company: Company) -> Company:
    company.site("BER")
    company.site("PAR", "FR")
    company.sku("LAMP", BER=5)
    return company


def in_the_middle_of(listener: str, act: Callable[[], None]) -> None:
    """A worker has worked a batch, not committed it; `act` happens on another connection; then it commits."""
    (queue,) = [queue for queue in worker.queues if queue.name == listener]
    failed: list[BaseException] = []

    def meanwhile() -> None:
        try:
            act()
        except BaseException as error:
            failed.append(error)
        finally:
            connections.close_all()

    with transaction.atomic():
        assert worker.step(queue)
        other = threading.Thread(target=meanwhile)
        other.start()
        other.join()
    assert not failed, failed


def work_off() -> None:
    while worker.flow():
        pass


def test_a_refund_read_while_its_order_is_being_captured_is_woken(shop: Company) -> None:
    created = shop.shop.sell(("LAMP", 2))
    shop.shop.refund(ORDER, 0, 1, restock="none")
    notice = shop.shop.refund_notice(ORDER)
    shop.hear(created)

    def read_the_notice() -> None:
        shop.hear(notice)
        work_off()
        assert sql.run("select waits_for is not null from inbox_message order by id") == [(False,), (True,)]

    in_the_middle_of("inbox.messages", read_the_notice)
    shop.flow()

    assert sql.run("select refunded_minor from orders_order") == [(1000,)]


def test_an_order_is_captured_once_when_two_read_it_at_the_same_time(shop: Company) -> None:
    created, changed = shop.shop.sell(("LAMP", 2)), shop.shop.readdress(ORDER, "Potsdam")
    shop.hear(created)
    tries: list[int] = []

    def read_the_other() -> None:
        """It has to wait for the first, so it is only begun here."""
        shop.hear(changed)
        other = threading.Thread(
            target=lambda: (tries.append(worker.step(worker.queues[0])), connections.close_all())
        )
        other.start()
        waiting.append(other)

    waiting: list[threading.Thread] = []
    in_the_middle_of("inbox.messages", read_the_other)
    waiting[0].join(10)
    shop.flow()

    assert sql.run("select count(*), max(ship_to->>'city') from orders_order") == [(1, "Potsdam")]
    assert sql.run("select state, count(*) from inbox_message group by state") == [("used", 2)]


def test_a_sku_that_appears_while_an_order_for_it_is_being_captured_heals_it(shop: Company) -> None:
    shop.hear(shop.shop.sell(("VASE", 1), ("LAMP", 1)))

    def add_it() -> None:
        save_sku(Draft(code="VASE"), at=AT, by="user:1")
        work_off()

    in_the_middle_of("inbox.messages", add_it)
    shop.flow()

    assert shop.status(ORDER) == "backordered"
    assert sql.run("select released_because from orders_hold") == [("every SKU is known now",)]


def test_an_alias_that_appears_while_an_order_for_it_is_being_captured_heals_it(shop: Company) -> None:
    shop.hear(shop.shop.sell(("LAMPE", 1)))

    def add_it() -> None:
        (outcome,) = add_aliases([NewAlias(connection="acme", code="LAMPE", sku="LAMP")], at=AT, by="user:1")
        assert outcome.refused is None
        work_off()

    in_the_middle_of("inbox.messages", add_it)
    shop.flow()

    assert shop.status(ORDER) == "allocated"


def test_units_that_come_to_a_new_place_while_an_order_is_being_parked_serve_it(shop: Company) -> None:
    shop.sku("VASE")
    shop.hear(shop.shop.sell(("VASE", 1)))
    worker.step(worker.queues[0])

    def receive() -> None:
        shop.receive("VASE", PAR=1)
        work_off()

    in_the_middle_of("allocation.allocate", receive)
    shop.flow()

    assert shop.status(ORDER) == "allocated"
    assert shop.stock()["VASE@PAR"] == (1, 1)


def test_a_hold_placed_while_the_order_is_being_allocated_keeps_it_from_the_floor(shop: Company) -> None:
    shop.hear(shop.shop.sell(("LAMP", 1)))
    worker.step(worker.queues[0])
    waiting = wait_behind(
        "allocation.allocate",
        lambda number: hold(number, kind="fraud", because="stolen card", at=AT, by="user:1"),
    )
    waiting.join(10)
    shop.flow()

    assert shop.status(ORDER) == "on_hold"
    assert sql.run("select state from allocation_allocation") == [("waiting",)]


def test_an_order_cancelled_while_it_is_being_allocated_gives_everything_back(shop: Company) -> None:
    shop.hear(shop.shop.sell(("LAMP", 3)))
    worker.step(worker.queues[0])
    wait_behind("allocation.allocate", lambda number: cancel(number, because="no", at=AT, by="user:1")).join(
        10
    )
    shop.flow()

    assert shop.status(ORDER) == "cancelled"
    assert shop.stock() == {"LAMP@BER": (5, 0)}


def test_an_order_edited_while_its_newer_version_is_being_read_keeps_both_changes(shop: Company) -> None:
    shop.tell(shop.shop.sell(("LAMP", 3)))
    shop.hear(shop.shop.readdress(ORDER, "Potsdam"))
    ((line_id,),) = sql.run("select id from orders_line")
    wait_behind(
        "inbox.messages",
        lambda number: edit(number, lines={line_id: 2}, because="one less", at=AT, by="user:1"),
    ).join(10)
    shop.flow()

    assert shop.units(ORDER) == [{"ordered": 3, "allocated": 2, "cancelled": 1}]
    assert sql.run("select ship_to->>'city' from orders_order") == [("Potsdam",)]


def wait_behind(listener: str, change: Callable[[str], None]) -> threading.Thread:
    """Somebody changes the order while a worker is in the middle of it: they have to wait for its commit."""
    ((number,),) = sql.run("select 'SO-' || id from orders_order")
    waiting: list[threading.Thread] = []

    def begin() -> None:
        def act() -> None:
            try:
                change(number)
            finally:
                connections.close_all()

        waiting.append(threading.Thread(target=act))
        waiting[0].start()
        waiting[0].join(0.3)
        assert waiting[0].is_alive(), "it did not wait for the worker's lock"

    in_the_middle_of(listener, begin)
    return waiting[0]
