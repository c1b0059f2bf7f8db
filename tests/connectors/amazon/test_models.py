"""Every request to Amazon against Amazon's own models, and the pace we keep against what they say of it."""

from collections.abc import Mapping

import msgspec
import pytest
from tests.connectors.amazon import swagger

from quartermaster.channels.ports import Content, Count, Price
from quartermaster.connectors.amazon import paces, translate
from quartermaster.connectors.amazon.channel import AmazonChannel
from quartermaster.connectors.amazon.listings import AmazonListings
from quartermaster.core.outside import Account
from quartermaster.orders.ports import OrderSold
from quartermaster.testing.conformance.asked import AT
from quartermaster.testing.conformance.channels import Stand, a_parcel, everything
from quartermaster.testing.conformance.deliveries import recorded
from quartermaster.testing.conformance.soundness import assert_sound
from quartermaster.testing.simulators.amazon import Amazon
from quartermaster.testing.simulators.server import Request, Simulator


def ask_everything(running: Simulator, shop: Amazon, account: Account) -> list[Request]:
    lines = [{"orderItemId": "11", "quantityOrdered": 2}]

    def sell() -> tuple[str, tuple[str, str]]:
        number = f"302-1000000-{len(shop.orders):07}"
        shop.take({"orderId": number, "orderItems": lines})
        return number, ("11", "11")

    stand = Stand(AmazonChannel(), account, shop.clock, sell, lambda order: None, lambda: 0)
    for _ in range(101):
        sell()
    everything(stand)
    stand.channel.confirm_shipment(account=account, shipment=a_parcel(stand))
    listings = AmazonListings()
    names = [shop.listings.offer(f"LAMP-{n}", 5, "19.90") for n in range(21)] + [
        shop.listings.offer("LAMP,RED/2", 1, "9.90")
    ]
    listings.listings(account=account, cursor=listings.listings(account=account, cursor="").cursor)
    assert [one.name for one in listings.listed(account=account, names=names)] == names
    listings.set_stock(account=account, counts=[Count(names[-1], 7)], key="S-1")
    for price in (Price("LAMP-1", 990, "EUR", 1990, sets_was=True), Price("LAMP-1", 990, "EUR")):
        listings.set_prices(account=account, prices=[price], key="S-1")
    for content in (Content("LAMP-1", "title", "Lamp"), Content("LAMP-1", "weight_g", "80")):
        listings.set_content(account=account, contents=[content], key="S-1")
    return [request for request in running.requests if request.operation != "token"]


def test_every_request_is_one_that_amazon_s_models_allow(running: Simulator, shop: Amazon, account: Account):
    specs = swagger.documents()

    asked = ask_everything(running, shop, account)

    assert {one.operation for one in asked} == {
        "search",
        "order",
        "confirm",
        "listings",
        "listing",
        "patch",
    }
    # the simulator shows a path with its SKU unquoted
    plain = [one._replace(path=one.path.replace("LAMP,RED/2", "LAMP-RED")) for one in asked]
    assert [wrong for one in plain for wrong in swagger.faults(one, specs)] == []


def test_each_operation_keeps_the_pace_its_model_names(running: Simulator, shop: Amazon, account: Account):
    specs = swagger.documents()
    found: dict[str, tuple[float, int]] = {}

    for one in ask_everything(running, shop, account):
        asked = swagger.operation(one._replace(path=one.path.replace("LAMP,RED/2", "LAMP-RED")), specs)
        assert asked is not None
        path = one.path.replace("LAMP,RED/2", "LAMP%2CRED%2F2")
        assert paces.operation(one.method, path) == asked[0]["operationId"]
        found[asked[0]["operationId"]] = swagger.pace(asked[0])

    assert len(found) == 6
    assert found.items() <= paces.RATES.items()


@pytest.mark.parametrize(
    ("query", "body", "wrong"),
    [
        ({"createdAfter": "2026-11-23T12:00:00Z", "colour": "red"}, None, "parameter colour is unknown"),
        ({"includedData": "BUYER,SHOES"}, None, "includedData is 'SHOES'"),
        ({"maxResultsPerPage": "many"}, None, "maxResultsPerPage is 'many'"),
        ({}, {"a": 1}, "a body is not expected"),
    ],
)
def test_the_check_finds_what_a_model_does_not_allow(query: Mapping[str, str], body: object, wrong: str):
    request = Request("search", "GET", "/orders/2026-01-01/orders", query, {}, body)

    assert any(one.startswith(wrong) for one in swagger.faults(request, swagger.documents()))


def test_our_recordings_have_the_shape_of_amazon_s_model():
    orders, _, _ = swagger.documents()
    schema = orders["definitions"]["Order"]

    told = [one for one in recorded("amazon") if one.says.startswith("order ")]

    for one in told:
        assert swagger.openapi._check(msgspec.json.decode(one.body), schema, orders, one.name) == []


def test_amazon_s_own_examples_are_read_without_a_doubt():
    orders, _, _ = swagger.documents()
    answers = [
        answer["examples"]["application/json"]
        for path in orders["paths"].values()
        for answer in (path["get"]["responses"]["200"],)
    ]
    answers += [
        each["response"]
        for path in orders["paths"].values()
        for each in path["get"]["responses"]["200"]["x-amzn-api-sandbox"]["static"]
    ]
    for answer in answers:
        reading = translate.read(topic="", body=msgspec.json.encode(answer), received_at=AT)
        assert_sound(reading)
        assert isinstance(reading, tuple)
        for order in reading:
            assert isinstance(order, OrderSold)
            assert order.doubts == (), order.external_id
