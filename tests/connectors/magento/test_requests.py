"""Every request we make, against Adobe's own document of the admin API (2.4.9), where that lies beside us."""

from datetime import UTC, datetime

import pytest

from quartermaster.channels.ports import (
    Cancellation,
    Content,
    Count,
    Price,
    Refund,
    RefundedLine,
    Shipment,
    ShippedLine,
)
from quartermaster.connectors.magento.bulk import MagentoBulk
from quartermaster.connectors.magento.cancels import MagentoCancels
from quartermaster.connectors.magento.channel import MagentoChannel
from quartermaster.connectors.magento.listings import MagentoListings
from quartermaster.connectors.magento.refunds import MagentoRefunds
from quartermaster.core.outside import Account
from quartermaster.testing.simulators.server import Request

from . import swagger
from .stands import a_shop, row, sell

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def a_parcel(order: str) -> Shipment:
    lines = (ShippedLine("11", "LAMP", 1), ShippedLine("31", "BULB", 2))
    link = "https://example.com/JD0146"
    return Shipment("P-1", order, lines, "DHL", "JD0146", link, LONG_AGO, is_last=False)


def everything_asked() -> list[Request]:
    with a_shop() as (shop, simulator, account):
        told = Account("acme", {**account.settings, "source_code": "berlin"})
        part = row(31, "BULB", 2, 0, parent_item_id=30)
        shop.goods.offer("LAMP", 5, 19.9)
        order = sell(shop, row(11, "LAMP", 2, 10), row(30, "KIT", 1, 9, product_type="bundle"), part)
        MagentoChannel().confirm_shipment(account=told, shipment=a_parcel(order))
        other, by_hand = sell(shop), sell(shop)
        whole = Cancellation("C-1", other, (), is_whole=True, reason="customer")
        MagentoCancels().cancel(account=account, cancellation=whole)
        shop.invoice(order)
        shop.invoice(by_hand, gateway="checkmo")
        back = Refund("R-1", order, 500, "EUR", (RefundedLine("11", "LAMP", 1, 400),), 100, "it broke")
        MagentoRefunds().refund(account=account, refund=back)
        MagentoRefunds().refund(account=account, refund=Refund("R-2", by_hand, 100, "EUR"))
        MagentoChannel().changes(account=account, since=LONG_AGO, cursor="")
        listings = MagentoListings()
        listings.listings(account=account, cursor="")
        listings.listed(account=account, names=["LAMP", "A,B"])
        listings.set_stock(account=account, counts=[Count("LAMP", 3)], key="S-1")
        prices = [Price("GONE", 1990, "EUR"), Price("LAMP", 1490, "EUR", 1990, sets_was=True)]
        listings.set_prices(account=account, prices=prices, key="S-1")
        listings.set_prices(account=account, prices=[Price("LAMP", 1990, "EUR")], key="S-2")
        for content in (Content("LAMP", "title", "Lamp"), Content("LAMP", "weight_g", "1250")):
            listings.set_content(account=account, contents=[content], key="S-1")
        many = MagentoBulk()
        plain = [Price("GONE", 1990, "EUR"), Price("LAMP", 1990, "EUR")]
        laid = many.lay_prices(account=account, prices=plain * 40)
        name = many.begin(account=account, mark=laid.mark)
        many.under_way(account=account, since=LONG_AGO)
        many.progress(account=account, name=name, mark=laid.mark, rows=["LAMP"])
        return list(simulator.requests)


def test_every_request_is_one_the_document_allows():
    spec = swagger.admin()

    asked = everything_asked()

    assert {one.operation for one in asked if one.method == "POST"} == {
        *("ship", "comment", "cancel", "refund", "refund_online", "stock", "prices", "prices_told"),
        *("special", "special_off", "queue"),
    }
    assert [one.operation for one in asked if one.method == "PUT"] == ["product", "product"]
    assert "unknown" not in {one.operation for one in asked}
    assert [(one.path, wrong) for one in asked for wrong in swagger.faults(one, spec)] == []


@pytest.mark.parametrize(
    ("method", "path", "query", "body", "wrong"),
    [
        ("POST", "/orders/1/ship", {}, {}, "POST /V1/orders/1/ship is not in the document"),
        (
            "GET",
            "/orders",
            {"searchCriteria[limit]": "1"},
            None,
            "parameter searchCriteria[limit] is unknown",
        ),
        ("POST", "/order/1/ship", {}, {"note": "x"}, "body.note is unknown"),
        ("POST", "/order/1/ship", {}, {"items": [{"qty": 1}]}, "body.items[0].order_item_id is required"),
        ("POST", "/order/1/ship", {}, {"items": [{"order_item_id": "1", "qty": 1}]}, "not integer"),
        (
            "POST",
            "/order/1/ship",
            {},
            {"comment": {"comment": "", "is_visible_on_front": 0, "x": 1}},
            "x is unk",
        ),
    ],
)
def test_the_check_finds_what_the_document_does_not_allow(
    method: str, path: str, query: dict[str, str], body: object, wrong: str
):
    request = Request("any", method, f"/rest/all/V1{path}", query, {}, body)

    (found,) = swagger.faults(request, swagger.admin())

    assert wrong in found
