"""Every request to Flipkart, against its own document, where that lies beside the project."""

from datetime import timedelta

import pytest
from tests.connectors.carriers.openapi import document, faults

from quartermaster.channels.ports import Cancellation, Count, Price
from quartermaster.connectors.flipkart.channel import FlipkartCancels, FlipkartChannel
from quartermaster.connectors.flipkart.labels import FlipkartLabels
from quartermaster.connectors.flipkart.listings import FlipkartListings
from quartermaster.core.outside import NotDone
from quartermaster.testing.conformance import channels

from .conftest import Hub
from .test_labels import parcel

OPERATIONS = {
    *("filter", "find", "dispatch", "cancel", "labels", "details", "paper"),
    *("search", "listings", "inventory", "price"),
}


def test_every_request_is_one_flipkarts_document_allows(hub: Hub) -> None:
    spec = document("flipkart/flipkart-openapi.json")
    stand = channels.Stand(
        channel=FlipkartChannel(),
        account=hub.account,
        began=hub.memory.clock - timedelta(hours=1),
        sell=lambda: (hub.sell(), ("11", "12")),
        touch=lambda order: None,
        mails=lambda: 0,
        tells_parts=False,
    )
    for _ in range(25):
        hub.sell()
    channels.everything(stand)
    channels.a_parcel_is_known_once_it_was_told(stand)
    told = Cancellation("C-1", hub.sell(), (), is_whole=True, reason="inventory")
    FlipkartCancels().cancel(account=hub.account, cancellation=told)
    order = hub.sell(subShipments=[{"subShipmentId": "SS-1"}])
    sized = parcel(order, length_mm=300, width_mm=200, height_mm=105, weight_g=1250)
    with pytest.raises(NotDone):
        FlipkartLabels().label(account=hub.account, shipment=sized)
    assert FlipkartLabels().find_label(account=hub.account, order=order) is not None
    hub.memory.offer("LAMP", quantity=3, rupees=199, mrp=250)
    listings = FlipkartListings()
    listings.listings(account=hub.account, cursor="")
    assert (
        listings.set_stock(account=hub.account, counts=[Count("LAMP", 4)], key="S-1")[0].state == "accepted"
    )
    prices = [Price("LAMP", 18900, "INR")]
    assert listings.set_prices(account=hub.account, prices=prices, key="S-2")[0].state == "accepted"

    asked = [request for request in hub.simulator.requests if request.operation != "token"]

    assert {request.operation for request in asked} == OPERATIONS
    assert {wrong for request in asked for wrong in faults(request, spec)} == set()
