"""Shops on the screen: how they stand, what differs, and what a person does about it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import now
from tests.console.test_orders import text

from quartermaster.channels.actions import compare_shops
from quartermaster.core import sql
from quartermaster.inbox.actions import connect
from quartermaster.testing.builders import a_location, a_sku, an_order

DRIFT = """
insert into channels_drift (shop_id, kind, reference, order_id, theirs, ours, found_at)
select c.id, %s, %s, nullif(regexp_replace(%s, '\\D', '', 'g'), '')::bigint, %s, %s,
  now() - interval '2 hours'
from inbox_connection c where c.slug = 'corner' returning id
"""
KEYS = {
    "webhook_secret": "s",
    "url": "https://shop.example",
    "consumer_key": "ck",
    "consumer_secret": "cs",
}


@pytest.fixture
def corner(db: None) -> str:
    """`corner` can be asked and told, and has an order. Returns its number."""
    connect("woocommerce", "corner", KEYS, at=now() - timedelta(days=9), by="user:1")
    a_location("BER")
    a_sku("LAMP", BER=10)
    number = an_order(("LAMP", 2))
    sql.run("insert into channels_shop (connection_id) select id from inbox_connection where slug = 'corner'")
    return number


def a_drift(kind: str, reference: str, order: str = "", theirs: str = "no", ours: str = "yes") -> int:
    ((drift,),) = sql.run(DRIFT, (kind, reference, order, theirs, ours))
    return int(drift)


def test_every_shop_is_at_a_glance_the_worst_first(owner: Client, corner: str):
    sql.run("update channels_shop set failures = 4, because = 'logged out'")
    seen = text(owner, "/connect")
    assert "corner In trouble Only read" in seen
    assert "Cannot be asked: logged out." in seen
    assert seen.index("corner") < seen.index("All is well")


def test_what_differs_is_listed_and_left_with_a_reason(owner: Client, corner: str):
    drift = a_drift("uncancelled", corner, corner, "the order stands", "the order is cancelled: no stock")
    seen = text(owner, "/connect/corner")
    said = "Cancelled here alone There: the order stands. Here: the order is cancelled: no stock."
    assert f"{corner} {said}" in seen
    assert "corner and we differ" in text(owner, "/")

    owner.post(f"/connect/corner/drifts/{drift}", {"because": "agreed with the buyer"})
    assert "Nothing differs" in text(owner, "/connect/corner")
    assert "agreed with the buyer" in text(owner, "/connect/corner?state=settled")


def test_a_shop_is_switched_and_paused_by_a_button(owner: Client, corner: str):
    owner.post("/connect/corner", {"do": "live"})
    assert "0 on the way to it" in text(owner, "/connect/corner")
    owner.post("/connect/corner", {"do": "pause"})
    assert "paused: nothing is taken in or told" in text(owner, "/connect/corner")
    owner.post("/connect/corner", {"do": "resume"})
    assert owner.post("/connect/corner", {"do": "dance"}).status_code == 422


def test_a_shop_is_compared_from_a_day_on(owner: Client, corner: str):
    assert owner.post("/connect/corner/compare", {"since": "soon"}).status_code == 422
    tomorrow = (now() + timedelta(days=1)).date().isoformat()
    answer = owner.post("/connect/corner/compare", {"since": tomorrow})
    assert answer.status_code == 422
    assert "It must be a day that has begun" in answer.content.decode()
    owner.post("/connect/corner/compare", {"since": "2026-01-01"})
    assert "0 orders so far: it is being read" in text(owner, "/connect/corner")
    assert compare_shops() == 1  # nobody is there
    assert "it did not answer" in text(owner, "/connect/corner")


def test_a_parcel_the_shop_lost_is_told_again_by_a_button(owner: Client, corner: str):
    drift = a_drift("unshipped", corner, corner)
    assert "Tell it again" not in text(owner, "/connect/corner")  # it is only read
    owner.post("/connect/corner", {"do": "live"})
    assert "Tell it again" in text(owner, "/connect/corner")
    answer = owner.post(f"/connect/corner/drifts/{drift}/heal")
    assert answer.status_code == 422
    assert "no parcel of it was told" in answer.content.decode()


def test_keys_are_replaced_on_their_page_and_never_shown(owner: Client, corner: str):
    sql.run(
        "update inbox_connection set keys_refused_at = now(), keys_because = 'it does not know the key', "
        "keys_end = jsonb_build_object('consumer_key', (now() + interval '2 days')::date::text), "
        "keys_end_by = jsonb_build_object('consumer_key', jsonb_build_object('by', 'shop', 'at', now())) "
        "where slug = 'corner'"
    )
    assert "Waits for new keys, and is neither asked nor told: it does not know the key" in text(
        owner, "/connect"
    )
    cards = text(owner, "/exceptions")
    assert "corner waits for new keys" in cards
    assert "corner has keys that end" in cards
    assert "as the shop told" in text(owner, "/exceptions/keys?of=corner has keys that end")
    assert "consumer_key ends in 2 days (told by the shop)" in text(owner, "/connect/corner")
    assert "2 days left" in text(owner, "/connect/corner/keys")
    assert "WooCommerce tells none" in text(owner, "/connect/corner/keys")

    given = {"consumer_key": "canary-1", "overlap_hours": "24", "ends:consumer_key": ""}
    refused = owner.post("/connect/corner/keys", given)  # nobody is there to try them
    assert refused.status_code == 422
    assert "Keep them untried" in refused.content.decode()
    assert owner.post("/connect/corner/keys", {**given, "overlap_hours": "x"}).status_code == 422
    assert owner.post("/connect/corner/keys", {**given, "untried": "yes"}).status_code == 302

    shown = text(owner, "/connect/corner/keys")
    assert "canary" not in shown
    assert "Waits for new keys" not in text(owner, "/connect")
    assert "corner" not in text(owner, "/exceptions")
