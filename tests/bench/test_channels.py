"""The benchmark of channels: what it calls a vendor's budget, on both sides."""

import pytest
from bench.channels import paced
from bench.channels.marketplace import _best_s, _rate
from bench.channels.run import _table

from quartermaster.connectors import limits
from quartermaster.connectors.amazon import paces
from quartermaster.core.outside import Account

ACME = Account("acme", {"api_url": "http://127.0.0.1:1", "seller_id": "A1"})


def test_its_workers_keep_the_vendor_s_budget_with_a_simulator_and_others_do_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert paces.limit_of(ACME) is None
    monkeypatch.setattr(limits, "of", limits.of)
    paced.keep(20)
    limit_of = paces.limit_of(ACME)
    assert limit_of is not None
    limit = limit_of("POST", "/feeds/2021-06-30/feeds")
    assert (round(limit.each_s, 2), limit.burst) == (6.02, 2)


def test_the_simulator_counts_what_amazon_counts_and_neither_files_nor_tokens() -> None:
    rate = _rate("POST", "/feeds/2021-06-30/feeds", 20)
    assert rate is not None
    assert (rate.name, round(1 / rate.a_second, 2), rate.most) == ("createFeed", 6.02, 2)
    assert _rate("PUT", "/feeds/2021-06-30/file/1", 20) is None
    assert _rate("POST", "/auth/o2/token", 20) is None


def test_the_best_there_is_are_full_feeds_and_a_look_at_each_listing() -> None:
    assert round(_best_s(100_000, 1)) == round((5000 - 5) / 5)
    assert round(_best_s(100_000, 20)) == round((5000 - 5) / 5 / 20)
    assert round(_best_s(1_000, 1)) == 9


def test_a_push_is_told_with_what_was_refused_and_where_its_workers_died() -> None:
    push = {
        "listings": 100,
        "budget_times": 2,
        "written_s": 10.0,
        "known_s": 12.5,
        "best_s": 8.0,
        "killed": [{"unwritten": 40, "unknown": 60}],
        "wrong": 0,
        "sent_twice": 3,
        "throttled": 7,
        "calls": {"feed": 5},
        "workers_ms": 50.0,
        "database_ms": 20.0,
        "peak_mib": 99.6,
    }
    told = _table({"marketplace": push, "broken": []})
    for words in (
        "(10 a second)",
        "40 not written and 60 not known",
        "3 rows were sent twice",
        "500 ms of CPU",
    ):
        assert words in told
    assert "7 calls were refused as too many (5 feed)" in told
    assert told.endswith("the doctor found nothing")
