"""Sites that others work, as people see them."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils.timezone import now
from tests.console.conftest import Page
from tests.console.test_orders import text

from quartermaster.core import plugs, sql
from quartermaster.inbound.actions import NewArrival, expect_arrival
from quartermaster.outside.actions import (
    announce,
    hear,
    hear_notice,
    send_released,
    take_report,
    work_outside,
)
from quartermaster.outside.actions.receipts import keep_receipts
from quartermaster.outside.ports import Item, Noticed, Receipt, Snapshot, Standing, State
from quartermaster.testing.builders import a_location, a_sku, an_order, flow
from quartermaster.testing.warehouses import InventedWarehouse, plugged


@pytest.fixture
def reno(db: None, monkeypatch: pytest.MonkeyPatch) -> str:
    """RNO is worked by others and has an order. Returns its number."""
    known = plugged(InventedWarehouse(), plugs.installed())
    monkeypatch.setattr(plugs, "installed", lambda: known)
    a_location("RNO")
    a_sku("LAMP", RNO=10)
    sql.run("insert into inbox_connection (slug, kind) values ('reno', 'invented')")
    work_outside("RNO", "reno", at=now(), by="user:1")
    number = an_order(("LAMP", 2))
    send_released()
    sql.run("update outside_order set state = 'sent', sent_at = asked_at")
    return number


def reference() -> str:
    return str(sql.run("select reference from outside_order")[0][0])


def tell(state: State, **more: object) -> None:
    hear(Standing(reference(), state, **more), at=now(), by="RNO")  # type: ignore[arg-type]
    flow()


def test_a_site_is_given_to_others_and_taken_back_by_a_form(owner: Client, db: None, reno: str):
    a_location("LAX")
    seen = text(owner, "/outside")
    assert "1 sent" in seen
    answer = owner.post(
        "/outside", {"location": "LAX", "connection": "reno", "answer_hours": "2", "ship_hours": "24"}
    )
    assert answer.status_code == 302
    assert "never heard yet" in text(owner, "/outside/LAX")
    owner.post("/outside", {"location": "LAX", "connection": "reno", "is_active": "0"})
    assert "not asked: paused" in text(owner, "/outside/LAX")


def test_what_is_there_is_listed_and_said_on_the_order(owner: Client, reno: str):
    assert "RNO is asked to ship 2 units; no answer yet." in text(owner, f"/orders/{reno}")
    tell(State.ACKNOWLEDGED, theirs="W-77")
    seen = text(owner, "/outside/RNO")
    assert "Acknowledged" in seen
    assert "W-77" in seen
    order = text(owner, f"/orders/{reno}")
    assert "RNO has it, as W-77: 2 units." in order
    assert "Sent to RNO" in order


def test_an_order_that_is_late_there_is_on_today(owner: Client, reno: str):
    sql.run("update outside_order set asked_at = asked_at - interval '5 hours'")
    assert "Late" in text(owner, "/outside/RNO")
    assert "RNO is late" in text(owner, "/")


def test_a_difference_is_read_and_settled_with_a_reason(owner: Client, reno: str):
    at = now() + timedelta(seconds=1)
    ((site_id,),) = sql.run("select location_id from outside_site")
    take_report(site_id, "RNO", Snapshot("R1", at, {"LAMP": 6}), at=at, by="RNO")
    seen = owner.get("/outside/RNO").content.decode()
    assert "sent to be shipped and not confirmed" in Page(seen).text
    assert "RNO has other stock" in text(owner, "/")
    ((drift_id,),) = sql.run("select id from outside_drift")
    assert owner.post(f"/outside/RNO/drifts/{drift_id}", {"units": "-2"}).status_code == 422

    owner.post(f"/outside/RNO/drifts/{drift_id}", {"units": "−2", "because": "counted again there"})

    assert sql.run("select on_hand::int from stock_level") == [(8,)]
    assert "Nothing differs" in text(owner, "/outside/RNO")


def test_a_receipt_is_booked_as_what_was_expected_and_the_page_proposes_which(owner: Client, reno: str):
    new = NewArrival(site="RNO", kind="po", supplier="acme", reference="PO-7", lines={"LAMP": 10})
    arrival = expect_arrival(new, at=now(), by="user:1")
    sql.run(
        "insert into outside_receipt (site_id, reference, received_at, told_at, items, because) "
        "select location_id, '501', now(), now(), %s::jsonb, 'for PO-7, 2 × LAMP short' from outside_site",
        ('[{"sku": "LAMP", "quantity": 8}]',),
    )
    page = owner.get("/outside/RNO").content.decode()
    assert f'<option value="{arrival}" selected>' in page
    assert "2 × LAMP short" in page
    ((receipt_id,),) = sql.run("select id from outside_receipt")
    owner.post(f"/outside/RNO/receipts/{receipt_id}", {"arrival": str(arrival), "is_last": "1"})
    assert sql.run("select state from inbound_arrival") == [("received",)]
    assert sql.run("select on_hand::int, incoming::int from stock_level") == [(18, 0)]


def test_a_site_that_does_not_tell_its_stock_is_on_today(owner: Client, reno: str):
    heard = "insert into outside_heard (site_id, at) select location_id, %s from outside_site"
    sql.run(heard, (now() - timedelta(hours=47),))
    assert "RNO has not told its stock" not in text(owner, "/")
    sql.run("update outside_heard set at = now() - interval '49 h'")
    assert "RNO has not told its stock" in text(owner, "/")
    sql.run("update outside_site set snapshot_at = now()")
    assert "RNO has not told its stock" not in text(owner, "/")


def test_receipts_and_what_is_not_understood_wait_for_a_person(owner: Client, reno: str):
    receipt = Receipt("RC-9", now(), (Item("LAMP", 4),))
    sql.run(
        "insert into outside_receipt (site_id, reference, received_at, told_at, items) "
        "select location_id, %s, now(), now(), %s::jsonb from outside_site",
        (receipt.reference, '[{"sku": "LAMP", "quantity": 4}]'),
    )
    sql.run(
        "insert into outside_unread (site_id, what, because, told_at) "
        "select location_id, 'odd.csv', 'line 3 is odd', now() from outside_site"
    )
    seen = text(owner, "/outside/RNO")
    assert "4 × LAMP" in seen
    assert "line 3 is odd" in seen
    ((receipt_id,),) = sql.run("select id from outside_receipt")
    ((unread_id,),) = sql.run("select id from outside_unread")
    owner.post(f"/outside/RNO/receipts/{receipt_id}")
    owner.post(f"/outside/RNO/unread/{unread_id}")
    seen = text(owner, "/outside/RNO")
    assert "RC-9" not in seen
    assert "odd.csv" not in seen
    assert sql.run("select on_hand::int from stock_level") == [(14,)]


def test_what_will_come_in_is_shown_as_it_was_told_and_as_it_came(owner: Client, reno: str):
    po = NewArrival(site="RNO", kind="po", supplier="acme", reference="PO-7", lines={"LAMP": 10})
    arrival = expect_arrival(po, at=now(), by="user:1")
    assert "Nothing is expected there." in text(owner, "/outside/RNO")
    announce()
    assert f"IN-{arrival} To be told 10 units from acme PO-7 not told yet" in text(owner, "/outside/RNO")
    ((reference, site_id),) = sql.run("select reference, site_id from outside_notice")
    hear_notice(Noticed(reference, State.REFUSED, because="no room"), at=now(), by="RNO")
    assert "no room" in text(owner, "/outside/RNO")
    assert "RNO will not receive something" in text(owner, "/")
    hear_notice(Noticed(reference, State.ACKNOWLEDGED, 1, "W-9"), at=now(), by="RNO")
    with transaction.atomic():
        came = Receipt("GR-1", now(), (Item("LAMP", 8),), notice=reference)
        keep_receipts(site_id, [came], at=now())
    seen = text(owner, "/outside/RNO")
    assert "Acknowledged" in seen
    assert "LAMP: 8 of 10, 2 short" in seen
    assert f'value="{arrival}" selected' in owner.get("/outside/RNO").content.decode()
