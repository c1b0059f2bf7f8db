from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from quartermaster.channels.ports import Shipment, ShippedLine, Told
from quartermaster.connectors.amazon.channel import AmazonChannel
from quartermaster.connectors.amazon.translate.carriers import carrier_code
from quartermaster.connectors.amazon.translate.telling import INCLUDED
from quartermaster.core.outside import Account, Conflict, Invalid, NotDone
from quartermaster.testing.simulators.amazon import Amazon
from quartermaster.testing.simulators.server import Simulator

CHANNEL = AmazonChannel()
ORDER = "302-1234567-0000001"
PARCEL = Shipment(
    reference="P-12",
    order=ORDER,
    lines=(ShippedLine("11", "MUG", 1),),
    carrier="dhl_express",
    tracking_number="JD0146",
    tracking_url="",
    shipped_at=datetime(2026, 11, 23, 15, 0, 7, 500, tzinfo=UTC),
    is_last=False,
)


def take(shop: Amazon, **told: object) -> None:
    shop.take({"orderId": ORDER, "orderItems": [{"orderItemId": "11", "quantityOrdered": 2}], **told})


def test_a_parcel_is_a_package_with_our_number(running: Simulator, shop: Amazon, account: Account):
    take(shop)

    assert CHANNEL.confirm_shipment(account=account, shipment=PARCEL) == Told("12")

    (sent,) = [one.body for one in running.requests if one.operation == "confirm"]
    assert sent == {
        "marketplaceId": "A1PA6795UKMFR9",
        "packageDetail": {
            "packageReferenceId": "12",
            "carrierCode": "DHL",
            "trackingNumber": "JD0146",
            "shipDate": "2026-11-23T15:00:07Z",
            "orderItems": [{"orderItemId": "11", "quantity": 1}],
        },
    }


def test_a_parcel_confirmed_by_hand_is_known_by_its_tracking_number(shop: Amazon, account: Account):
    take(shop, packages=[{"packageReferenceId": "by-hand", "trackingNumber": "JD0146"}])

    assert CHANNEL.confirm_shipment(account=account, shipment=PARCEL) == Told("by-hand")
    other = replace(PARCEL, tracking_number="JD0147")
    assert CHANNEL.find_shipment(account=account, shipment=other) is None
    assert shop.mails == []


def test_more_units_than_are_left_are_refused(shop: Amazon, account: Account):
    take(shop)
    many = replace(PARCEL, lines=(ShippedLine("11", "MUG", 3),))

    with pytest.raises(Invalid, match="fulfilled already"):
        CHANNEL.confirm_shipment(account=account, shipment=many)


@pytest.mark.parametrize(
    ("change", "because"),
    [({"tracking_number": ""}, "without a tracking number"), ({"reference": "P-X"}, "no number")],
)
def test_what_amazon_cannot_be_told_is_said_before_it_is_asked(
    change: dict[str, str], because: str, running: Simulator, shop: Amazon, account: Account
):
    take(shop)

    with pytest.raises(Invalid, match=because):
        CHANNEL.confirm_shipment(account=account, shipment=replace(PARCEL, **change))

    assert [one.operation for one in running.requests if one.operation == "confirm"] == []


def test_what_amazon_ships_itself_is_not_ours_to_confirm(shop: Amazon, account: Account):
    take(shop, fulfillment={"fulfillmentStatus": "UNSHIPPED", "fulfilledBy": "AMAZON"})

    with pytest.raises(Conflict):
        CHANNEL.confirm_shipment(account=account, shipment=PARCEL)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("ups", "UPS"),
        ("FedEx", "FedEx"),
        ("dhl_express", "DHL"),
        ("deutsche_post", "Deutsche Post"),
        ("stamps_com", "USPS"),
        ("royal mail", "Royal Mail"),
        ("Bike of Berlin", "Other"),
        ("", "Other"),
    ],
)
def test_a_carrier_is_called_as_amazon_calls_it(ours: str, theirs: str):
    assert carrier_code(ours) == theirs


def test_a_carrier_that_amazon_does_not_know_is_named(running: Simulator, shop: Amazon, account: Account):
    take(shop)

    CHANNEL.confirm_shipment(account=account, shipment=replace(PARCEL, carrier="Bike of Berlin"))

    (package,) = shop.orders[ORDER]["packages"]
    assert package["carrier"] == "Bike of Berlin"


def test_nothing_is_asked_of_the_last_two_minutes(running: Simulator, shop: Amazon, account: Account):
    at = datetime.now(UTC)

    found = CHANNEL.changes(account=account, since=at - timedelta(seconds=90), cursor="")

    assert (found.orders, found.cursor, running.requests) == ((), "", [])
    assert found.up_to is not None
    assert found.up_to < at - timedelta(minutes=2)


def test_a_round_ends_where_it_was_asked_to(running: Simulator, shop: Amazon, account: Account):
    take(shop)

    found = CHANNEL.changes(account=account, since=shop.clock - timedelta(hours=1), cursor="")

    asked = running.requests[-1].query
    assert found.up_to is not None
    assert datetime.fromisoformat(asked["lastUpdatedBefore"]) == found.up_to
    assert asked["includedData"] == INCLUDED
    assert "TAX" not in asked["includedData"], "the buyers' tax numbers are not asked for"
    assert [one.topic for one in found.orders] == ["orders/2026-01-01"]


def test_a_list_without_orders_is_not_taken_for_an_empty_one(
    running: Simulator, shop: Amazon, account: Account
):
    running.misbehave("search", "lying")

    with pytest.raises(NotDone, match="simulated 200"):
        CHANNEL.changes(account=account, since=shop.clock, cursor="")
