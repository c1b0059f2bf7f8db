"""Parcels followed by somebody else: given at hand-over, told by webhooks, asked for when those get lost."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import permutations

import pytest
from django.db import connection as django_connection

from quartermaster.core import sql
from quartermaster.core.actions.outbox import carry_out
from quartermaster.core.moment import now
from quartermaster.core.plugs import plug
from quartermaster.inbox.actions import Arrival, connect, keep
from quartermaster.inbox.ports import Verdict, Webhooks
from quartermaster.inbox.queries import connection
from quartermaster.testing.builders import flow
from quartermaster.testing.simulators.aftership import SECRET, AfterShipServer, Hook, hook
from quartermaster.testing.simulators.server import FAULTS
from quartermaster.tracking.actions import ask_followers
from quartermaster.tracking.queries import one

from .conftest import SENT, Road

TOLD = SENT - timedelta(days=7)  # what they tell lies behind us, whenever this runs

pytestmark = pytest.mark.django_db


@pytest.fixture
def theirs(road: Road) -> Iterator[AfterShipServer]:
    with AfterShipServer() as server:
        connect("aftership", "ship", server.settings, at=SENT, by="test")
        yield server


def a_parcel(road: Road, number: str = "T1") -> int:
    return road.sent(road.order(("LAMP", 1)), ("LAMP", "LAMP", 1), number=number)


def wishes() -> list[tuple[str, str]]:
    return [
        (state, because)
        for state, because in sql.run("select state, because from core_outbox where task = 'tracking.follow'")
    ]


def post(told: Hook) -> Verdict:
    """As intake does it: checked, kept under its label, and read."""
    door, settings = plug("aftership").offer(Webhooks), {"webhook_secret": SECRET}
    assert door is not None
    verdict = door.check(headers=told.headers, body=told.body, secrets=[SECRET.encode()], settings=settings)
    if verdict is Verdict.GENUINE:
        label = door.label(headers=told.headers, path="")
        ship = connection("ship").pk
        arrival = Arrival(ship, label.delivery_id, label.topic, told.headers, told.body, now(), "")
        django_connection.ensure_connection()
        keep([arrival], django_connection.connection)
        flow()
    return verdict


def messages() -> list[tuple[str, str]]:
    query = "select state, because from inbox_message where topic = 'tracking_update' order by id"
    return [(row[0], row[1]) for row in sql.run(query)]


def again() -> None:
    """Nobody waits for the next try."""
    sql.run("update core_outbox set due_at = now() where state <> 'confirmed'")
    carry_out()


def test_a_parcel_that_leaves_is_given_to_them_once(road: Road, theirs: AfterShipServer):
    parcel = a_parcel(road)
    again()
    road.hand_over(one(parcel).id, parcel)
    again()
    (tracking,) = theirs.trackings.values()
    assert tracking["custom_fields"] == {"parcel": f"P-{parcel}"}
    assert wishes() == [("confirmed", f"followed as {tracking['id']}")]
    assert len([call for call, _ in theirs.calls if call.startswith("POST")]) == 1


def test_nothing_of_the_buyer_is_sent(road: Road, theirs: AfterShipServer):
    a_parcel(road)
    again()
    ((_, sent),) = theirs.calls
    assert set(sent) <= {
        "tracking_number", "title", "order_number", "custom_fields", "slug", "destination_country_region",
        "destination_postal_code", "tracking_ship_date", "order_promised_delivery_date",
    }  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_goes_wrong_it_is_followed_once_in_the_end(road: Road, theirs: AfterShipServer, fault: str):
    theirs.faults.append(fault)
    a_parcel(road)
    for _ in range(3):
        again()
    assert [state for state, _ in wishes()] == ["confirmed"]
    assert len(theirs.trackings) == 1


def test_what_they_refuse_says_why(road: Road, theirs: AfterShipServer):
    connect("aftership", "ship", {"couriers": "post=nobody"}, at=SENT, by="test")
    a_parcel(road)
    again()
    assert wishes() == [("refused", "The courier is not supported.")]


def test_a_parcel_without_a_number_is_nobodys_to_follow(road: Road, theirs: AfterShipServer):
    a_parcel(road, number="")
    assert wishes() == []


def test_webhooks_in_any_sequence_and_twice_end_the_same(road: Road, theirs: AfterShipServer):
    for place, sequence in enumerate(permutations(range(3))):
        parcel = a_parcel(road, f"T{place}")
        again()
        told = [
            theirs.happened(f"T{place}", "InTransit", at=TOLD + timedelta(hours=2)),
            theirs.happened(f"T{place}", "OutForDelivery", at=TOLD + timedelta(hours=20)),
            theirs.happened(f"T{place}", "Delivered", at=TOLD + timedelta(hours=22)),
        ]
        for n in sequence:
            assert post(told[n]) is Verdict.GENUINE
            assert post(told[n]) is Verdict.GENUINE
        found = one(parcel)
        assert (found.status, found.delivered_at) == ("delivered", TOLD + timedelta(hours=22))
    assert "stuck" not in {state for state, _ in messages()}


def test_a_webhook_that_was_lost_is_made_good_by_the_next(road: Road, theirs: AfterShipServer):
    parcel = a_parcel(road)
    again()
    theirs.happened("T1", "InTransit", at=TOLD + timedelta(hours=2))
    post(theirs.happened("T1", "OutForDelivery", at=TOLD + timedelta(hours=20)))
    assert one(parcel).first_scan_at == TOLD + timedelta(hours=2)


def test_when_all_webhooks_are_lost_they_are_asked(road: Road, theirs: AfterShipServer):
    theirs.page = 1
    parcels = [a_parcel(road, number) for number in ("T1", "T2", "T3")]
    for _ in parcels:
        again()
    for number in ("T1", "T2", "T3"):
        theirs.happened(number, "Delivered", at=TOLD + timedelta(hours=22))
    assert ask_followers(at=theirs.now) == {"ship": 3}
    flow()
    assert {one(parcel).status for parcel in parcels} == {"delivered"}
    assert ask_followers(at=theirs.now) == {"ship": 0}


def test_one_that_cannot_be_asked_is_asked_for_the_same_time_again(road: Road, theirs: AfterShipServer):
    parcel = a_parcel(road)
    again()
    theirs.happened("T1", "Delivered", at=TOLD + timedelta(hours=22))
    theirs.faults.append("500")
    assert ask_followers(at=theirs.now) == {}
    assert ask_followers(at=theirs.now + timedelta(days=3)) == {"ship": 1}
    assert one(parcel).status == "delivered"


def test_a_forged_webhook_is_not_let_in(road: Road, theirs: AfterShipServer):
    a_parcel(road)
    again()
    told = theirs.happened("T1", "Delivered")
    assert post(hook(told.body, secret="guessed")) is Verdict.FORGED
    assert messages() == []


def test_each_message_says_what_became_of_it(road: Road, theirs: AfterShipServer):
    parcel = a_parcel(road)
    again()
    post(theirs.happened("T1", "InTransit", at=TOLD))
    post(theirs.happened("T1", "Teleported", at=TOLD + timedelta(hours=1)))
    post(hook(b'{"event": "tracking_update", "msg": {"tracking_number": "X", "checkpoints": '
              b'[{"checkpoint_time": "2026-11-17", "tag": "InTransit"}]}}'))  # fmt: skip
    post(hook(b"{]"))
    assert [(state, because[:45]) for state, because in messages()] == [
        ("used", f"P-{parcel}: 1 new scan"),
        ("used", f"P-{parcel}: 1 new scan, 1 of them not understood"[:45]),
        ("ignored", "There is no parcel with number 'X'."),
        ("unreadable", "This is not JSON (JSON is malformed: object k"[:45]),
    ]
    assert one(parcel).status == "in_transit"


def test_a_parcel_of_another_installation_with_our_name_is_not_ours(road: Road, theirs: AfterShipServer):
    parcel = a_parcel(road)
    again()
    body = (
        b'{"event": "tracking_update", "msg": {"tracking_number": "THEIRS", "custom_fields": '
        b'{"parcel": "P-%d"}, "checkpoints": [{"checkpoint_time": "2026-11-17", "tag": "Delivered"}]}}'
    )
    post(hook(body % parcel))
    assert one(parcel).status == "pre_transit"
