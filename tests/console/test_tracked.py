"""The page of an order for whoever has its link."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client

from quartermaster.console.tracked import views, words
from quartermaster.console.tracked.limit import Limit
from quartermaster.console.tracked.queries import Parcel, Waited
from quartermaster.core import sql
from quartermaster.tracking.queries.links import address, order_of

from .conftest import Shop

TODAY = date(2026, 11, 23)
AT = datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _fresh_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "limit", Limit())


def order_id(shop: Shop) -> int:
    order = int(shop.sell(("LAMP", 1)).removeprefix("SO-"))
    goes_to = '{"name": "Ann Example", "line1": "Lane 1", "city": "Berlin", "postcode": "10115"}'
    sql.run("update orders_order set ship_to = ship_to || %s::jsonb where id = %s", (goes_to, order))
    return order


def sent(order: int) -> None:
    sql.run(
        "insert into warehouse_parcel (order_id, state, carrier, tracking_number, made_at, handed_over_at) "
        "values (%s, 'handed_over', 'UPS', '1Z 9', %s, %s)",
        (order, AT, AT),
    )
    sql.run(
        "insert into tracking_scan (parcel_id, key, at, status, place, message, source) select id, 'k', %s, "
        "'in_transit', 'Kiel', 'for Ann Example', 'x' from warehouse_parcel where order_id = %s",
        (AT, order),
    )
    sql.run(
        "insert into tracking_track (parcel_id, status) select id, 'in_transit' from warehouse_parcel "
        "where order_id = %s",
        (order,),
    )


def test_nobody_signs_in_and_sees_where_the_parcel_is(shop: Shop, visitor: Client):
    order = order_id(shop)
    sent(order)
    answer = visitor.get(address(order))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "on the way." in page
    assert "Kiel" in page
    assert "https://www.ups.com/track?tracknum=1Z%209" in page


def test_nothing_personal_but_the_first_name_and_the_city(shop: Shop, visitor: Client):
    order = order_id(shop)
    sent(order)
    page = visitor.get(address(order)).content.decode()
    assert "for Ann" in page
    assert "in Berlin" in page
    for hidden in ("Example", "Lane 1", "10115", "@", "LAMP", "10.00", f"SO-{order}"):
        assert hidden not in page, hidden


def test_it_is_kept_out_of_caches_searches_and_referrers(shop: Shop, visitor: Client):
    answer = visitor.get(address(order_id(shop)))
    assert "noindex" in answer["X-Robots-Tag"]
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["Cache-Control"] == "no-store"
    policy = answer["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src" in policy
    assert "<script" not in answer.content.decode()


@pytest.mark.parametrize("link", ["1", "1-", f"1-{'0' * 40}", "0-x", "١-" + "a" * 40, "x" * 900])
def test_a_link_that_we_did_not_make_leads_nowhere_and_asks_nobody(visitor: Client, link: str):
    answer = visitor.get(f"/t/{link}")
    assert answer.status_code == 404
    assert "noindex" in answer["X-Robots-Tag"]


def test_the_link_of_one_order_does_not_open_another(shop: Shop):
    link = address(7).rpartition("/")[2]
    assert order_of(link) == 7
    assert order_of("8" + link[1:]) is None


def test_an_order_that_is_asked_for_without_a_break_is_refused_for_a_minute(
    shop: Shop, visitor: Client, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(views, "limit", Limit(2))
    first, other = address(order_id(shop)), address(order_id(shop))
    assert [visitor.get(first).status_code for _ in range(3)] == [200, 200, 429]
    assert visitor.get(other).status_code == 200


def test_the_order_page_has_the_link(shop: Shop, owner: Client):
    order = order_id(shop)
    assert address(order) in owner.get(f"/orders/SO-{order}").content.decode()


def waited(status: str, *parcels: str, promised_on: date | None = None) -> Waited:
    told = tuple(
        Parcel("post", "1", each, None, AT, AT if each == "delivered" else None, ()) for each in parcels
    )
    return Waited("#1", "Ann", "Kiel", status, promised_on, told)


@pytest.mark.parametrize(
    ("order", "said"),
    [
        (waited("allocated"), "We are preparing your order."),
        (waited("shipped", "in_transit"), "Your parcel is on the way."),
        (
            waited("shipped", "delivered", "in_transit"),
            "1 of 2 parcels have arrived; the others are on their way.",
        ),
        (waited("shipped", "delivered"), "Your order has arrived."),
        (waited("shipped", "exception"), "The carrier could not deliver a parcel yet. We can see it too."),
        (waited("cancelled"), "This order was cancelled."),
        (
            waited("shipped", "", promised_on=date(2026, 11, 25)),
            "Your parcel is on the way. It should arrive by Wednesday, 25 November.",
        ),
        (
            waited("allocated", promised_on=date(2026, 11, 20)),
            "We are preparing your order. It was promised for Friday, 20 November: "
            "we are sorry that it is late.",
        ),
    ],
)
def test_the_sentence_says_how_far_it_is(order: Waited, said: str):
    assert words.sentence(order, today=TODAY) == said
