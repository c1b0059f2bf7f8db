"""What a shop sells, past what every shop has to pass: variations, currencies, what is deleted meanwhile."""

from collections.abc import Iterator

import pytest

from quartermaster.channels.ports import Count, Price
from quartermaster.connectors.woocommerce.goods import WooListings
from quartermaster.core.outside import Account
from quartermaster.testing.simulators import woocommerce
from quartermaster.testing.simulators.server import Simulator

LISTINGS = WooListings()


@pytest.fixture
def shop() -> Iterator[tuple[woocommerce.WooCommerce, Account]]:
    memory = woocommerce.WooCommerce("JPY")
    with Simulator(memory) as simulator:
        yield memory, Account("acme", {**woocommerce.SETTINGS, "url": simulator.url})


def test_a_product_deleted_while_they_are_read_hides_no_other(shop):
    memory, account = shop
    names = [memory.goods.offer(f"LAMP-{n}", 1, "5") for n in range(205)]
    page = LISTINGS.listings(account=account, cursor="")
    for name in names[:150]:  # more than a page, and the one the next page begins with
        del memory.goods.products[int(name)]
    found = [one.name for one in page.listings]
    while page.cursor:
        page = LISTINGS.listings(account=account, cursor=page.cursor)
        found += [one.name for one in page.listings]
    assert set(names[150:]) <= set(found)
    assert len(found) == len(set(found))


def test_a_product_with_variations_is_no_listing_and_its_variations_are(shop):
    memory, account = shop
    memory.goods.offer("LAMP", 9, "5")
    memory.goods.offer("LINK", None, "5", type="external")
    red, blue = (memory.goods.offer(code, 4, "5", of=11) for code in ("RED", "BLUE"))
    memory.goods.thing(blue)["manage_stock"] = "parent"
    first = LISTINGS.listings(account=account, cursor="")
    assert first.listings == ()
    found = LISTINGS.listings(account=account, cursor=first.cursor).listings
    assert [(one.name, one.title, one.quantity) for one in found] == [
        (red, "Lamp, Red", 4),
        (blue, "Lamp, Blue", None),
    ]
    assert LISTINGS.listed(account=account, names=["11", red]) == found[:1]


def test_a_currency_without_cents_is_written_without_any(shop):
    memory, account = shop
    name = memory.goods.offer("LAMP", 9, "500")
    (row,) = LISTINGS.set_prices(account=account, prices=[Price(name, 1999, "JPY")], key="1")
    assert (row.state, memory.goods.thing(name)["regular_price"]) == ("taken", "1999")


def test_what_is_no_name_of_a_listing_is_missing_and_asks_nobody(shop):
    _, account = shop
    counts = [Count(name, 1) for name in ("", "LAMP", "1/2/3", "-4")]
    taken = LISTINGS.set_stock(account=account, counts=counts, key="1")
    assert {row.state for row in taken} == {"missing"}
    assert LISTINGS.listed(account=account, names=["LAMP"]) == ()
