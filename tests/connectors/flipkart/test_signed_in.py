"""Tokens: kept, asked for once, and anew when they do not count any more. Signatures of notifications."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from quartermaster.channels.ports import Count, Price, Shipment
from quartermaster.connectors.flipkart.channel import FlipkartChannel
from quartermaster.connectors.flipkart.listings import FlipkartListings
from quartermaster.connectors.flipkart.signature import signature
from quartermaster.core.outside import AuthExpired, Unclear
from quartermaster.testing.conformance.channels import GONE

from .conftest import Hub, items

SINCE = datetime(2026, 11, 23, tzinfo=UTC)


def ask(hub: Hub) -> None:
    FlipkartChannel().changes(account=hub.account, since=SINCE, cursor="")


def test_many_at_once_ask_for_one_token(hub: Hub) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: ask(hub), range(8)))
    ask(hub)
    assert hub.memory.tokens_given == 1


def test_a_token_that_does_not_count_any_more_is_asked_for_anew(hub: Hub) -> None:
    ask(hub)
    hub.memory.forget_tokens()
    ask(hub)
    assert hub.memory.tokens_given == 2


def test_a_wrong_secret_is_told_as_such_and_never_shown(hub: Hub) -> None:
    wrong = {**hub.account.settings, "webhook_secret": "quite-another-secret"}
    with pytest.raises(AuthExpired) as told:
        FlipkartChannel().changes(account=replace(hub.account, settings=wrong), since=SINCE, cursor="")
    assert "quite-another-secret" not in str(told.value)


def test_shipments_on_hold_and_cancelled_ones_are_asked_for_apart(hub: Hub) -> None:
    held, gone = hub.sell(hold=True), hub.sell()
    hub.memory.take(
        {**hub.memory.shipments[gone], "orderItems": [{"status": "CANCELLED"}]}, by="marketplaceCancellation"
    )
    found, cursor = [], ""
    for _ in range(9):
        page = FlipkartChannel().changes(account=hub.account, since=SINCE, cursor=cursor)
        found += [one.body for one in page.orders]
        cursor = page.cursor
        if page.up_to:
            break
    assert sorted(name for name in (held, gone) for body in found if name.encode() in body) == [held, gone]


@pytest.mark.parametrize("state", ["SHIPPED", "COMPLETED", "RETURN_REQUESTED", "RETURNED"])
def test_whatever_becomes_of_a_shipment_that_left_is_told(hub: Hub, state: str) -> None:
    order = hub.sell(orderItems=items(state))
    page = FlipkartChannel().changes(account=hub.account, since=SINCE, cursor=f"2|{SINCE.isoformat()}|")
    assert [order in one.body.decode() for one in page.orders] == [True]


def test_couriers_called_by_somebody_else_meanwhile_are_not_an_error(hub: Hub) -> None:
    order = hub.sell()
    parcel = Shipment("P-1", order, (), "Ekart", "FMPC1", "", GONE, is_last=True)
    hub.misbehave("dispatch", "late")
    with pytest.raises(Unclear):
        FlipkartChannel().confirm_shipment(account=hub.account, shipment=parcel)
    assert FlipkartChannel().confirm_shipment(account=hub.account, shipment=parcel).theirs == order
    assert hub.memory.called == [order]


def test_prices_are_whole_rupees_and_never_above_what_is_printed(hub: Hub) -> None:
    hub.memory.offer("LAMP", quantity=3, rupees=199, mrp=250)
    asked = [Price("LAMP", minor, "INR") for minor in (18950, 25100)]
    for price in asked:
        (row,) = FlipkartListings().set_prices(account=hub.account, prices=[price], key="S-1")
        assert row.state == "refused"
    assert hub.memory.shown("LAMP") == (3, 19900)


def test_stock_needs_to_know_where_it_lies(hub: Hub) -> None:
    hub.memory.offer("LAMP", quantity=3, rupees=199, mrp=250)
    nowhere = replace(hub.account, settings={**hub.account.settings, "location_id": ""})
    (row,) = FlipkartListings().set_stock(account=nowhere, counts=[Count("LAMP", 1)], key="S-1")
    assert (row.state, row.because) == ("refused", "the connection has no location id")


def test_a_signature_is_over_moment_address_method_and_secret() -> None:
    made = signature(b"s", moment="Fri, 20 Nov 2026 12:47:03 GMT", url="https://a.example/in/x")
    assert made != signature(b"s", moment="Fri, 20 Nov 2026 12:47:04 GMT", url="https://a.example/in/x")
    assert made != signature(b"t", moment="Fri, 20 Nov 2026 12:47:03 GMT", url="https://a.example/in/x")
    assert len(made) == 40
