"""G9: five hundred labels are asked with one click. Seven addresses are bad: those are named with the reason,
the others are bought once and printed in the order of picking, and the seven are bought when they are
corrected and asked for again, and printed alone."""

import re

import pytest
from django.test import Client
from django.utils.timezone import now

from quartermaster.console.actions import login_link
from quartermaster.core import plugs, sql
from quartermaster.core.actions.outbox import carry_out
from quartermaster.core.river import worker
from quartermaster.orders.actions import edit
from quartermaster.orders.ports import Address
from quartermaster.shipping.actions import buy_labels, note_printed
from quartermaster.shipping.queries.papers.labels import label_zpl
from quartermaster.shipping.queries.unprinted import unprinted
from quartermaster.testing.carriers import InventedCarrier, plugged
from quartermaster.warehouse.actions import confirm_lists, make_pick_list, pack_all

from .conftest import NOW, Company

MANY, BAD = 500, 7
LABELS = "select state, count(*) from shipping_label group by 1 order by 1"
REFUSED = """
select 'SO-' || p.order_id, p.id, l.because
from shipping_label l join warehouse_parcel p on p.id = l.parcel_id
where l.state = 'refused' order by p.id
"""
POSTCODE = """
update orders_order set ship_to = ship_to || jsonb_build_object('postcode', %s::text) where id = any(%s)
"""
IN_PICK_ORDER = """
select l.tracking_number from shipping_label l join warehouse_parcel p on p.id = l.parcel_id
join warehouse_pick k on k.order_id = p.order_id
where l.state = 'bought' and p.id = any(%s) order by k.pick_list_id, k.position
"""
PAID = "select count(*), count(distinct reference), count(distinct tracking_number) from shipping_issued"


def parcels(company: Company, many: int, bad: int, *, postcode: str = "") -> list[int]:
    """So many parcels on the packing table, of so many orders; the last of them go to this postcode."""
    company.site("BER")
    company.sku("LAMP", BER=many)
    company.tell(*(company.shop.sell(("LAMP", 1)) for _ in range(many)))
    orders = [order_id for (order_id,) in sql.run("select id from orders_order order by id")]
    sql.run(POSTCODE, (postcode, orders[-bad:]))
    for start in range(0, many, 100):
        some = orders[start : start + 100]
        made = make_pick_list("BER", orders_max=100, only=some, at=NOW, by="user:1")
        assert made is not None
        confirm_lists([made], at=NOW, by="user:1")
    made_of = pack_all(orders, at=NOW, by="user:1")
    sql.run("update warehouse_parcel set weight_g = 800")
    return made_of


def buy() -> None:
    """The river and the outbox, until both are at rest."""
    while True:
        worker.flow()
        sql.run("update core_outbox set due_at = now() - interval '1 second' where settled_at is null")
        if not carry_out():
            return


def printed(parcels: list[int]) -> list[str]:
    """The tracking numbers on the labels of these parcels, as they leave the printer."""
    return re.findall(r"\^BCN,220,N,N,N\^FH_\^FD(.*?)\^FS", label_zpl(parcels))


def in_pick_order(parcels: list[int]) -> list[str]:
    return [number for (number,) in sql.run(IN_PICK_ORDER, (parcels,))]


def test_of_five_hundred_labels_493_are_bought_and_seven_are_named_corrected_and_bought(
    company: Company,
) -> None:
    made = parcels(company, MANY, BAD)
    buy_labels(made, at=NOW, by="user:1")  # the click, before the river could ask by itself
    assert buy_labels(made, at=NOW, by="user:1") == []  # clicked twice
    buy()

    assert sql.run(LABELS) == [("bought", MANY - BAD), ("refused", BAD)]
    assert sql.run(PAID) == [(MANY - BAD,) * 3]
    assert printed(made[::-1]) == in_pick_order(made)
    assert unprinted() == made[:-BAD]
    assert len(note_printed(unprinted(), at=NOW, by="user:1")) == MANY - BAD
    assert note_printed(made, at=NOW, by="user:1") == []
    refused = sql.run(REFUSED)
    assert [row for _, row, _ in refused] == made[-BAD:]
    assert {because for _, _, because in refused} == {"The address is incomplete: a postcode is missing."}
    told = "select subject, body->>'because' from core_event where name = 'LabelRefused' order by id"
    assert sorted(row[0] for row in sql.run(told)) == sorted(f"order:{number}" for number, _, _ in refused)

    browser = Client()
    browser.post(login_link())
    page = browser.get("/exceptions/labels?of=").content.decode()
    assert all(f"P-{row}" in page for _, row, _ in refused)
    assert all(f'href="/orders/{number}"' in page for number, _, _ in refused)  # where it is corrected
    assert page.count("The address is incomplete: a postcode is missing.") >= BAD

    for number, _, _ in refused:
        to = Address(name="Ann", line1="Lane 2", city="Berlin", postcode="10115", country="DE")
        edit(number, ship_to=to, because="she told us", at=NOW, by="user:1")
    again = buy_labels(made, at=now(), by="user:1")  # the same click: those that have one keep it
    assert sorted(again) == made[-BAD:]
    buy()
    assert unprinted() == made[-BAD:]  # which is what is printed now
    assert printed(unprinted()) == in_pick_order(made[-BAD:])

    assert sql.run(LABELS) == [("bought", MANY), ("refused", BAD)]
    assert sql.run(PAID) == [(MANY,) * 3]
    assert sql.run("select count(*) from warehouse_parcel where state = 'labelled'") == [(MANY,)]


def test_a_carrier_outside_sells_a_batch_several_at_once_and_each_label_once(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    carrier = InventedCarrier(bad_postcodes=["99999"])
    known = plugged(carrier, plugs.installed())
    monkeypatch.setattr(plugs, "installed", lambda: known)
    made = parcels(company, 12, 2, postcode="99999")
    buy_labels(made, at=NOW, by="user:1")
    buy()

    assert sql.run(LABELS) == [("bought", 10), ("refused", 2)]
    assert (len(carrier.sold), carrier.live, carrier.calls.count("buy")) == (10, 10, 12)
    assert sorted(carrier.sold) == [
        row[0] for row in sql.run("select reference from shipping_label where state = 'bought' order by 1")
    ]
    assert {because for _, _, because in sql.run(REFUSED)} == {"no such address"}
