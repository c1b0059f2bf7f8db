"""Stock and prices of a Magento shop, and money it gives back."""

from decimal import Decimal

import pytest

from quartermaster.channels.ports import Content, Count, Price, Refund, RefundedLine, Shipment, ShippedLine
from quartermaster.connectors.magento.channel import MagentoChannel
from quartermaster.connectors.magento.listings import MagentoListings
from quartermaster.connectors.magento.refunds import MagentoRefunds
from quartermaster.connectors.magento.translate import goods, refunding
from quartermaster.core.outside import Account, Conflict, Invalid
from quartermaster.testing.conformance.channels import GONE

from .stands import a_shop, row, sell

LISTINGS = MagentoListings()


def test_a_source_is_set_to_what_makes_a_count_salable():
    with a_shop() as (shop, _simulator, account):
        shop.goods.offer("LAMP", 10, 19.9)
        shop.goods.reserved["LAMP"] = 3
        (row,) = LISTINGS.set_stock(account=account, counts=[Count("LAMP", 5)], key="S-1")

        assert (row.state, row.quantity, shop.goods.salable("LAMP")) == ("taken", 5, 5)
        assert shop.goods.sources["LAMP", "default"]["quantity"] == 8


def test_telling_of_a_parcel_changes_nothing_of_what_is_salable():
    with a_shop() as (shop, _simulator, account):
        shop.goods.offer("LAMP", 10, 19.9)
        shop.goods.reserved["LAMP"] = 2
        order = sell(shop, row(11, "LAMP", 2, 10))
        before = shop.goods.salable("LAMP")
        parcel = Shipment("P-1", order, (ShippedLine("11", "LAMP", 2),), "DHL", "1", "", GONE, is_last=True)
        MagentoChannel().confirm_shipment(account=account, shipment=parcel)

        assert (shop.goods.salable("LAMP"), shop.goods.reserved["LAMP"]) == (before, 0)


def test_units_that_are_switched_off_at_their_source_do_not_count():
    lies = goods.lying([{"sku": "LAMP", "quantity": 10, "status": 0}])

    asked = goods.source_items([Count("LAMP", 4)], lies, {"LAMP": 0}, "default")

    assert asked["sourceItems"] == [{"sku": "LAMP", "source_code": "default", "quantity": 4, "status": 1}]


def test_nothing_is_written_of_a_sku_the_shop_does_not_have():
    with a_shop() as (shop, _simulator, account):
        (row,) = LISTINGS.set_stock(account=account, counts=[Count("GONE", 5)], key="S-1")

        assert (row.state, shop.goods.sources, shop.goods.written) == ("missing", {}, 0)


def test_a_source_that_is_not_there_refuses_each_row_in_magentos_words():
    with a_shop() as (shop, _simulator, account):
        shop.goods.offer("LAMP", 10, 19.9)
        elsewhere = Account("acme", {**account.settings, "source_code": "moon"})
        (row,) = LISTINGS.set_stock(account=elsewhere, counts=[Count("LAMP", 5)], key="S-1")

        assert row.state == "refused"
        assert 'Source with code "moon" does not exist.' in row.because


def test_only_the_price_that_failed_is_missing():
    with a_shop() as (shop, _simulator, account):
        shop.goods.offer("LAMP", 10, 19.9)
        prices = [Price("LAMP", 2190, "EUR"), Price("GONE", 990, "EUR")]
        taken = LISTINGS.set_prices(account=account, prices=prices, key="S-1")

        assert [one.state for one in taken] == ["taken", "missing"]


@pytest.mark.parametrize(("unit", "grams"), [("kgs", 1250), ("lbs", 567), ("stone", None)])
def test_weights_are_in_the_shops_own_unit(unit: str, grams: int | None):
    shop = goods.store([{"base_currency_code": "EUR", "weight_unit": unit}])

    assert goods.listing({"sku": "LAMP", "weight": Decimal("1.25")}, {}, shop).weight_g == grams


def test_prices_of_several_currencies_are_not_told():
    shop = goods.store([{"base_currency_code": "EUR"}, {"base_currency_code": "USD"}])
    found = goods.listing({"sku": "LAMP", "price": 1}, {"LAMP": -2}, shop)

    assert (found.price_minor, found.currency, found.quantity) == (None, "", 0)


ITEM = {"item_id": 11, "qty_invoiced": 3, "base_row_invoiced": 10, "base_tax_invoiced": Decimal("1.9")}
ORDER = {"base_currency_code": "EUR", "base_shipping_amount": 5, "items": [ITEM]}


def a_refund(amount: int, *lines: RefundedLine, shipping: int = 0, order: str = "1") -> Refund:
    return Refund("R-1", order, amount, "EUR", lines, shipping)


@pytest.mark.parametrize(
    ("refund", "order", "expected"),
    [
        (a_refund(396, RefundedLine("11", "MUG", 1, 396)), ORDER, (396, 0, 0)),
        (a_refund(400, RefundedLine("11", "MUG", 1, 400)), ORDER, (396, 0, 4)),
        (a_refund(300, RefundedLine("11", "MUG", 1, 300)), ORDER, (396, 0, -96)),
        (a_refund(1690, RefundedLine("11", "MUG", 3, 1190), shipping=500), ORDER, (1190, 500, 0)),
        (a_refund(500, shipping=500), {**ORDER, "base_shipping_tax_amount": 1}, (0, 0, 500)),
        (a_refund(600, shipping=600), ORDER, (0, 0, 600)),
    ],
)
def test_what_is_given_back_is_met_to_the_cent(
    refund: Refund, order: dict[str, object], expected: tuple[int, int, int]
):
    assert refunding.given(refund, order) == expected
    assert sum(refunding.given(refund, order)) == refund.amount_minor


def test_neither_all_units_nor_all_shipping_go_back_unless_they_are_meant():
    asked = refunding.asked(a_refund(100), ORDER)

    assert asked["items"] == [{"order_item_id": 11, "qty": 0}]
    assert asked["arguments"] == {
        "shipping_amount": Decimal(0),
        "adjustment_positive": Decimal(1),
        "adjustment_negative": Decimal(0),
    }


@pytest.mark.parametrize(("gateway", "sent_back"), [("braintree", 100), ("checkmo", 0)])
def test_money_moves_through_the_gateway_it_came_by_and_else_by_hand(gateway: str, sent_back: int):
    with a_shop() as (shop, _simulator, account):
        order = sell(shop)
        shop.invoice(order, gateway=gateway)
        MagentoRefunds().refund(account=account, refund=a_refund(100, order=order))

        assert (shop.sent_back, len(shop.documents["creditmemos"])) == (sent_back, 1)


def test_money_in_another_currency_than_the_shops_is_not_given_back():
    with a_shop() as (shop, _simulator, account):
        order = sell(shop)
        shop.invoice(order)
        wanted = Refund("R-1", order, 100, "USD")
        with pytest.raises(Invalid, match="EUR"):
            MagentoRefunds().refund(account=account, refund=wanted)


def test_what_no_invoice_has_whole_is_not_given_back_in_parts():
    with a_shop() as (shop, _simulator, account):
        order = sell(shop)
        shop.invoice(order)
        shop.documents["invoices"][0]["base_total_refunded"] = 30
        with pytest.raises(Conflict, match="in parts"):
            MagentoRefunds().refund(account=account, refund=a_refund(1000, order=order))


def test_a_weight_is_told_in_the_unit_of_the_stores_and_read_back_in_grams():
    pounds, several = goods.Store("USD", "lbs"), goods.Store("USD", "")
    for grams in ("1", "80", "454", "12345"):
        wanted = Content("LAMP", "weight_g", grams)
        product = goods.told(wanted, pounds)["product"]
        assert goods.says(wanted, product, pounds)  # type: ignore[arg-type]
    assert "which one unit" in goods.refusal(Content("LAMP", "weight_g", "80"), several)
    assert "slash" in goods.refusal(Content("LAMP/2", "title", "Lamp"), pounds)
