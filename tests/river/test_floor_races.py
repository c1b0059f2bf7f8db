"""Several people on one floor at the same moment."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connections

from quartermaster.core import sql
from quartermaster.core.errors import Refused
from quartermaster.core.river import worker
from quartermaster.orders.actions import cancel
from quartermaster.warehouse.actions import (
    confirm_lists,
    confirm_pick,
    make_pick_list,
    open_parcel,
    pack_all,
    pick_short,
    plan_wave,
    scan,
)
from quartermaster.warehouse.rules.wanted import WaveWanted

from .conftest import NOW
from .floor import Floor, floor

__all__ = ["floor"]


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each act answers, all begun together; a refusal is an answer, anything else is not."""
    ready = threading.Barrier(len(acts))
    answers: list[Any] = [None] * len(acts)

    def act(n: int) -> None:
        try:
            ready.wait()
            answers[n] = acts[n]()
        except Refused as refusal:
            answers[n] = refusal.code
        except BaseException as error:
            answers[n] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=act, args=(n,)) for n in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    broken = [answer for answer in answers if isinstance(answer, BaseException)]
    assert not broken, broken
    return answers


def work_off() -> None:
    while worker.flow():
        pass


def test_pickers_who_ask_together_get_different_work(floor: Floor) -> None:
    floor.stow("MUG", A_1=10, A_2=10)
    shop = floor.company.shop
    floor.company.tell(*[shop.sell(("MUG", 1)) for _ in range(12)])

    at_once(*[lambda: make_pick_list("BER", orders_max=3, at=NOW, by="user:1")] * 4)
    while make_pick_list("BER", orders_max=3, at=NOW, by="user:1") is not None:
        pass

    twice = sql.run("select order_id from warehouse_pick group by 1 having count(distinct pick_list_id) > 1")
    assert twice == []
    assert sql.run("select count(distinct order_id), sum(quantity)::int from warehouse_pick") == [(12, 12)]


def test_leads_who_plan_together_plan_different_work(floor: Floor) -> None:
    floor.stow("MUG", A_1=10)
    shop = floor.company.shop
    floor.company.tell(*[shop.sell(("MUG", 1)) for _ in range(8)])
    wanted = WaveWanted(location="BER", orders_max=3)

    waves = at_once(*[lambda: plan_wave(wanted, at=NOW, by="user:1")] * 2)

    assert len(set(waves)) == 2
    assert None not in waves
    assert sql.run("select count(*), count(distinct order_id) from warehouse_pick") == [(6, 6)]


def test_one_pick_confirmed_by_two_scanners_is_picked_once(floor: Floor) -> None:
    floor.stow("MUG", A_1=10)
    order = floor.sell(("MUG", 2))
    ((pick, *_),) = floor.picks(floor.make_list())

    at_once(*[lambda: confirm_pick(pick, 2, at=NOW, by="user:1")] * 4)

    assert floor.units(order) == [{"picked": 2}]
    assert floor.lying("MUG") == {"BER picked": 2, "A-1 available": 8}


def test_lists_with_the_same_skus_are_confirmed_side_by_side(floor: Floor) -> None:
    floor.stow("MUG", A_1=50)
    floor.stow("POT", A_2=50)
    shop = floor.company.shop
    floor.company.tell(*[shop.sell(("POT", 1), ("MUG", 1)) for _ in range(12)])
    lists = [floor.make_list(orders_max=3) for _ in range(4)]

    answers = at_once(*[lambda made=made: confirm_lists([made], at=NOW, by="user:1") for made in lists])

    assert answers == [6] * 4
    assert floor.lying("MUG")["BER picked"] == 12


def test_a_pick_and_a_cancellation_at_once_leave_nothing_unexplained(floor: Floor) -> None:
    floor.stow("MUG", A_1=50)
    for _ in range(5):
        order = floor.sell(("MUG", 2))
        made = floor.make_list()
        at_once(
            lambda made=made: confirm_lists([made], at=NOW, by="user:1"),
            lambda order=order: cancel(f"SO-{order}", because="no", at=NOW, by="user:2"),
            work_off,
        )
        floor.company.flow()
        floor.company.examine()
        ((back,),) = sql.run(
            "select coalesce(sum(quantity), 0)::int from warehouse_put_back where order_id = %s", (order,)
        )
        assert floor.units(order) in ([{"cancelled": 2}], [{"picked": 2}])
        assert back == (2 if floor.units(order) == [{"picked": 2}] else 0)


def test_a_short_pick_and_a_new_order_for_the_last_units_do_not_promise_what_is_missing(floor: Floor) -> None:
    floor.stow("MUG", A_1=4)
    floor.sell(("MUG", 2))
    ((pick, *_),) = floor.picks(floor.make_list())
    floor.company.hear(floor.company.shop.sell(("MUG", 2)))

    at_once(lambda: pick_short(pick, 0, at=NOW, by="user:1"), work_off)
    floor.company.flow()

    assert floor.company.stock() == {"MUG@BER": (4, 0)}
    assert floor.lying("MUG") == {"A-1 missing": 4}


def test_the_last_unit_goes_into_one_parcel_only(floor: Floor) -> None:
    floor.stow("MUG", A_1=4)
    order = floor.sell(("MUG", 1))
    floor.picked()
    first = open_parcel(f"SO-{order}", "BER", at=NOW, by="user:1")

    at_once(
        lambda: scan(first, "MUG", at=NOW, by="user:1"),
        lambda: scan(first, "MUG", at=NOW, by="user:2"),
        lambda: pack_all([order], at=NOW, by="user:3"),
    )

    assert sql.run("select sum(quantity)::int from warehouse_parcel_item") == [(1,)]
