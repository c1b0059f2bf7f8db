"""S2, S4: orders and messages under any sequence of events that Hypothesis can think of. After every fifth
step the quick half of the doctor is content (Machine.look); at the end all of it is, all has been heard, and
nobody is forgotten."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    invariant,
    precondition,
    rule,
)

from quartermaster.allocation.actions import reroute
from quartermaster.catalog.actions import Kit, NewAlias, add_aliases, save_sku, set_kits
from quartermaster.catalog.rules.skus import Draft
from quartermaster.core import sql
from quartermaster.core.errors import Refused
from quartermaster.core.river import worker
from quartermaster.orders import actions as orders
from quartermaster.orders.ports import Address
from quartermaster.stock.actions import Move, post
from quartermaster.testing.builders import SOLD_AT, a_connection, a_location, a_sku, flow
from quartermaster.testing.shop import Webhook

from .machine import FORGOTTEN, Machine, picture, play

SITES = ("BER", "PAR")
PLAIN = ("LAMP", "BULB", "SHADE")
CODES = (*PLAIN, "SET", "PAIR", "LAMPE", "VASE")  # two kits, an alias and a SKU that may come later
UNITS = st.integers(1, 4)
CART = st.lists(st.tuples(st.sampled_from(CODES), UNITS), min_size=1, max_size=3)


class Orders(Machine):
    """S2. Webhooks in any sequence and doubled, people at work, goods coming, breaking and moving, kits and
    aliases changing under it all."""

    def __init__(self) -> None:
        super().__init__()
        for site in SITES:
            a_location(site)
        for code in PLAIN:
            a_sku(code, BER=6, PAR=3)
        for kit, parts in {"SET": {"BULB": 2, "SHADE": 1}, "PAIR": {"LAMP": 2}}.items():
            save_sku(Draft(code=kit), at=SOLD_AT, by="test")
            set_kits([Kit(kit, parts)], at=SOLD_AT, by="test")
        self.moves = 0
        flow()

    @initialize(carts=st.lists(CART, min_size=1, max_size=3))
    def the_day_begins_with_some_orders(self, carts: list[list[tuple[str, int]]]) -> None:
        for lines in carts:
            self.keep(self.shop.sell(*lines))
        flow()

    @precondition(lambda self: len(self.shop.orders) < 8)
    @rule(lines=CART, paid=st.booleans())
    def sell(self, lines: list[tuple[str, int]], paid: bool) -> None:
        state = "paid" if paid else "pending"
        self.post_office.append(self.shop.sell(*lines, financial_status=state))

    def _one(self, which: int) -> int:
        return list(self.shop.orders)[which % len(self.shop.orders)]

    @precondition(lambda self: self.shop.orders)
    @rule(which=st.integers(0, 7), what=st.sampled_from(["readdress", "pay", "cancel"]))
    def change_in_the_shop(self, which: int, what: str) -> None:
        order_id = self._one(which)
        said = {
            "readdress": lambda: self.shop.readdress(order_id, f"City {len(self.delivered)}"),
            "pay": lambda: self.shop.pay(order_id),
            "cancel": lambda: self.shop.cancel(order_id),
        }[what]()
        self.post_office.append(said)

    @precondition(lambda self: self.shop.orders)
    @rule(which=st.integers(0, 7), line=st.integers(0, 2), restock=st.sampled_from(["cancel", "no_restock"]))
    def refund_in_the_shop(self, which: int, line: int, restock: str) -> None:
        order_id = self._one(which)
        items = self.shop.orders[order_id]["line_items"]
        if not items[line % len(items)]["fulfillable_quantity"]:
            return
        self.post_office.append(self.shop.refund(order_id, line % len(items), 1, restock=restock))
        self.post_office.append(self.shop.refund_notice(order_id))

    @precondition(lambda self: self.shop.orders)
    @rule(which=st.integers(0, 7), line=st.integers(0, 2))
    def hand_over_by_the_shop(self, which: int, line: int) -> None:
        order_id = self._one(which)
        items = self.shop.orders[order_id]["line_items"]
        if not items[line % len(items)]["fulfillable_quantity"]:
            return
        self.post_office.append(self.shop.fulfil(order_id, (line % len(items), 1)))

    @precondition(lambda self: self.post_office)
    @rule(which=st.integers(0, 20), times=st.integers(1, 2))
    def a_message_comes(self, which: int, times: int) -> None:
        self.deliver(which, times)

    @precondition(lambda self: self.delivered)
    @rule(which=st.integers(0, 20))
    def a_message_comes_again(self, which: int) -> None:
        self.keep(self.delivered[which % len(self.delivered)])

    @rule()
    def all_flows(self) -> None:
        flow()

    @rule(which=st.integers(0, 10))
    def one_queue_flows(self, which: int) -> None:
        worker.step(worker.queues[which % len(worker.queues)])

    def _line(self, which: int) -> tuple[str, int]:
        """Some line and its order's number; of an order that is not there when there is none yet."""
        found = sql.run("select 'SO-' || order_id, id from orders_line order by id") or [("SO-0", 0)]
        number, line_id = found[which % len(found)]
        return str(number), int(line_id)

    @rule(which=st.integers(0, 20), units=UNITS, whole=st.booleans())
    def cancel_here(self, which: int, units: int, whole: bool) -> None:
        number, line_id = self._line(which)
        with suppress(Refused):
            lines = None if whole else {line_id: units}
            orders.cancel(number, because="test", lines=lines, at=SOLD_AT, by="user:1")

    @rule(which=st.integers(0, 20), kind=st.sampled_from(["fraud", "manual", "check"]))
    def hold(self, which: int, kind: str) -> None:
        number, _ = self._line(which)
        with suppress(Refused):
            orders.hold(number, kind=kind, because="test", at=SOLD_AT, by="user:1")

    @rule(which=st.integers(0, 20), kind=st.sampled_from(["fraud", "manual", "check", "payment", "sku"]))
    def release(self, which: int, kind: str) -> None:
        number, _ = self._line(which)
        with suppress(Refused):
            orders.release_hold(number, kind=kind, because="test", at=SOLD_AT, by="user:1")

    @rule(which=st.integers(0, 20), wanted=st.integers(0, 3), priority=st.integers(-2, 2))
    def edit(self, which: int, wanted: int, priority: int) -> None:
        number, line_id = self._line(which)
        to = Address(name="Ann", line1="Lane 2", city="Ours", country="FR")
        with suppress(Refused):
            orders.edit(number, lines={line_id: wanted}, because="test", at=SOLD_AT, by="user:1")
        with suppress(Refused):
            orders.edit(number, ship_to=to, priority=priority, because="test", at=SOLD_AT, by="user:1")

    @rule(
        which=st.integers(0, 20),
        units=UNITS,
        price=st.integers(0, 2000),
        code=st.sampled_from([*PLAIN, "SET"]),
        swap=st.booleans(),
        express=st.booleans(),
    )
    def edit_lines(self, which: int, units: int, price: int, code: str, swap: bool, express: bool) -> None:
        number, line_id = self._line(which)
        new = orders.NewLine(code, units, price, line_id if swap else None)
        way = orders.Shipping("Express", price) if express else None
        with suppress(Refused):
            orders.edit(number, add=[new], shipping=way, because="test", at=SOLD_AT, by="user:1")
        with suppress(Refused):
            orders.edit(number, lines={line_id: units + 2}, because="test", at=SOLD_AT, by="user:1")
        with suppress(Refused):
            orders.edit(number, prices={line_id: price}, because="test", at=SOLD_AT, by="user:1")
        with suppress(Refused):
            orders.edit(number, discounts={line_id: price}, because="test", at=SOLD_AT, by="user:1")

    @precondition(lambda self: self.shop.orders)
    @rule(which=st.integers(0, 7), code=st.sampled_from([*PLAIN, "SET"]), units=UNITS, grow=st.booleans())
    def edit_in_the_shop(self, which: int, code: str, units: int, grow: bool) -> None:
        order_id = self._one(which)
        if self.shop.orders[order_id]["cancelled_at"]:
            return
        said = self.shop.add_units(order_id, 0, units) if grow else self.shop.add_line(order_id, code, units)
        self.post_office.append(said)

    @rule(which=st.integers(0, 20), site=st.sampled_from([None, *SITES]))
    def route_again(self, which: int, site: str | None) -> None:
        number, _ = self._line(which)
        with suppress(Refused):
            reroute(number, location=site, because="test", at=SOLD_AT, by="user:1")

    def _move(self, code: str, units: int, source: str, target: str, *, breaks: bool = False) -> None:
        found = sql.run("select id from catalog_sku where code = %s", (code,))
        if not found:
            return
        self.moves += 1
        move = Move(f"move {self.moves}", found[0][0], units, source, target, "test")
        with suppress(Refused):
            post([move], by="test", at=SOLD_AT, breaks_reservations=breaks)

    @rule(code=st.sampled_from([*PLAIN, "VASE"]), units=st.integers(1, 6), site=st.sampled_from(SITES))
    def receive(self, code: str, units: int, site: str) -> None:
        self._move(code, units, "world:supplier", site)

    @rule(code=st.sampled_from(PLAIN), site=st.sampled_from(SITES), all_but=st.integers(0, 2))
    def find_broken(self, code: str, site: str, all_but: int) -> None:
        """Nearly all of it, so that promises break."""
        found = sql.run(
            "select on_hand from stock_level v join catalog_sku s on s.id = v.sku_id "
            "join stock_location l on l.id = v.location_id where s.code = %s and l.code = %s",
            (code, site),
        )
        if found and found[0][0] > all_but:
            self._move(code, found[0][0] - all_but, site, "world:scrap", breaks=True)

    @rule(code=st.sampled_from(PLAIN), units=UNITS)
    def carry_over(self, code: str, units: int) -> None:
        self._move(code, units, "BER", "PAR")

    @rule(
        kit=st.sampled_from(["SET", "PAIR"]), parts=st.dictionaries(st.sampled_from(PLAIN), st.integers(1, 2))
    )
    def define_a_kit(self, kit: str, parts: dict[str, int]) -> None:
        set_kits([Kit(kit, parts)], at=SOLD_AT, by="user:1")

    @rule()
    def define_an_alias(self) -> None:
        add_aliases([NewAlias("acme", "LAMPE", "LAMP")], at=SOLD_AT, by="user:1")

    @rule()
    def define_a_sku(self) -> None:
        save_sku(Draft(code="VASE"), at=SOLD_AT, by="user:1")

    @invariant()
    def the_doctor_is_content(self) -> None:
        self.look()

    def end(self) -> None:
        self.deliver_the_rest()
        self.check(is_quick=False)
        assert sql.run("select count(*) from orders_order") == [(len(self.shop.orders),)]
        assert sql.run("select because from inbox_message where state not in ('used', 'ignored')") == []
        assert sql.run("select count(*) from core_delivery") == [(0,)]
        assert sql.run(FORGOTTEN) == []
        before = picture()
        for webhook in self.delivered:
            self.keep(webhook)
        flow()
        assert picture() == before  # all of it once more changes nothing
        sql.run("set constraints all immediate")


class Ingest(Machine):
    """S4. A bag of messages, doubled, shuffled, spoiled, lost and sent again ends like a clean feed."""

    @initialize(data=st.data())
    def the_shop_has_a_history(self, data: Any) -> None:
        a_location("BER")
        for code in PLAIN:
            a_sku(code, BER=1000)
        save_sku(Draft(code="SET"), at=SOLD_AT, by="test")
        set_kits([Kit("SET", {"BULB": 2, "SHADE": 1})], at=SOLD_AT, by="test")
        flow()
        self.lost: list[Webhook] = []
        self.feed = list(self._history(data))
        self.post_office = list(self.feed)

    def _history(self, data: Any) -> Iterator[Webhook]:
        for _ in range(data.draw(st.integers(1, 3))):
            codes = data.draw(st.lists(st.sampled_from([*PLAIN, "SET"]), min_size=1, max_size=3, unique=True))
            told = self.shop.sell(*[(code, data.draw(st.integers(2, 4))) for code in codes])
            order_id = list(self.shop.orders)[-1]
            yield told
            for what in data.draw(st.lists(st.sampled_from("prufc"), max_size=4)):
                match what:
                    case "p":
                        yield self.shop.pay(order_id)
                    case "r":
                        yield self.shop.readdress(order_id, data.draw(st.sampled_from(["Potsdam", "Erfurt"])))
                    case "u" if self.shop.orders[order_id]["line_items"][0]["fulfillable_quantity"] > 0:
                        yield self.shop.refund(
                            order_id, 0, 1, restock=data.draw(st.sampled_from(["cancel", "no_restock"]))
                        )
                        yield self.shop.refund_notice(order_id)
                    case "f" if self.shop.orders[order_id]["line_items"][0]["fulfillable_quantity"] > 0:
                        yield self.shop.fulfil(order_id, (0, 1))
                    case "c":
                        yield self.shop.cancel(order_id)
                        break

    @precondition(lambda self: self.post_office)
    @rule(which=st.integers(0, 20), times=st.integers(1, 3))
    def a_message_comes(self, which: int, times: int) -> None:
        self.deliver(which, times)

    @precondition(lambda self: self.post_office)
    @rule(which=st.integers(0, 20))
    def a_message_is_lost(self, which: int) -> None:
        self.lost.append(self.post_office.pop(which % len(self.post_office)))

    @precondition(lambda self: self.delivered)
    @rule(which=st.integers(0, 20))
    def a_message_comes_again(self, which: int) -> None:
        self.keep(self.delivered[which % len(self.delivered)])

    @rule(which=st.integers(0, 20), at=st.integers(1, 400))
    def a_spoiled_copy_comes(self, which: int, at: int) -> None:
        webhook = self.feed[which % len(self.feed)]
        self.keep(webhook, webhook.body[:at])

    @rule()
    def all_flows(self) -> None:
        flow()

    @rule()
    def one_batch_is_read(self) -> None:
        worker.step(worker.queues[0])

    @invariant()
    def the_doctor_is_content(self) -> None:
        self.look()

    def end(self) -> None:
        self.post_office += self.lost
        self.deliver_the_rest()
        self.check(is_quick=False)
        shuffled = picture()
        sql.run("set constraints all immediate")
        transaction.set_rollback(True)
        self._undone.__exit__(None, None, None)
        clean = self._in_order()
        self._undone = transaction.atomic()
        self._undone.__enter__()
        assert shuffled == clean

    def _in_order(self) -> object:
        """The end of the same history, each message once and in its turn."""
        with transaction.atomic():
            self.connection_id = a_connection()
            a_location("BER")
            for code in PLAIN:
                a_sku(code, BER=1000)
            save_sku(Draft(code="SET"), at=SOLD_AT, by="test")
            set_kits([Kit("SET", {"BULB": 2, "SHADE": 1})], at=SOLD_AT, by="test")
            flow()
            for webhook in self.feed:
                self.keep(webhook)
                flow()
            clean = picture()
            transaction.set_rollback(True)
        return clean


pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(3600),
]  # to shrink a failure takes long


def test_orders_stand_whatever_happens_to_them() -> None:
    play(Orders, share=0.5, steps=30)


def test_messages_shuffled_doubled_lost_and_spoiled_end_like_a_clean_feed() -> None:
    play(Ingest, share=0.5, steps=20)
