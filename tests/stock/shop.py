"""A ledger played from a table: one event a line, ending in its outcome; refusals leave no trace."""

from collections.abc import Mapping
from datetime import UTC, datetime

from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.errors import Refused
from quartermaster.stock.actions import Move, Reserve, Settle, consume, lock_levels, post, release, reserve
from quartermaster.stock.queries.invariants import INVARIANTS
from quartermaster.testing.builders import a_location

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


class Shop:
    """One SKU, LAMP, and the sites BER and MUC."""

    def __init__(self) -> None:
        self.sites = {code: a_location(code) for code in ("BER", "MUC")}
        self.sku_id = int(sql.run("insert into catalog_sku (code) values ('LAMP') returning id")[0][0])

    def play(self, script: str) -> None:
        """Play every line; one that ends differently than it says fails with the line."""
        for line in filter(None, map(str.strip, script.splitlines())):
            told, is_outcome, expected = line.partition(" = ")
            verb, *words = told.split()
            if is_outcome:
                assert self._outcome(verb, words) == expected.strip(), line
            else:
                assert self._seen(verb, words[:-1]) == int(words[-1]), line
        assert broken() == []

    def _outcome(self, verb: str, words: list[str]) -> str:
        before = self._everything()
        try:
            with transaction.atomic():
                getattr(self, f"_{verb}")(*words)
        except Refused as refusal:
            assert self._everything() == before, "a refusal left something behind"
            return refusal.code
        return "ok"

    def _move(self, key: str, units: str, source: str, arrow: str, target: str, *lot: str) -> None:
        post([a_move(self.sku_id, key, int(units), source, target, *lot)], by="test", at=AT)

    def _break(self, key: str, units: str, source: str, arrow: str, target: str) -> None:
        move = a_move(self.sku_id, key, int(units), source, target)
        post([move], by="test", at=AT, breaks_reservations=True)

    def _reserve(self, claim: str, units: str, site: str) -> None:
        lock_levels([self.sku_id])
        reserve([Reserve(self.sku_id, self.sites[site], int(units), int(claim), 1)], at=AT)

    def _release(self, claim: str, units: str) -> None:
        release([Settle(int(claim), self.sku_id, int(units))], because="test", at=AT)

    def _ship(self, key: str, units: str, claim: str) -> None:
        parts = [Settle(int(claim), self.sku_id, int(units))]
        consume(parts, because="shipped", document="order:1", by="test", at=AT, key_prefix=key)

    def _seen(self, what: str, words: list[str]) -> int:
        if what == "holds":
            place, state = _place(words[0])
            query = """select coalesce(sum(quantity), 0) from stock_balance b
                join stock_place p on p.id = b.place_id
                where p.code = %s and b.state = %s and b.sku_id = %s"""
            return int(sql.run(query, (place, state, self.sku_id))[0][0])
        if what == "pending":
            query = """select coalesce(sum(quantity), 0) from stock_reservation
                where claim = %s and state = 'pending'"""
            return int(sql.run(query, (int(words[0]),))[0][0])
        assert what in ("on_hand", "sellable", "reserved", "links")
        query = f"select coalesce(sum({what}), 0) from stock_level where sku_id = %s and location_id = %s"
        return int(sql.run(query, (self.sku_id, self.sites[words[0]]))[0][0])

    def _everything(self) -> Mapping[str, object]:
        tables = ("movement", "link", "balance", "level", "reservation", "place")
        return {name: sorted(sql.run(f"select t::text from stock_{name} t"), key=str) for name in tables} | {
            "events": sql.run("select count(*) from core_event")
        }


def _place(code: str) -> tuple[str, str]:
    """BER/A:damaged is a place and a state."""
    if code.startswith("world:") or ":" not in code:
        return code, "available"
    place, _, state = code.partition(":")
    return place, state


def a_move(
    sku_id: int, key: str, quantity: int, source: str, target: str, lot: str = "", serial: str = ""
) -> Move:
    """A movement between places written as BER/A or BER/A:damaged."""
    (source, source_state), (target, target_state) = _place(source), _place(target)
    return Move(key, sku_id, quantity, source, target, "test", source_state, target_state, lot, serial)


def broken() -> list[str]:
    """Every invariant of stock that does not hold, in sentences."""
    return [f"{name}: {row}" for name, _, look in INVARIANTS for row in look()]
