"""Flipkart's own labels: made once, waited for, and asked for by nobody else."""

from datetime import UTC, datetime

import pytest

from quartermaster.connectors.flipkart.labels import FlipkartLabels
from quartermaster.connectors.flipkart.translate.labels import body
from quartermaster.core.outside import Account, Conflict, NotDone, RefusedOutside
from quartermaster.orders.ports import Address
from quartermaster.shipping.ports import Shipment, Wanted
from quartermaster.shipping.rules.of_shop import OfShop

from .conftest import Hub, items

READY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


def parcel(order: str, **told: object) -> Shipment:
    return Shipment(
        "P-1", "BLR", "IN", "KA", "560001", READY, Address(), channel="hub", channel_order=order, **told
    )  # type: ignore[arg-type]


def test_a_label_is_waited_for_and_made_once(hub: Hub) -> None:
    order = hub.sell()
    with pytest.raises(NotDone):
        FlipkartLabels().label(account=hub.account, shipment=parcel(order))
    assert FlipkartLabels().find_label(account=hub.account, order=order) is not None
    made = FlipkartLabels().label(account=hub.account, shipment=parcel(order))
    assert (made.tracking_number, made.pdf) == (f"FMPC{order[-6:]}", f"%PDF-1.4 label of {order}".encode())
    assert FlipkartLabels().label(account=hub.account, shipment=parcel(order)) == made
    assert hub.memory.labels == [order]


def test_there_is_none_before_it_is_packed_and_none_of_an_unknown_order(hub: Hub) -> None:
    assert FlipkartLabels().find_label(account=hub.account, order=hub.sell()) is None
    assert FlipkartLabels().find_label(account=hub.account, order="FMP0") is None


@pytest.mark.parametrize("status", ["FORM_FAILED", "CANCELLED"])
def test_what_cannot_be_packed_is_refused_or_waited_for(hub: Hub, status: str) -> None:
    order = hub.sell(orderItems=items(status))
    with pytest.raises((Conflict, NotDone)):
        FlipkartLabels().label(account=hub.account, shipment=parcel(order))
    assert hub.memory.labels == []


def test_its_size_is_told_where_all_of_it_is_known() -> None:
    theirs = {"locationId": "LOC-1", "subShipments": [{"subShipmentId": "SS-1"}]}
    size = {"length_mm": 300, "width_mm": 200, "height_mm": 105, "weight_g": 1250}
    (told,) = body(theirs, parcel("FMP1", **size), "")["shipments"]  # type: ignore[misc]
    dimensions = {"length": 30.0, "breadth": 20.0, "height": 10.5, "weight": 1.25}
    assert told["subShipments"] == [{"subShipmentId": "SS-1", "dimensions": dimensions}]
    (told,) = body(theirs, parcel("FMP1", weight_g=1250), "")["shipments"]  # type: ignore[misc]
    assert "subShipments" not in told


def test_a_shop_offers_its_label_for_its_own_orders_only(hub: Hub) -> None:
    shop = OfShop(FlipkartLabels())
    assert [each.ref for each in shop.rate(account=hub.account, shipment=parcel("FMP1"))] == ["FMP1"]
    assert shop.rate(account=Account("other"), shipment=parcel("FMP1")) == ()


def test_a_second_parcel_gets_no_label_and_nothing_is_given_back(hub: Hub) -> None:
    shop, order = OfShop(FlipkartLabels()), hub.sell()
    second = Wanted("P-2-x", "hub", "label", parcel(order, is_second=True))
    with pytest.raises(RefusedOutside, match="one label for all of it"):
        shop.buy(account=hub.account, wanted=second)
    with pytest.raises(RefusedOutside):
        shop.void(account=hub.account, reference="P-1-x", tracking_number="")
    assert hub.memory.labels == []
