"""Parcels on the order page, and finding an order by what is written on its parcel."""

from datetime import date

import pytest
from django.test import Client
from tests.console.conftest import Page, Shop

from quartermaster.console.orders import words
from quartermaster.console.orders.parcels import parcels
from quartermaster.core import sql
from quartermaster.orders.queries import document

PARCEL = """
insert into warehouse_parcel (order_id, location_id, state, carton, weight_g, carrier, service,
  tracking_number, made_at)
select o.id, l.id, 'labelled', 'M', 1880, 'dhl', 'paket', '00340434161094042557', now()
from orders_order o, stock_location l where o.id = %s and l.code = 'BER' returning id
"""
LABEL = """
insert into shipping_label (parcel_id, reference, carrier, service, account, state, tracking_number,
  cost_minor, currency, ship_to, asked_at, bought_at, voided_at)
values (%s, %s, 'dhl', 'paket', 'dhl', %s, '00340434161094042557', %s, 'EUR',
  jsonb_build_object('country', %s::text), now(), now(), case when %s then now() end)
"""
ITEM = """
insert into warehouse_parcel_item (parcel_id, line_id, sku_id, quantity, line_units)
select %s, l.id, l.sku_id, l.ordered, l.ordered from orders_line l where l.order_id = %s
"""


def _pack(number: str) -> int:
    order_id = document(number).id
    (parcel,) = sql.run(PARCEL, (order_id,))
    sql.run(ITEM, (parcel[0], order_id))
    return int(parcel[0])


def test_an_order_shows_what_is_in_its_parcels_and_how_far_they_are(shop: Shop, owner: Client):
    number = shop.sell(("LAMP-BR", 2))
    parcel = _pack(number)

    seen = Page(owner.get(f"/orders/{number}").content.decode()).text

    told = " ".join(seen.split())
    assert f"Parcel 1 of 1 P-{parcel}" in told
    assert "00340434161094042557" in told
    assert "2 × LAMP-BR" in told
    assert "carton M · 1.9" in told
    (shown,) = parcels(document(number).id)
    assert shown.word.title == "Labelled"


def test_what_a_new_address_comes_to_stands_beside_what_the_old_one_did(shop: Shop, owner: Client):
    number = shop.sell(("LAMP-BR", 2))
    parcel = _pack(number)
    assert "What the new address comes to" not in owner.get(f"/orders/{number}").content.decode()
    for state, country, cost in (("voided", "DE", 350), ("bought", "CH", 1990)):
        sql.run(LABEL, (parcel, f"L-{country}", state, cost, country, state == "voided"))

    told = " ".join(Page(owner.get(f"/orders/{number}").content.decode()).text.split())

    assert f"P-{parcel} CH was DE €19.90 was €3.50 none was none" in told
    assert "Change what is charged" in told


@pytest.mark.parametrize("asked", ["00340434161094042557", "P-{parcel}", "p{parcel}"])
def test_an_order_is_found_by_its_parcel(asked: str, shop: Shop, owner: Client):
    number = shop.sell(("LAMP-BR", 1))
    parcel = _pack(number)
    answer = owner.get("/search", {"q": asked.format(parcel=parcel)})
    assert answer.headers["Location"] == f"/orders/{number}"


def test_orders_are_found_by_the_buyers_e_mail_and_pages_by_their_name(shop: Shop, owner: Client):
    number = shop.sell(("LAMP-BR", 1))
    email = document(number).customer.email
    assert owner.get("/search", {"q": email.upper()}).headers["Location"] == f"/orders/{number}"
    assert owner.get("/search", {"q": "exc"}).headers["Location"] == "/exceptions"


@pytest.mark.parametrize(
    ("first", "expected", "status", "told"),
    [
        (date(2026, 11, 25), date(2026, 11, 25), "allocated", ("Promised Wed 25 Nov", "")),
        (date(2026, 11, 23), None, "packed", ("Promised Mon 23 Nov", "is-warn")),
        (date(2026, 11, 20), None, "packed", ("Promised Fri 20 Nov", "is-bad")),
        (date(2026, 11, 25), date(2026, 11, 27), "open", ("Promised Wed 25 Nov, expected 27 Nov", "is-bad")),
        (date(2026, 11, 20), None, "delivered", ("Promised for Fri 20 Nov", "")),
    ],
)
def test_a_promise_is_told_with_what_became_of_it(
    first: date, expected: date | None, status: str, told: tuple[str, str]
):
    word = words.promise(first, expected, status, today=date(2026, 11, 23))
    assert word is not None
    assert (word.title, word.tone) == told


def test_nothing_promised_is_nothing_told():
    assert words.promise(None, None, "open", today=date(2026, 11, 23)) is None
