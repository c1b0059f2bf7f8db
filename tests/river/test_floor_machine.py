"""Hypothesis works on the floor: whatever happens in whatever order, the doctor finds nothing."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from quartermaster.core import sql
from quartermaster.core.errors import Refused
from quartermaster.orders.actions import cancel, hold, release_hold
from quartermaster.stock.actions import Move, post
from quartermaster.testing.builders import SOLD_AT, a_location, a_sku, flow
from quartermaster.warehouse.actions import (
    approve_count,
    cancel_list,
    close,
    confirm_lists,
    confirm_pick,
    count,
    make_pick_list,
    open_again,
    open_parcel,
    pack_all,
    pick_short,
    put_back,
    scan,
    take_out,
)

from .machine import Machine, play

AT = datetime(2026, 11, 2, 13, 0, tzinfo=UTC)
SKUS = ("MUG", "POT", "SET")
WHICH = st.integers(0, 20)


def ids(table: str, where: str = "true") -> list[int]:
    return [row[0] for row in sql.run(f"select id from {table} where {where} order by id")]


class FloorMachine(Machine):
    """Orders of plain SKUs and kits, picked, packed, cancelled, held, put back, in any order."""

    @initialize()
    def open_up(self) -> None:
        for site in ("BER", "PAR"):
            a_location(site)
        for code in ("MUG", "POT"):
            sku_id = a_sku(code)
            post(
                [
                    Move(f"stow:{code}:{place}", sku_id, 4, "world:supplier", place, "received")
                    for place in ("BER/A-1", "BER/A-2", "PAR/Z")
                ],
                by="test",
                at=SOLD_AT,
            )
        sql.run("insert into catalog_sku (code, is_kit) values ('SET', true)")
        for table in ("catalog_kit_part", "catalog_kit_leaf"):
            sql.run(
                f"insert into {table} (kit_id, part_id, quantity) "
                "select k.id, p.id, case p.code when 'MUG' then 2 else 1 end "
                "from catalog_sku k, catalog_sku p "
                "where k.code = 'SET' and not p.is_kit"
            )
        self.sell([("SET", 2), ("MUG", 1)])

    @rule(lines=st.lists(st.tuples(st.sampled_from(SKUS), st.integers(1, 3)), min_size=1, max_size=2))
    def sell(self, lines: list[tuple[str, int]]) -> None:
        self.post_office.append(self.shop.sell(*lines))
        self.deliver_the_rest()

    @rule()
    def let_it_flow(self) -> None:
        flow()

    @rule(orders=st.integers(1, 3), site=st.sampled_from(["BER", "PAR"]))
    def make_a_list(self, orders: int, site: str) -> None:
        make_pick_list(site, orders_max=orders, at=AT, by="user:1")

    @rule(which=WHICH, share=st.integers(1, 3))
    def confirm_a_pick(self, which: int, share: int) -> None:
        if found := sql.run("select id, quantity from warehouse_pick where state = 'to_pick' order by id"):
            pick, quantity = found[which % len(found)]
            self.try_to(lambda: confirm_pick(pick, max(1, quantity // share), at=AT, by="user:1"))

    @rule(which=WHICH)
    def confirm_a_list(self, which: int) -> None:
        if found := ids("warehouse_pick_list", "state in ('open', 'picking')"):
            self.try_to(lambda: confirm_lists([found[which % len(found)]], at=AT, by="user:1"))

    @rule(which=WHICH)
    def give_a_list_back(self, which: int) -> None:
        if found := ids("warehouse_pick_list"):
            self.try_to(lambda: cancel_list(found[which % len(found)], because="break", at=AT, by="user:1"))

    @rule(which=WHICH)
    def find_less(self, which: int) -> None:
        if found := sql.run("select id, picked from warehouse_pick where state = 'to_pick' order by id"):
            pick, picked = found[which % len(found)]
            self.try_to(lambda: pick_short(pick, picked, at=AT, by="user:1"))

    @rule(which=WHICH, counted=st.integers(0, 5), by=st.sampled_from(["user:1", "user:2"]))
    def count_a_bin(self, which: int, counted: int, by: str) -> None:
        if found := ids("warehouse_count_task", "done_at is null"):
            self.try_to(lambda: count(found[which % len(found)], counted, at=AT, by=by))

    @rule(which=WHICH)
    def approve_a_count(self, which: int) -> None:
        if found := ids("warehouse_count_task", "done_at is null"):
            self.try_to(lambda: approve_count(found[which % len(found)], at=AT, by="user:1"))

    @rule(which=WHICH)
    def pack_an_order(self, which: int) -> None:
        found = ids("orders_order")
        self.try_to(lambda: pack_all([found[which % len(found)]], at=AT, by="user:1"))

    @rule(which=WHICH)
    def open_a_parcel(self, which: int) -> None:
        if found := ids("warehouse_parcel"):
            self.try_to(lambda: open_again(found[which % len(found)], because="look", at=AT, by="user:1"))

    @rule(which=WHICH, site=st.sampled_from(["BER", "PAR"]))
    def begin_a_parcel(self, which: int, site: str) -> None:
        order = (found := ids("orders_order"))[which % len(found)]
        self.try_to(lambda: open_parcel(f"SO-{order}", site, at=AT, by="user:1"))

    @rule(which=WHICH, code=st.sampled_from(["MUG", "POT"]))
    def scan_a_unit(self, which: int, code: str) -> None:
        if found := ids("warehouse_parcel", "state = 'packing'"):
            self.try_to(lambda: scan(found[which % len(found)], code, at=AT, by="user:1"))

    @rule(which=WHICH)
    def take_all_out(self, which: int) -> None:
        if found := sql.run("select parcel_id, id, quantity from warehouse_parcel_item order by id"):
            parcel, item, units = found[which % len(found)]
            self.try_to(lambda: take_out(parcel, item, units, at=AT, by="user:1"))

    @rule(which=WHICH, partly=st.booleans())
    def close_a_parcel(self, which: int, partly: bool) -> None:
        if found := ids("warehouse_parcel", "state = 'packing'"):
            self.try_to(lambda: close(found[which % len(found)], partly=partly, at=AT, by="user:1"))

    @rule(which=WHICH)
    def carry_back(self, which: int) -> None:
        found = sql.run(
            "select t.id, l.code from warehouse_put_back t join stock_location l on l.id = t.location_id "
            "where t.done_at is null order by t.id"
        )
        if found:
            task, site = found[which % len(found)]
            put_back(task, f"{site}/B-1", at=AT, by="user:1")

    @rule(which=WHICH, units=st.integers(1, 2))
    def take_units_off(self, which: int, units: int) -> None:
        if found := sql.run("select order_id, id from orders_line where wanted > 0 order by id"):
            order, line = found[which % len(found)]
            self.try_to(
                lambda: cancel(f"SO-{order}", because="less", lines={line: units}, at=AT, by="user:2")
            )

    @rule(which=WHICH)
    def hold_or_release(self, which: int) -> None:
        order = (found := ids("orders_order"))[which % len(found)]
        is_held = sql.run("select from orders_hold where order_id = %s and released_at is null", (order,))
        act = release_hold if is_held else hold
        self.try_to(lambda: act(f"SO-{order}", kind="manual", because="look", at=AT, by="user:2"))

    @invariant()
    def nothing_is_wrong(self) -> None:
        self.look()

    def try_to(self, act: Callable[[], object]) -> None:
        """A refusal is an answer; it leaves nothing behind."""
        with suppress(Refused), transaction.atomic():
            act()

    def end(self) -> None:
        """Held orders go on, everything is picked, packed and put back: the floor is empty in the end."""
        for order, kind in sql.run("select order_id, kind from orders_hold where released_at is null"):
            release_hold(f"SO-{order}", kind=kind, because="over", at=AT, by="user:2")
        flow()
        for _ in range(3):
            for site in ("BER", "PAR"):
                make_pick_list(site, orders_max=99, at=AT, by="user:1")
            confirm_lists(ids("warehouse_pick_list", "state in ('open', 'picking')"), at=AT, by="user:1")
            flow()
        pack_all(ids("orders_order"), at=AT, by="user:1")
        while sql.run("select from warehouse_put_back where done_at is null"):
            self.carry_back(0)
        flow()
        self.check(is_quick=False)
        assert sql.run("select from allocation_allocation where state in ('waiting', 'picking')") == []
        assert ids("warehouse_parcel", "state = 'packing'") == []


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.django_db
def test_the_floor_never_loses_a_unit() -> None:
    play(FloorMachine, share=0.6, steps=25)
