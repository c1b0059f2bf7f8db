"""Counting costs the same at a million rows: every count is served by an index, up to its cap."""

import itertools

import pytest
from django.utils.timezone import now
from tests.console.conftest import Shop

from quartermaster.console import navigation
from quartermaster.console.messages import queries as messages
from quartermaster.console.orders import lists
from quartermaster.core import sql


def _plan(query: str, params: dict[str, object]) -> str:
    sql.run("set local enable_seqscan = off")  # the tables of a test are too small to need an index
    return "\n".join(row[0] for row in sql.run(f"explain {query}", params))


@pytest.mark.parametrize("state", ["stuck", "unreadable", "received", "ignored"])
def test_messages_that_are_open_are_counted_on_their_own_index(state: str, db: None):
    lines = [line.strip() for line in _plan(messages.COUNTS, {"most": 10}).splitlines()]
    below = [cond for line, cond in itertools.pairwise(lines) if "message_open" in line]
    assert any(cond.startswith(f"Index Cond: (state = '{state}'") for cond in below), lines


@pytest.mark.parametrize("entry", [entry for entry in navigation.entries() if entry.counts], ids=str)
def test_the_rail_counts_on_indexes(entry: navigation.Entry, db: None):
    assert "Seq Scan" not in _plan(f"select count(*) from ({entry.counts} limit %(most)s) x", {"most": 10})


def _wanted(view: str = "", **filters: object) -> lists.Wanted:
    at = now()
    return lists.Wanted(view, filters, {"now": at, "day_start": at, "day_end": at})


@pytest.mark.parametrize("view", lists.VIEWS)
def test_every_view_is_read_on_an_index(view: str, db: None):
    where, asked = _wanted(view).asked({"most": 10})
    plan = _plan(f"select count(*) from (select from orders_order o where {where} limit %(most)s) x", asked)
    assert "Seq Scan on orders_order" not in plan, plan


def test_a_count_stops_at_its_cap(shop: Shop, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(lists, "COUNTED_MAX", 2)
    for _ in range(3):
        shop.sell(("MUG-ST", 1))
    assert lists.counts(["ready", "open"], _wanted()) == {"ready": (2, True), "open": (0, False)}


def test_a_filter_counts_only_what_it_lets_through(shop: Shop):
    for _ in range(3):
        shop.sell(("MUG-ST", 1))
    assert lists.counts(["ready"], _wanted(connection="northlight"))["ready"].number == 3
    assert lists.counts(["ready"], _wanted(connection="elsewhere"))["ready"].number == 0
    assert lists.counts(["ready"], _wanted(since=now()))["ready"].number == 0
