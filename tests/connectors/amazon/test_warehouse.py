"""Amazon's warehouses as a site of ours, against everything we rely on, and however its server goes wrong."""

from contextlib import suppress

import pytest
from msgspec.structs import replace
from tests.connectors.amazon import swagger
from tests.connectors.carriers import openapi

from quartermaster.connectors.amazon import paces
from quartermaster.connectors.amazon.translate import fulfilment
from quartermaster.connectors.amazon.translate.fulfilment import NotUnderstood
from quartermaster.connectors.amazon.warehouse import AmazonWarehouse
from quartermaster.core.outside import Account, Conflict, Invalid, NotDone, Unclear
from quartermaster.outside.ports import Item, State
from quartermaster.testing.conformance.outside import CHECKS, Check, Stand, an_order, heard, units
from quartermaster.testing.simulators.amazon import Amazon
from quartermaster.testing.simulators.server import FAULTS, Simulator

THERE = AmazonWarehouse()


@pytest.fixture
def stand(shop: Amazon, account: Account) -> Stand:
    def ship(reference: str, items: tuple[Item, ...], is_last: bool) -> None:
        shop.ship(reference, units(items), is_last)

    return Stand(THERE, account, ship)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_amazon_as_a_warehouse(check: Check, stand: Stand):
    check(stand)


@pytest.mark.parametrize("fault", FAULTS)
def test_an_order_is_there_once_whatever_goes_wrong_while_it_is_sent(
    fault: str, stand: Stand, running: Simulator, shop: Amazon
):
    order = an_order()
    running.misbehave("send", fault)
    for _ in range(3):
        with suppress(NotDone, Unclear):
            stand.warehouse.send(account=stand.account, order=order)

    assert list(shop.fba.orders) == [order.reference]


def test_what_amazon_cannot_ship_is_refused_whole(stand: Stand, shop: Amazon):
    order = replace(an_order(), items=(Item("LAMP", 1), Item("VASE", 1)))

    with pytest.raises(Invalid, match="VASE"):
        stand.warehouse.send(account=stand.account, order=order)

    assert shop.fba.orders == {}


def test_what_is_being_packed_is_not_cancelled(stand: Stand, running: Simulator, shop: Amazon):
    order = an_order()
    stand.warehouse.send(account=stand.account, order=order)
    shop.ship(order.reference, {"LAMP": 1}, False)

    with pytest.raises(Conflict):
        stand.warehouse.cancel(account=stand.account, reference=order.reference, because="late")


def test_stock_is_what_can_be_sent_and_what_is_kept_and_not_what_is_on_its_way(stand: Stand, shop: Amazon):
    shop.fba.stock = {f"LAMP-{n:03}": n for n in range(120)}

    everything = stand.warehouse.snapshot(account=stand.account)
    some = stand.warehouse.snapshot(
        account=stand.account, skus=[f"LAMP-{n:03}" for n in range(60)] + ["VASE"]
    )

    assert everything is not None
    assert some is not None
    assert everything.on_hand == shop.fba.stock
    assert some.on_hand == {f"LAMP-{n:03}": n for n in range(60)}, "VASE was not counted"


@pytest.mark.parametrize("fault", ["lying", "broken", "500"])
def test_stock_that_is_not_told_is_no_stock_of_nothing(fault: str, stand: Stand, running: Simulator):
    running.misbehave("stock", fault)

    with pytest.raises(NotDone):
        stand.warehouse.snapshot(account=stand.account)


@pytest.mark.parametrize(
    ("status", "has_left", "state"),
    [
        ("Planning", False, State.ACKNOWLEDGED),
        ("PROCESSING", True, State.ACKNOWLEDGED),
        ("Complete", True, State.SHIPPED),
        ("CompletePartialled", True, State.SHIPPED),
        ("Cancelled", False, State.CANCELLED),
        ("Cancelled", True, State.SHIPPED),
        ("Unfulfillable", False, State.REFUSED),
    ],
)
def test_a_status_says_how_far_it_is(status: str, has_left: bool, state: State):
    assert fulfilment.standing(an_answer(status, has_left)).state is state


def an_answer(status: str, has_left: bool = False) -> dict[str, object]:
    shipment = {
        "amazonShipmentId": "D1",
        "fulfillmentShipmentStatus": "SHIPPED" if has_left else "PENDING",
        "shippingDate": "2026-11-23T12:00:00Z",
        "fulfillmentShipmentItem": [{"sellerSku": "LAMP", "quantity": 1}],
    }
    order = {"sellerFulfillmentOrderId": "QM-1", "fulfillmentOrderStatus": status}
    return {"payload": {"fulfillmentOrder": order, "fulfillmentShipments": [shipment]}}


def test_a_status_nobody_knows_is_not_guessed(stand: Stand, shop: Amazon):
    with pytest.raises(NotUnderstood, match="Dreaming"):
        fulfilment.standing(an_answer("Dreaming"))
    order = an_order()
    stand.warehouse.send(account=stand.account, order=order)
    shop.fba.orders[order.reference]["fulfillmentOrder"]["fulfillmentOrderStatus"] = "Dreaming"

    news = heard(stand, order.reference)

    assert [one.what for one in news.unread] == [f"order {order.reference}"]


def test_every_request_is_one_that_amazon_s_models_allow(stand: Stand, running: Simulator):
    names = (
        "fulfillment-outbound-api-model/fulfillmentOutbound_2020-07-01",
        "fba-inventory-api-model/fbaInventory",
    )
    specs = [openapi.document(f"amazon-spapi/models/{name}.json") for name in names]
    order = an_order()
    stand.warehouse.send(account=stand.account, order=order)
    stand.warehouse.cancel(account=stand.account, reference=order.reference, because="not wanted")
    stand.warehouse.snapshot(account=stand.account, skus=["LAMP"])
    stand.warehouse.news(account=stand.account, references=[], cursor="")

    asked = [one for one in running.requests if one.operation != "token"]

    assert {one.operation for one in asked} == {"send", "mcf", "cancel", "stock"}
    assert [wrong for one in asked for wrong in swagger.faults(one, specs)] == []
    for one in asked:
        found = swagger.operation(one, specs)
        assert found is not None
        assert paces.operation(one.method, one.path) == found[0]["operationId"]
        assert swagger.pace(found[0]) == paces.RATES[found[0]["operationId"]]
