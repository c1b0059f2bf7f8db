"""Counting costs the same at a million rows: every count is served by an index, up to its cap."""

import itertools

import pytest
from tests.console.conftest import Shop

from quartermaster.console import navigation
from quartermaster.console.messages import queries as messages
from quartermaster.console.orders import queries as orders
from quartermaster.core import sql


def _plan(query: str, params: dict[str, object]) -> str:
    sql.run("set local enable_seqscan = off")  # the tables of a test are too small to need an index
    return "\n".join(row[0] for row in sql.run(f"explain {query}", params))


@pytest.mark.parametrize("state", ["stuck", "unreadable", "received", "ignored"])
def test_messages_that_are_open_are_counted_on_their_own_index(state: str, db: None):
    lines = [line.strip() for line in _plan(messages.COUNTS, {"most": 10}).splitlines()]
    below = [cond for line, cond in itertools.pairwise(lines) if "message_open" in line]
    assert any(cond.startswith(f"Index Cond: (state = '{state}'") for cond in below), lines


def test_orders_are_counted_by_status_on_an_index(db: None):
    assert "order_by_status" in _plan(orders.COUNTS, {"most": 10, "statuses": ["open"]})
    looked = _plan(orders.COUNTS_OF_CONNECTION, {"looked": 10, "statuses": ["open"], "slug": "x", "most": 1})
    assert "Seq Scan on orders_order" not in looked


@pytest.mark.parametrize("entry", [entry for entry in navigation.entries() if entry.counts], ids=str)
def test_the_rail_counts_on_indexes(entry: navigation.Entry, db: None):
    assert "Seq Scan" not in _plan(f"select count(*) from ({entry.counts} limit %(most)s) x", {"most": 10})


def test_a_count_stops_at_its_cap(shop: Shop, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(orders, "COUNTED_MAX", 2)
    for _ in range(3):
        shop.sell(("MUG-ST", 1))
    assert orders.counts(["allocated", "open"]) == {"allocated": (2, True), "open": (0, False)}


def test_under_one_connection_the_newest_are_looked_through(shop: Shop, monkeypatch: pytest.MonkeyPatch):
    for _ in range(3):
        shop.sell(("MUG-ST", 1))
    assert orders.counts(["allocated"], "northlight") == {"allocated": (3, False)}
    assert orders.counts(["allocated"], "elsewhere") == {"allocated": (0, False)}
    monkeypatch.setattr(orders, "_LOOKED_THROUGH", 2)
    assert orders.counts(["allocated"], "northlight") == {"allocated": (2, True)}
