"""The demo's simulated shops: asked, told and compared, and nobody else is."""

import pytest
from django.conf import settings
from django.utils.timezone import now

from quartermaster.channels.actions import (
    ask_shops,
    compare_shops,
    pull_listings,
    push_prices,
    push_stock,
    see_to_hooks,
    work_out_prices,
)
from quartermaster.channels.actions.work_out import work_out
from quartermaster.channels.queries.health import health
from quartermaster.core import doctor, sql
from quartermaster.core.actions.setting import mark_as_demo
from quartermaster.demo.keyed import KINDS, Keyed
from quartermaster.inbox import queries
from quartermaster.inbox.actions import connect
from quartermaster.inbox.queries.connections import DemoStaysInside
from quartermaster.testing.builders import a_location, a_sku, flow

PRICED = """
select distinct l.code, p.wanted_minor, p.was_minor, p.blocked_by from channels_listing_price p
join channels_listing l on l.id = p.listing_id where p.version > 0 order by 1, 4
"""


def test_simulated_shops_live_beside_the_demo_and_no_other_is_called(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "URL", "http://127.0.0.1:8000")
    mark_as_demo(at=now(), by="demo")
    a_location("BER")
    for code in ("LAMP", "MUG"):
        a_sku(code, BER=30)
    sql.run("update catalog_sku set cost_minor = 900, currency = 'EUR'")
    with Keyed() as shops:
        shops.bring(now())
        flow()
        while ask_shops() + pull_listings() + work_out() + push_stock() + see_to_hooks() + compare_shops():
            flow()
        while work_out_prices() + push_prices():
            pass
        assert sql.run(PRICED) == [
            ("LAMP", 1701, 1990, ""),
            ("MUG", 1417, None, ""),
            ("MUG", 1417, None, "floor"),
        ]
        assert sql.run("select count(*) from channels_listing where sku_id is not null") == [(6,)]
        assert sql.run("select count(*) from channels_listing where state <> 'idle'") == [(0,)]
        assert sql.run("select phase from channels_comparison") == [("done",)] * 3
        seen = [one for one in health(now()) if one.slug in KINDS]
        assert [(one.mode, one.failures, one.hooks_off) for one in seen] == [("live", 0, "")] * 3
        assert [one.check for one in doctor.examine() if one.rows] == []
        shops.end(now())
    assert not any(queries.connection(slug).is_active for slug in KINDS)


def test_only_the_demo_s_own_shops_on_this_machine_are_let_out(db: None) -> None:
    mark_as_demo(at=now(), by="demo")
    keys = {"webhook_secret": "s", "consumer_key": "ck", "consumer_secret": "cs"}
    with Keyed() as shops:
        shops.begin(now())
        mine = queries.connection("pine-corner")
        assert queries.credentials(mine)["url"].startswith("http://127.0.0.1:")
        connect("woocommerce", "pine-corner", {"url": "https://shop.example"}, at=now(), by="user:1")
        connect("woocommerce", "other", {**keys, "url": "http://127.0.0.1:9"}, at=now(), by="user:1")
        for slug in ("pine-corner", "other"):
            with pytest.raises(DemoStaysInside):
                queries.credentials(queries.connection(slug))
