"""Orders that changed, and parcels that left: what the suite of all shops does not ask."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from quartermaster.channels.ports import Shipment, ShippedLine
from quartermaster.connectors.shopify.channel import ShopifyChannel
from quartermaster.connectors.shopify.translate import paging, parcels
from quartermaster.core.outside import Conflict, Invalid, NotDone, Unclear
from quartermaster.testing.conformance.channels import everything

from .conftest import Shop
from .stands import channel_stand

GONE = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
CHANNEL = ShopifyChannel()


def a_parcel(order: str, **units: int) -> Shipment:
    """a_parcel("7", line_71=2): two units of line 71."""
    lines = tuple(ShippedLine(name.removeprefix("line_"), "LAMP", n) for name, n in units.items())
    return Shipment(
        reference="P-12",
        order=order,
        lines=lines,
        carrier="DHL",
        tracking_number="JD0146",
        tracking_url="https://orders.example.com/t/1-abc",
        shipped_at=GONE,
        is_last=True,
    )


def tell(shop: Shop, parcel: Shipment) -> str:
    return CHANNEL.confirm_shipment(account=shop.account, shipment=parcel).theirs


def find(shop: Shop, parcel: Shipment) -> str | None:
    found = CHANNEL.find_shipment(account=shop.account, shipment=parcel)
    return found.theirs if found else None


def test_a_parcel_from_two_locations_is_two_fulfillments_and_one_mail(shop: Shop):
    order, (one, other) = shop.has.sell(2, 1)
    shop.has.locations[other] = "gid://shopify/Location/2"
    parcel = a_parcel(order, **{f"line_{one}": 2, f"line_{other}": 1})

    theirs = tell(shop, parcel)

    assert len(theirs.split(",")) == 2
    assert len(shop.has.mails) == 1
    assert find(shop, parcel) == theirs
    assert shop.has.orders[order]["fulfillment_status"] == "fulfilled"


def test_what_stopped_half_way_is_finished_and_not_begun_anew(shop: Shop):
    order, (one, other) = shop.has.sell(2, 1)
    shop.has.locations[other] = "gid://shopify/Location/2"
    parcel = a_parcel(order, **{f"line_{one}": 2, f"line_{other}": 1})
    shop.simulator.misbehave("CreateFulfillment", "late")
    with pytest.raises(Unclear):
        tell(shop, parcel)

    assert find(shop, parcel) is None
    assert tell(shop, parcel) == find(shop, parcel)

    sent = shop.has.orders[order]["fulfillments"]
    assert isinstance(sent, list)
    assert [row["quantity"] for made in sent for row in made["line_items"]] == [2, 1]
    assert len(shop.has.mails) == 1


def test_the_reference_stands_behind_the_address_where_no_server_sees_it(shop: Shop):
    order, (line,) = shop.has.sell(2)

    tell(shop, a_parcel(order, **{f"line_{line}": 1}))

    (sent,) = shop.has.orders[order]["fulfillments"]  # type: ignore[misc]
    assert sent["tracking_url"] == "https://orders.example.com/t/1-abc#P-12"


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("", "https://simulated.example/orders/{}?key=x#P-12"),
        ("https://c.example/#/track/7", "https://c.example/?quartermaster=P-12#/track/7"),
        ("https://c.example/t?a=&b=1#x", "https://c.example/t?a=&b=1&quartermaster=P-12#x"),
    ],
)
def test_the_reference_is_found_wherever_it_had_to_go(shop: Shop, address: str, told: str):
    order, (line,) = shop.has.sell(1)
    parcel = replace(a_parcel(order, **{f"line_{line}": 1}), tracking_url=address)

    tell(shop, parcel)

    (sent,) = shop.has.orders[order]["fulfillments"]  # type: ignore[misc]
    assert sent["tracking_url"] == told.format(order)
    assert find(shop, parcel)
    assert find(shop, replace(parcel, reference="P-13")) is None


def test_a_parcel_somebody_typed_in_is_not_told_again(shop: Shop):
    order, (line,) = shop.has.sell(2)
    typed = {"id": 5, "status": "success", "tracking_number": "JD0146", "tracking_url": "https://dhl.example"}
    shop.has.take(
        {
            **shop.has.orders[order],
            "fulfillments": [typed | {"line_items": [{"id": int(line), "quantity": 2}]}],
        }
    )

    assert tell(shop, a_parcel(order, **{f"line_{line}": 2})) == "5"
    assert shop.has.mails == []
    assert find(shop, a_parcel(order, **{f"line_{line}": 1})) is None


def test_what_shopify_keeps_back_is_a_conflict_with_the_reason(shop: Shop):
    order, (line,) = shop.has.sell(2)
    shop.has.held.add(order)

    with pytest.raises(Conflict, match="on hold: release them there"):
        tell(shop, a_parcel(order, **{f"line_{line}": 1}))


def test_more_than_is_left_to_send_is_a_conflict(shop: Shop):
    order, (line,) = shop.has.sell(2)

    with pytest.raises(Conflict, match=f"1 of line {line} were sent, moved or cancelled there"):
        tell(shop, a_parcel(order, **{f"line_{line}": 3}))
    with pytest.raises(Invalid):
        tell(shop, a_parcel(order))


def test_a_fulfillment_that_came_to_nothing_is_none(shop: Shop):
    order, (line,) = shop.has.sell(1)
    parcel = a_parcel(order, **{f"line_{line}": 1})
    tell(shop, parcel)
    (sent,) = shop.has.orders[order]["fulfillments"]  # type: ignore[misc]

    shop.has.take({**shop.has.orders[order], "fulfillments": [{**sent, "status": "cancelled"}]})

    assert find(shop, parcel) is None


def test_an_order_of_many_lines_is_fetched_whole(shop: Shop):
    order, (line,) = shop.has.sell(1)
    first = shop.has.orders[order]["line_items"][0]  # type: ignore[index]
    shop.has.take({**shop.has.orders[order], "line_items": [{**first, "id": n} for n in range(1, 620)]})

    (change,) = everything(channel_stand(shop))

    assert change.body.count(b"gid://shopify/LineItem/") == 619
    assert line.encode() not in change.body


def test_a_list_that_is_too_long_to_be_paged_begins_anew_at_its_last_change():
    place = paging.at(GONE, "")
    last = {"updatedAt": "2026-11-24T10:00:00Z"}

    assert paging.following(place, [last], "x|y") == f"{GONE.isoformat()}|1|x|y"
    deep = paging.at(GONE, f"{GONE.isoformat()}|{paging.DEEP - 1}|x|y")
    assert deep.after == "x|y"
    assert paging.following(deep, [last], "z") == "2026-11-24T09:59:59+00:00|0|"
    with pytest.raises(Invalid):
        paging.at(GONE, "somebody else's")


def test_a_list_that_lags_behind_is_caught_up_with_by_the_overlap(shop: Shop):
    stand = channel_stand(shop)
    stand.sell()
    shop.has.lag = timedelta(minutes=1)
    assert everything(stand) == []
    shop.has.lag = timedelta()
    assert len(everything(stand)) == 1


def test_no_answer_to_a_question_leaves_nothing_unclear(shop: Shop):
    order, (line,) = shop.has.sell(1)
    for fault in ("broken", "lying", "500"):
        shop.simulator.misbehave("OrderToShip", fault)
        with pytest.raises(NotDone):
            find(shop, a_parcel(order, **{f"line_{line}": 1}))


def test_a_parcel_of_another_shape_is_told_by_its_units():
    order = {"fulfillments": [{"status": "SUCCESS", "trackingInfo": [{"url": "https://x.example#P-x"}]}]}

    assert parcels.known(a_parcel("7", line_71=1), order).theirs == ()
