"""A price goes to three shops; a bad one stays here; a sale ends by itself; a hand in a shop is found."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from decimal import Decimal

import pytest

from quartermaster.channels.actions import (
    compare,
    compare_shops,
    heal,
    let_through,
    make_list,
    plan_sale,
    pull_listings,
    push_prices,
    put_prices,
    read_prices_back,
    set_pricing,
    switch,
    take_theirs,
    work_out_prices,
)
from quartermaster.channels.actions.drifts import NothingToTake
from quartermaster.channels.rules.prices.rows import PriceRow
from quartermaster.core import sql
from quartermaster.core.moment import now
from quartermaster.inbox.actions import connect
from quartermaster.testing.simulators import magento, shopify, woocommerce
from quartermaster.testing.simulators.server import Simulator

from .conftest import NOW, Company

SHOPS = ("corner", "lamps", "world")
OPEN = """
select d.id, c.slug, d.theirs, d.ours from channels_drift d join inbox_connection c on c.id = d.shop_id
where d.kind = 'price' and d.settled_at is null order by 2
"""
BLOCKED = """
select c.slug, p.blocked_because from channels_listing_price p join channels_listing l on l.id = p.listing_id
join inbox_connection c on c.id = l.shop_id where p.blocked_by <> '' order by 1
"""


class Trade:
    """A lamp that costs us 9.00, in a WooCommerce, a Shopify and a Magento shop, for 20.00 so far."""

    def __init__(self, company: Company, running: ExitStack) -> None:
        self.company = company
        self.woo, self.shopify, self.magento = woocommerce.WooCommerce(), shopify.Shopify(), magento.by_hand()
        self.in_woo = self.woo.goods.offer("LAMP", 5, "20.00")
        self.in_shopify = self.shopify.offer("LAMP", 5, "20.00")
        self.magento.goods.offer("LAMP", 5, 20)
        self.simulators = [
            running.enter_context(Simulator(one)) for one in (self.woo, self.shopify, self.magento)
        ]
        urls = [one.url for one in self.simulators]
        connect("woocommerce", "corner", {**woocommerce.SETTINGS, "url": urls[0]}, at=NOW, by="user:1")
        connect("shopify", "lamps", {**shopify.SETTINGS, "api_url": urls[1]}, at=NOW, by="user:1")
        connect("magento", "world", {**magento.SETTINGS, "url": urls[2]}, at=NOW, by="user:1")
        company.sku("LAMP")
        sql.run("update catalog_sku set cost_minor = 900, currency = 'EUR' where code = 'LAMP'")
        for slug in SHOPS:
            switch(slug, mode="live", at=NOW, by="user:1")
        self.pull()
        make_list("Retail", "EUR", at=NOW, by="user:1")

    def pull(self) -> None:
        sql.run("update channels_goods set read_next_at = now() - interval '1 hour'")
        while pull_listings():
            pass
        self.work()

    def work(self) -> None:
        """What the worker does, and what waits for a later moment."""
        for _ in range(4):
            while work_out_prices() + push_prices() + read_prices_back():
                pass
            sql.run("update channels_listing_price set next_at = now() - interval '1 hour'")
            sql.run("update channels_pricing set push_at = now() - interval '1 hour'")

    def put(self, minor: int) -> None:
        put_prices("Retail", [PriceRow("LAMP", minor)], at=now(), by="user:1")
        self.work()

    def costs(self) -> list[Decimal]:
        """In each shop, as its simulator has it."""
        (variant,) = self.shopify.prices
        told = (
            self.woo.goods.thing(self.in_woo)["regular_price"],
            self.shopify.prices[variant],
            self.magento.goods.products["LAMP"]["price"],
        )
        return [Decimal(str(one)) for one in told]

    def compared(self, slug: str) -> list[tuple[object, ...]]:
        compare(slug, since=NOW - timedelta(days=30), at=now(), by="user:1")
        for _ in range(20):
            sql.run(
                "update channels_comparison set next_at = now() - interval '1 second' where ended_at is null"
            )
            if not compare_shops():
                break
            self.company.flow()
        return [tuple(row) for row in sql.run(OPEN)]


@pytest.fixture
def trade(company: Company) -> Iterator[Trade]:
    sql.run("update inbox_connection set is_active = false where slug = 'acme'")  # nobody asks it here
    with ExitStack() as running:
        yield Trade(company, running)


def euros(*amounts: str) -> list[Decimal]:
    return [Decimal(amount) for amount in amounts]


def test_a_price_goes_to_three_shops_a_sale_ends_by_itself_and_a_bad_price_stays_here(trade: Trade) -> None:
    for slug in SHOPS:
        set_pricing(slug, {"price_list": "Retail"}, at=now(), by="user:1")
    set_pricing("lamps", {"factor_bp": 11_000, "step_minor": 100, "ending_minor": 99}, at=now(), by="user:1")
    set_pricing("world", {"fee_bp": 1500, "margin_bp": 1000}, at=now(), by="user:1")
    trade.put(2200)
    assert trade.costs() == euros("20", "20", "20"), "new shops are only looked at"
    for slug in SHOPS:
        set_pricing(slug, {"mode": "live"}, at=now(), by="user:1")
    trade.simulators[0].misbehave("batch", "late")
    trade.work()
    assert trade.costs() == euros("22", "23.99", "22")

    sale = plan_sale(
        "Retail",
        "LAMP",
        price_minor=1600,
        starts_at=now(),
        ends_at=now() + timedelta(hours=6),
        at=now(),
        by="user:1",
    )
    trade.work()
    assert trade.costs() == euros("16", "17.99", "16")
    sql.run("update channels_sale set ends_at = clock_timestamp() where id = %s", (sale,))
    trade.work()
    assert trade.costs() == euros("22", "23.99", "22")

    trade.put(1100)  # half of it
    assert trade.costs() == euros("22", "23.99", "22"), "it moves too far, and stays here"
    assert [slug for slug, _ in sql.run(BLOCKED)] == list(SHOPS)
    because = dict(sql.run(BLOCKED))["world"]
    assert because.startswith(
        "EUR 11.00 is less than EUR 12.00, which covers the cost of EUR 9.00, a fee of 15 %"
    )
    let_through("corner", [trade.in_woo], because="it is damaged", at=now(), by="user:2")
    trade.work()
    assert trade.costs() == euros("11", "23.99", "22")
    trade.put(2200)
    assert sql.run(BLOCKED) == [
        ("corner", "EUR 22.00 is 100 % more than the EUR 11.00 it costs there; 30 % are allowed.")
    ]
    trade.company.examine()


def test_a_price_that_somebody_changed_in_a_shop_is_found_healed_or_taken_over(trade: Trade) -> None:
    for slug in SHOPS:
        set_pricing(slug, {"price_list": "Retail", "mode": "live"}, at=now(), by="user:1")
    trade.put(2200)
    trade.woo.goods.thing(trade.in_woo)["regular_price"] = "12.00"
    trade.magento.goods.products["LAMP"]["price"] = 21
    trade.pull()
    assert trade.costs() == euros("12", "22", "21"), "it is not written over before a person has seen it"
    trade.compared("corner")
    (ours, theirs) = trade.compared("world")
    assert ours[1:] == ("corner", "LAMP costs EUR 12.00", "it is to cost EUR 22.00")
    assert theirs[1:] == ("world", "LAMP costs EUR 21.00", "it is to cost EUR 22.00")

    heal(int(str(ours[0])), at=now(), by="user:1")
    take_theirs(int(str(theirs[0])), at=now(), by="user:1")
    trade.work()

    assert trade.costs() == euros("22", "22", "21")
    assert trade.compared("corner") == []
    assert trade.compared("world") == []
    trade.put(2300)
    assert trade.costs() == euros("23", "23", "21"), "what was taken over is a price of its own"
    sql.run(
        "insert into channels_drift (shop_id, kind, reference, theirs, ours, found_at) "
        "select id, 'gap', '7', 'it is', 'it is not', now() from inbox_connection where slug = 'corner'"
    )
    ((gap,),) = sql.run("select id from channels_drift where kind = 'gap'")
    with pytest.raises(NothingToTake):
        take_theirs(gap, at=now(), by="user:1")
    trade.company.examine()
