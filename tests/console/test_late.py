"""What is late, and what was told of a parcel."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils.timezone import now
from tests.console.test_orders import text
from tests.tracking.conftest import SENT, Road

from quartermaster.core import sql
from quartermaster.core.queries import setting
from quartermaster.tracking.actions.foresee import THRESHOLD
from quartermaster.tracking.queries.late import LOST_AFTER


@pytest.fixture
def road(db: None) -> Road:
    return Road()


@pytest.fixture
def parcel(road: Road) -> int:
    order = road.order(("LAMP", 1))
    parcel = road.sent(order, ("LAMP", "LAMP", 1), number="T1", promised_on=SENT.date() - timedelta(days=30))
    sql.run("update tracking_track set handed_over_at = now() - interval '3 days'")
    return parcel


def test_what_is_late_is_listed_with_its_promise_and_its_money(owner: Client, parcel: int):
    seen = text(owner, "/late")
    assert f"P-{parcel}" in seen
    assert "Not scanned yet" in seen
    assert "post T1" in seen
    assert "That is all of them." in seen
    assert f"P-{parcel}" in text(owner, "/late?kind=no_scan")


@pytest.mark.parametrize("kind", ["will_be_late", "stuck", "exceptions"])
def test_a_list_with_nothing_in_it_says_so(owner: Client, parcel: int, kind: str):
    assert "Nothing here" in text(owner, f"/late?kind={kind}")


def test_a_kind_nobody_knows_shows_what_is_late(owner: Client, parcel: int):
    assert f"P-{parcel}" in text(owner, "/late?kind=nonsense")


def test_a_part_in_the_house_is_listed_with_what_holds_it_up(owner: Client, road: Road):
    road.order(("LAMP", 1))
    sql.run("update allocation_allocation set ship_by = now() - interval '90 minutes'")
    seen = text(owner, "/late?kind=will_be_late")
    assert "in the house 1 h 30 min" in seen
    assert "To pick" in seen


def test_a_parcel_shows_all_that_was_told_of_it(owner: Client, road: Road, parcel: int):
    road.tell((parcel, -24 * 20, "accepted"), (parcel, -24 * 19, "delivered"))
    seen = text(owner, f"/parcels/P-{parcel}/scans")
    assert "Delivered" in seen
    assert "Accepted" in seen
    assert owner.get("/parcels/P-999999999/scans").status_code == 404


def test_from_when_on_something_is_called_late_is_set_on_its_page(owner: Client, parcel: int):
    kept = owner.post("/late/patience", {"threshold": "70", "lost_days": "14"}, follow=True)
    assert 'value="70"' in kept.content.decode()
    assert setting(LOST_AFTER) == 14
    for wrong in ({"threshold": "100", "lost_days": "14"}, {"threshold": "x", "lost_days": "14"}):
        assert owner.post("/late/patience", wrong).status_code == 422
    assert setting(THRESHOLD) == 0.7


def test_how_many_promises_were_kept_is_told_by_lane_and_site(owner: Client, parcel: int):
    sql.run("update tracking_track set due_at = now() - interval '1 hour'")
    sql.run("update warehouse_parcel set handed_over_at = now() - interval '3 days', promised_by = null")
    told = owner.get("/ship/promises").content.decode()
    assert "BER → DE" in told
    assert "too few to say" in told
    assert "By site" in owner.get("/ship/promises?by=site&days=90").content.decode()


def test_rows_are_answered_for_on_the_page_and_found_again_by_what_was_said(owner: Client, parcel: int):
    row = f"P-{parcel}"
    chosen = {"kind": "no_scan", "show": "open", "chosen": [row]}
    said = owner.post("/late/said", {**chosen, "act": "acknowledge", "note": "The depot looks."}, follow=True)
    assert "1 done." in said.content.decode()
    assert "Nothing here" in text(owner, "/late?kind=no_scan")
    assert "known as never scanned by owner: The depot looks." in text(
        owner, "/late?kind=no_scan&show=acknowledged"
    )
    for until in ({"until": "morning"}, {"moment": f"{now() + timedelta(days=1):%Y-%m-%dT%H:%M}"}):
        owner.post("/late/said", {**chosen, "act": "snooze", **until})
        assert "snoozed until" in text(owner, "/late?kind=no_scan&show=snoozed")
    owner.post("/late/said", {**chosen, "act": "open"})
    mine = f"user:{User.objects.get().pk}"
    owner.post("/late/said", {**chosen, "act": "assign", "assignee": mine})
    assert row in text(owner, "/late?kind=no_scan&show=mine")
    assert "Nothing here" in text(owner, "/late?kind=no_scan&show=unassigned")
    refused = owner.post("/late/said", {**chosen, "chosen": [row, "P-9999999"], "act": "open"})
    assert "P-9999999: It is not among what is listed as no scan" in refused.content.decode()
    for wrong in ({"act": "acknowledge", "note": ""}, {"act": "snooze", "moment": "soon"}, {"act": "burn"}):
        assert owner.post("/late/said", {**chosen, **wrong}).status_code == 422
    order = sql.run("select order_id from warehouse_parcel where id = %s", (parcel,))[0][0]
    seen = text(owner, f"/orders/SO-{order}")
    assert "Known to be late" in seen
    assert "Given to owner" in seen


def test_how_long_carriers_may_be_silent_is_set_by_lane(owner: Client, parcel: int):
    sent = {
        "version": "1",
        "because": "they scan daily",
        "place": ["10", ""],
        "name": ["Post inland", "Everything"],
        "carriers": ["Post", ""],
        "countries": ["de", ""],
        "no_scan_hours": ["100", "24"],
        "stuck_hours": ["48", "120"],
    }
    kept = owner.post("/late/silence", sent, follow=True).content.decode()
    assert "Post inland: 100 h, 48 h" in kept
    assert "Nothing here" in text(owner, "/late?kind=no_scan")
    for wrong in ({"version": "1"}, {"stuck_hours": ["x", "120"], "version": "2"}, {"name": ["", ""]}):
        assert owner.post("/late/silence", {**sent, **wrong}).status_code == 422
