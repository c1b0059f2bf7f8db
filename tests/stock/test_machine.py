"""S1: any history of stock. A model of plain dicts says what must happen; the ledger must agree after each
step, and a rebuild from its movements must equal it."""

from collections import Counter
from collections.abc import Callable

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tests.stock.shop import AT, Shop, broken

from quartermaster.core import sql
from quartermaster.core.errors import Refused
from quartermaster.stock.actions import Move, Reserve, Settle, consume, lock_levels, post, release, reserve
from quartermaster.stock.rules import fold
from quartermaster.stock.rules.chain import Written

PLACE = st.sampled_from(["BER", "BER/A", "BER/Z/1", "MUC"])
STATE = st.sampled_from(["available", "available", "damaged", "in_transit"])
LOT = st.sampled_from(["", "", "L1"])
CLAIM = st.integers(1, 2)
UNITS = st.integers(1, 4)
type Spot = tuple[str, str, str, str]  # place, state, lot, serial


class StockMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    @initialize()
    def open(self) -> None:
        self.shop = Shop()
        self.held: Counter[Spot] = Counter()
        self.pending: list[list] = []  # [claim, site, units], oldest first
        self.posted: list[tuple[Move, bool]] = []
        self.shipped: list[tuple[str, int, int]] = []
        self.numbers = 0
        for place, lot in (("BER", ""), ("BER/A", "L1"), ("BER/A", ""), ("BER/Z/1", ""), ("MUC", "")):
            self.receive(place, lot, 2, "available")
        for claim, site in ((1, "BER"), (2, "BER"), (1, "MUC")):
            self.reserve(claim, site, 2)

    # what the model knows

    def available(self, site: str) -> int:
        return sum(n for spot, n in self.held.items() if site_of(spot) == site and spot[1] == "available")

    def promised(self, site: str) -> int:
        return sum(units for _, where, units in self.pending if where == site)

    def of_claim(self, claim: int) -> int:
        return sum(units for whose, _, units in self.pending if whose == claim)

    def settle(self, wanted: Callable[[int, str], bool], units: int, *, newest: bool) -> Counter[str]:
        """Take units from pending promises; how many from which site."""
        taken: Counter[str] = Counter()
        for one in reversed(self.pending) if newest else self.pending:
            if wanted(one[0], one[1]):
                part = min(one[2], units)
                one[2] -= part
                units -= part
                taken[one[1]] += part
        self.pending = [one for one in self.pending if one[2]]
        return taken

    def outcome(self, work: Callable[[], object]) -> str:
        try:
            with transaction.atomic():
                work()
        except Refused as refusal:
            return refusal.code
        return "ok"

    # what can happen

    def carry(self, move: Move, *, breaks: bool) -> str:
        """What must come of a new movement; when it is fine, the model follows."""
        source = (move.source, move.source_state, move.lot, move.serial)
        target = (move.target, move.target_state, move.lot, move.serial)
        if source[:2] == target[:2]:
            return "invalid"
        site = site_of(source)
        if site and self.held[source] < move.quantity:
            return "not-enough-stock"
        elsewhere = [s for s, n in self.held.items() if s[3] and s[3] == move.serial and n and s != source]
        leaves = move.source_state == "available" and (site_of(target), target[1]) != (site, "available")
        short = self.promised(site) - (self.available(site) - move.quantity) if site and leaves else 0
        if elsewhere and site_of(target):
            return "serial-elsewhere"
        if short > 0 and not breaks:
            return "stock-is-promised"
        self.held[source] -= move.quantity if site else 0
        self.held[target] += move.quantity if site_of(target) else 0
        if short > 0:
            self.settle(lambda _, where: where == site, short, newest=True)
        return "ok"

    def play(self, move: Move, *, breaks: bool = False) -> None:
        done = self.outcome(lambda: post([move], by="test", at=AT, breaks_reservations=breaks))
        assert done == self.carry(move, breaks=breaks)
        if done == "ok":
            self.posted.append((move, breaks))

    def move(
        self, quantity: int, source: str, target: str, lot: str, serial: str = "", **states: str
    ) -> Move:
        self.numbers += 1
        key = f"m{self.numbers}"
        return Move(key, self.shop.sku_id, quantity, source, target, "test", lot=lot, serial=serial, **states)

    @rule(place=PLACE, lot=LOT, units=UNITS, state=STATE)
    def receive(self, place: str, lot: str, units: int, state: str) -> None:
        self.play(self.move(units, "world:supplier", place, lot, target_state=state))

    @rule(place=PLACE, serial=st.sampled_from(["S1", "S2"]))
    def receive_serial(self, place: str, serial: str) -> None:
        self.play(self.move(1, "world:supplier", place, "", serial))

    @rule(source=PLACE, to=PLACE, lot=LOT, units=UNITS, states=st.tuples(STATE, STATE), breaks=st.booleans())
    def transfer(
        self, source: str, to: str, lot: str, units: int, states: tuple[str, str], breaks: bool
    ) -> None:
        move = self.move(units, source, to, lot, source_state=states[0], target_state=states[1])
        self.play(move, breaks=breaks)

    @rule(source=PLACE, to=PLACE, serial=st.sampled_from(["S1", "S2"]), state=STATE)
    def carry_serial(self, source: str, to: str, serial: str, state: str) -> None:
        self.play(self.move(1, source, to, "", serial, target_state=state))

    @rule(place=PLACE, lot=LOT, units=UNITS, state=STATE, breaks=st.booleans())
    def scrap(self, place: str, lot: str, units: int, state: str, breaks: bool) -> None:
        self.play(self.move(units, place, "world:scrap", lot, source_state=state), breaks=breaks)

    @precondition(lambda self: any(spot[1] == "available" for spot, n in self.held.items() if n))
    @rule(pick=st.integers(0, 99), units=UNITS)
    def find_broken(self, pick: int, units: int) -> None:
        """Units that are certainly there turn out to be broken, promised or not."""
        there = sorted(spot for spot, n in self.held.items() if n and spot[1] == "available")
        place, _, lot, serial = there[pick % len(there)]
        units = min(units, self.held[place, "available", lot, serial])
        self.play(self.move(units, place, "world:scrap", lot, serial), breaks=True)

    @precondition(lambda self: self.posted)
    @rule(pick=st.integers(0, 99))
    def post_again(self, pick: int) -> None:
        move, breaks = self.posted[pick % len(self.posted)]
        assert post([move], by="again", at=AT, breaks_reservations=breaks).new == 0

    @rule(claim=CLAIM, site=st.sampled_from(["BER", "MUC"]), units=UNITS)
    def reserve(self, claim: int, site: str, units: int) -> None:
        fits = units <= self.available(site) - self.promised(site)

        def work() -> None:
            lock_levels([self.shop.sku_id])
            reserve([Reserve(self.shop.sku_id, self.shop.sites[site], units, claim, 1)], at=AT)

        assert self.outcome(work) == ("ok" if fits else "not-enough-stock")
        if fits:
            self.pending.append([claim, site, units])

    @rule(claim=CLAIM, units=UNITS)
    def release(self, claim: int, units: int) -> None:
        fits = units <= self.of_claim(claim)
        parts = [Settle(claim, self.shop.sku_id, units)]
        done = self.outcome(lambda: release(parts, because="test", at=AT, emit_arrival=True))
        assert done == ("ok" if fits else "not-reserved")
        if fits:
            self.settle(lambda whose, _: whose == claim, units, newest=True)

    @rule(claim=CLAIM, units=UNITS)
    def ship(self, claim: int, units: int) -> None:
        self.numbers += 1
        key, fits = f"s{self.numbers}", units <= self.of_claim(claim)
        assert self.outcome(lambda: self.consume(key, claim, units)) == ("ok" if fits else "not-reserved")
        if not fits:
            return
        self.shipped.append((key, claim, units))
        for site, left in self.settle(lambda whose, _: whose == claim, units, newest=False).items():
            shelves = [s for s, n in self.held.items() if n and site_of(s) == site and s[1] == "available"]
            for spot in sorted(shelves, key=lambda s: (s[0] != site, s)):
                part = min(left, self.held[spot])
                self.held[spot] -= part
                left -= part

    @precondition(lambda self: self.shipped)
    @rule(pick=st.integers(0, 99))
    def ship_again(self, pick: int) -> None:
        self.consume(*self.shipped[pick % len(self.shipped)])

    def consume(self, key: str, claim: int, units: int) -> None:
        parts = [Settle(claim, self.shop.sku_id, units)]
        consume(parts, because="shipped", document="order:1", by="test", at=AT, key_prefix=key)

    # what must hold

    @invariant()
    def the_ledger_says_what_the_model_says(self) -> None:
        if not hasattr(self, "shop"):
            return
        there = sql.run(
            "select p.code, state, lot, serial, quantity "
            "from stock_balance join stock_place p on p.id = place_id "
            "where place_id > 0"
        )
        assert {tuple(row[:4]): row[4] for row in there} == {s: n for s, n in self.held.items() if n}
        levels = sql.run(
            "select l.code, on_hand, sellable, reserved from stock_level "
            "join stock_location l on l.id = location_id"
        )
        for site, on_hand, sellable, reserved in levels:
            assert on_hand == sum(n for spot, n in self.held.items() if site_of(spot) == site)
            assert (sellable, reserved) == (self.available(site), self.promised(site))
        pending = (
            "select claim, sum(quantity)::int from stock_reservation where state = 'pending' group by claim"
        )
        assert dict(sql.run(pending)) == {c: n for c in (1, 2) if (n := self.of_claim(c))}

    @invariant()
    def every_invariant_holds_and_a_rebuild_equals_the_live_balances(self) -> None:
        if (
            not hasattr(self, "shop") or self.numbers % 5
        ):  # whatever breaks stays broken: every fifth step will do
            return
        assert broken() == []
        rows = sql.run(f"select {', '.join(Written._fields)} from stock_movement order by id")
        live = sql.run("select sku_id, place_id, state, lot, serial, quantity from stock_balance")
        assert fold.balances(Written._make(row) for row in rows) == {
            fold.Spot(*row[:5]): row[5] for row in live if row[5]
        }


def site_of(spot: Spot) -> str:
    """BER for BER/A; nothing for the world."""
    return "" if spot[0].startswith("world:") else spot[0].partition("/")[0]


@pytest.mark.django_db
def test_any_history_of_stock_ends_as_the_model_says():
    tried = settings(stateful_step_count=20)
    run_state_machine_as_test(StockMachine, settings=tried)
