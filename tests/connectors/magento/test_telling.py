"""What a Magento shop is told of parcels and cancellations."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from quartermaster.channels.ports import Cancellation, Shipment, ShippedLine
from quartermaster.connectors.magento.cancels import MagentoCancels
from quartermaster.connectors.magento.channel import MagentoChannel
from quartermaster.connectors.magento.translate import asking, telling
from quartermaster.core.outside import Conflict, Invalid
from quartermaster.testing.simulators.magento import rows_of

from .stands import a_shop, row, sell

AT = datetime(2026, 11, 23, 15, tzinfo=UTC)
KIT = row(30, "KIT", 2, 9, product_type="bundle")
PARTS = (row(31, "LAMP", 2, 0, parent_item_id=30), row(32, "BULB", 4, 0, parent_item_id=30))
ORDER = {"items": [KIT, *PARTS]}


def a_parcel(*lines: ShippedLine, order: str = "1", is_last: bool = False, carrier: str = "DHL") -> Shipment:
    return Shipment("P-1", order, lines, carrier, "JD0146", "", AT, is_last=is_last)


def lamps_and_bulbs(lamps: int, bulbs: int, **told: object) -> Shipment:
    lines = (ShippedLine("31", "LAMP", lamps), ShippedLine("32", "BULB", bulbs))
    return a_parcel(*(line for line in lines if line.quantity), **told)  # type: ignore[arg-type]


def test_parts_of_a_bundle_are_shipped_by_their_own_rows_unless_it_ships_together():
    assert telling.units(lamps_and_bulbs(1, 2), ORDER, frozenset()) == {"31": 1, "32": 2}
    assert telling.units(lamps_and_bulbs(1, 2), ORDER, frozenset({"30"})) == {"30": 1}


def test_a_parcel_ships_the_bundles_it_completes_alone_and_the_last_one_those_left():
    half = {"items": [{**KIT, "qty_shipped": 1}, *PARTS]}

    assert telling.units(lamps_and_bulbs(2, 3), ORDER, frozenset({"30"})) == {"30": 1}
    assert telling.units(lamps_and_bulbs(1, 0), ORDER, frozenset({"30"})) == {}
    assert telling.units(lamps_and_bulbs(0, 1, is_last=True), half, frozenset({"30"})) == {"30": 1}


def test_a_parcel_with_a_part_of_a_bundle_is_written_down_and_known_by_that():
    with a_shop() as (shop, _simulator, account):
        shop.goods.offer(
            "KIT", 1, 9, id=430, custom_attributes=[{"attribute_code": "shipment_type", "value": "0"}]
        )
        order = sell(shop, *(dict(each) for each in (KIT, *PARTS)))
        first, last = lamps_and_bulbs(1, 0, order=order), lamps_and_bulbs(1, 4, order=order, is_last=True)
        MagentoChannel().confirm_shipment(account=account, shipment=first)

        assert MagentoChannel().find_shipment(account=account, shipment=first) is not None
        assert (shop.documents["shipments"], shop.mails) == ([], [])
        MagentoChannel().confirm_shipment(account=account, shipment=replace(last, reference="P-2"))
        assert [document["items"] for document in shop.documents["shipments"]] == [
            [{"order_item_id": 30, "qty": 2}]
        ]
        assert [each["qty_shipped"] for each in rows_of(shop.orders[order]) if "qty_shipped" in each] == [2]


@pytest.mark.parametrize(
    ("carrier", "code"), [("DHL", "dhl"), ("UPS Ground", "ups"), ("Hermes", "custom"), ("", "custom")]
)
def test_a_carrier_magento_follows_is_named_as_it_does(carrier: str, code: str):
    told = telling.ship(a_parcel(ShippedLine("11", "LAMP", 1), carrier=carrier), {"11": 1}, "")

    (track,) = told["tracks"]  # type: ignore[misc]
    assert track["carrier_code"] == code


def test_a_parcel_somebody_shipped_by_hand_is_refused():
    with a_shop() as (shop, _simulator, account):
        order = sell(shop)
        parcel = a_parcel(ShippedLine("11", "LAMP", 2), order=order)
        MagentoChannel().confirm_shipment(account=account, shipment=parcel)
        with pytest.raises(Invalid, match="must not be greater"):
            MagentoChannel().confirm_shipment(account=account, shipment=replace(parcel, reference="P-2"))


def test_what_was_invoiced_is_not_cancelled():
    with a_shop() as (shop, _simulator, account):
        order = sell(shop)
        shop.invoice(order)
        wanted = Cancellation("C-1", order, (), is_whole=True, reason="customer")
        with pytest.raises(Conflict, match="processing"):
            MagentoCancels().cancel(account=account, cancellation=wanted)


def test_behind_the_last_page_a_round_ends_though_magento_gives_the_last_page_again():
    with a_shop() as (shop, _simulator, account):
        for _ in range(asking.ORDERS):
            sell(shop)
        page = MagentoChannel().changes(account=account, since=datetime(2020, 1, 1, tzinfo=UTC), cursor="")

        assert (len(page.orders), page.cursor) == (asking.ORDERS, "")
        assert page.up_to is not None


def test_orders_of_one_second_are_all_read_though_some_of_them_change_meanwhile():
    with a_shop() as (shop, _, account):
        numbers = [sell(shop) for _ in range(3 * asking.ORDERS)]
        for number in numbers:
            shop.orders[number]["updated_at"] = "2026-11-23 12:00:07"
        seen, cursor, up_to = set[str](), "", None
        while up_to is None:
            page = MagentoChannel().changes(account=account, since=AT.replace(year=2020), cursor=cursor)
            cursor, up_to = page.cursor, page.up_to
            seen |= {number for number in numbers if any(number.encode() in one.body for one in page.orders)}
            shop.take({**shop.orders[numbers[0]], "customer_note": "ring twice"})

    assert seen == set(numbers)


def test_places_in_complaints_are_filled():
    error = {"message": 'Source "%1" of %10', "parameters": ["x", *"abcdefgh", "ten"]}
    told = {"message": "%fieldName is required.", "parameters": {"fieldName": "sku"}, "errors": [error]}

    assert asking.complaint(told).because == 'sku is required. Source "x" of ten'


def test_values_with_a_comma_are_asked_for_by_themselves():
    assert asking.any_of("sku", ["A", "B", "C,D"]) == (
        asking.Filter("sku", "in", "A,B"),
        asking.Filter("sku", "eq", "C,D"),
    )
