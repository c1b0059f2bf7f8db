"""Amazon's orders on their way: what waits for Amazon, what is ours to ship, and what never is."""

from quartermaster.channels.actions import ask_shops
from quartermaster.core import sql
from quartermaster.inbox.actions import connect
from quartermaster.testing.simulators import amazon
from quartermaster.testing.simulators.server import Simulator

from .conftest import NOW, Company

LINES = [{"sku": "LAMP", "quantity": 2, "price": "19.90"}]
OURS, THEIRS = "302-1234567-0000001", "302-1234567-0000002"


def ask(company: Company) -> None:
    """All pages of a round, and what comes of them."""
    sql.run(
        "update channels_shop set next_at = now() - interval '1 hour', read_up_to = now() - interval '3 days'"
    )
    while ask_shops():
        pass
    company.flow()


def test_a_pending_order_keeps_its_units_and_goes_on_and_what_amazon_ships_is_only_counted(company: Company):
    company.site("BER")
    company.sku("LAMP", BER=5)
    shop = amazon.Amazon()
    with Simulator(shop) as simulator:
        connect("amazon", "river", {**amazon.SETTINGS, "api_url": simulator.url}, at=NOW, by="user:1")
        shop.take(amazon.sold(OURS, LINES, status="PENDING"))
        shop.take(amazon.sold(THEIRS, LINES, by="AMAZON"))
        ask(company)
        assert company.status(OURS) == "on_hold"
        assert company.stock() == {"LAMP@BER": (5, 2)}, "one order is ours, and Amazon has sold its units"

        shop.by_hand("change", {"id": OURS, "status": "UNSHIPPED"})
        ask(company)

    ours, theirs = company.order(OURS), company.order(THEIRS)
    assert (ours.status, list(ours.holds)) == ("allocated", [])
    assert (ours.totals.total.minor, ours.totals.total.currency) == (3980, "EUR")
    assert company.stock() == {"LAMP@BER": (5, 2)}
    assert (list(theirs.holds), theirs.totals.paid.minor) == ([], 3980)
    assert company.units(THEIRS) == [{"ordered": 2, "open": 2}]
