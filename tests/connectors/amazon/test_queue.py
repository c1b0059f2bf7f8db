"""What Amazon puts into the seller's queue, and the subscription that makes it do so."""

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.connectors.amazon import swagger
from tests.connectors.carriers import openapi

from quartermaster.channels.ports import QueueHooks, Waiting
from quartermaster.connectors.amazon import paces, translate
from quartermaster.connectors.amazon.hooks import AmazonHooks
from quartermaster.connectors.amazon.queue import AmazonQueue, arn
from quartermaster.connectors.amazon.translate import credentials
from quartermaster.core.outside import Account, AuthExpired, Conflict, NotDone, RefusedOutside
from quartermaster.inbox.ports import KeyEnd
from quartermaster.orders.ports import Ignored, OrderSold
from quartermaster.testing.conformance.asked import AT
from quartermaster.testing.simulators.amazon import CLIENT, Amazon, sold
from quartermaster.testing.simulators.amazon_queue import ARN, settings
from quartermaster.testing.simulators.server import Simulator

HOOKS, QUEUE = AmazonHooks(), AmazonQueue()
MODEL = "amazon-spapi/models/notifications-api-model/notifications.json"


@pytest.fixture
def queued(running: Simulator, account: Account) -> Account:
    """An account with a queue, subscribed."""
    with_queue = replace(account, settings={**account.settings, **settings(running.url)})
    HOOKS.subscribe(account=with_queue, address=ARN, secret="")
    return with_queue


def change(shop: Amazon, n: int = 1, **told: object) -> str:
    number = f"302-0000000-{n:07}"
    shop.take(sold(number, [{"sku": "LAMP"}]) | told)
    return number


def orders(found: tuple[Waiting, ...]) -> list[str]:
    """What was looked up of them, read."""
    told = []
    for one in found:
        for looked_up in one.found:
            reading = translate.read(topic=looked_up.topic, body=looked_up.body, received_at=AT)
            assert isinstance(reading, tuple)
            (order,) = reading
            assert isinstance(order, OrderSold)
            told.append(order.external_id)
    return told


def test_a_changed_order_comes_with_all_that_amazon_has_of_it(shop: Amazon, queued: Account):
    number = change(shop)

    (one,) = QUEUE.waiting(account=queued)

    assert orders((one,)) == [number]
    assert isinstance(translate.read(topic=one.topic, body=one.body, received_at=AT), Ignored)
    assert QUEUE.waiting(account=queued) == ()  # nobody else gets it meanwhile
    QUEUE.kept(account=queued, receipts=[one.receipt])
    shop.queue.later()
    assert QUEUE.waiting(account=queued) == ()
    assert shop.queue.deleted == 1


def test_what_was_not_kept_comes_again_under_the_same_name(shop: Amazon, queued: Account):
    change(shop)
    (first,) = QUEUE.waiting(account=queued)
    shop.queue.later()

    (again,) = QUEUE.waiting(account=queued)

    assert (again.name, again.body) == (first.name, first.body)
    assert again.receipt != first.receipt


def test_an_order_of_many_messages_is_looked_up_once(running: Simulator, shop: Amazon, queued: Account):
    for _ in range(4):
        change(shop)

    found = QUEUE.waiting(account=queued)

    assert len(found) == 4
    assert len([one for one in running.requests if one.operation == "order"]) == 1


def test_a_message_whose_order_cannot_be_looked_up_now_stays_in_the_queue(
    running: Simulator, shop: Amazon, queued: Account
):
    first, second = change(shop, 1), change(shop, 2)
    running.misbehave("order", "slow", "500")

    assert orders(QUEUE.waiting(account=queued)) == [first]
    shop.queue.later()
    assert set(orders(QUEUE.waiting(account=queued))) == {first, second}
    shop.queue.later()
    running.misbehave("order", "500")
    with pytest.raises(NotDone):
        QUEUE.waiting(account=queued)


@pytest.mark.parametrize(
    "body",
    [
        "no JSON",
        "[]",
        "{}",
        '{"NotificationType": "ORDER_CHANGE", "Payload": 7}',
        '{"NotificationType": "ORDER_CHANGE", "Payload": {"OrderChangeNotification": {}}}',
        '{"NotificationType": "REPORT_PROCESSING_FINISHED", "Payload": {}}',
        "\\ud800",
    ],
)
def test_whatever_else_is_in_the_queue_harms_nothing_and_goes_with_the_rest(
    running: Simulator, shop: Amazon, queued: Account, body: str
):
    shop.queue.put(body)
    number = change(shop)

    found = QUEUE.waiting(account=queued)

    assert len(found) == 2
    assert orders(found) == [number]


def test_an_order_that_amazon_does_not_show_is_a_message_and_no_more(shop: Amazon, queued: Account):
    number = change(shop)
    del shop.orders[number]

    (one,) = QUEUE.waiting(account=queued)

    assert one.found == ()


def test_orders_of_other_marketplaces_and_sellers_are_not_fetched(shop: Amazon, queued: Account):
    shop.queue.tell("302-1", "A1SOMEBODY", "A1PA6795UKMFR9")
    shop.queue.tell("302-2", "A1SIMULATED", "A13V1IB3VIYZZH")

    assert [one.found for one in QUEUE.waiting(account=queued)] == [(), ()]


def test_a_wrong_key_and_a_queue_that_is_gone_are_said(queued: Account):
    wrong = replace(queued, settings={**queued.settings, "aws_key_id": "AKIAOTHER"})
    with pytest.raises(AuthExpired, match="InvalidClientTokenId"):
        QUEUE.waiting(account=wrong)
    gone = replace(queued, settings={**queued.settings, "queue_url": queued.settings["queue_url"] + "-2"})
    with pytest.raises(RefusedOutside, match="QueueDoesNotExist"):
        QUEUE.waiting(account=gone)


EXPIRES = {"ends_at": "2026-12-24T22:09:17.198Z", "at": "2026-11-23T10:00:00Z"}


def test_amazon_tells_when_the_client_secret_ends_and_sends_the_next_one_for_nobody_to_read(
    shop: Amazon, queued: Account
):
    shop.queue.tell_end(CLIENT, **EXPIRES)
    shop.queue.tell_new_secret(CLIENT, "amzn1.canary", old_ends_at="2026-11-30T10:00:00Z", **EXPIRES)
    shop.queue.tell_end("amzn1.another", **EXPIRES)

    first, second, other = sorted(QUEUE.waiting(account=queued), key=lambda one: one.name)

    at = datetime(2026, 11, 23, 10, tzinfo=UTC)
    assert first.ends == (KeyEnd("client_secret", date(2026, 12, 24), at),)
    assert second.ends == (
        KeyEnd("client_secret", date(2026, 12, 24), at, "amzn1.canary", date(2026, 11, 30)),
    )
    assert other.ends == ()
    assert b"canary" not in second.body
    assert b"newClientSecretExpiryTime" in second.body
    assert isinstance(translate.read(topic=second.topic, body=second.body, received_at=AT), Ignored)


@given(st.text(min_size=1, max_size=60), st.booleans())
def test_no_secret_is_left_in_a_message_that_is_kept(secret: str, is_wrapped: bool):
    made = {"newClientSecret": f"x{secret}x", "clientId": "c"}
    told = {"payload": {"applicationOAuthClientNewSecret": made}}
    text = json.dumps({"Message": json.dumps(told)} if is_wrapped else told)

    kept = credentials.without_secret(text.encode())

    assert kept == credentials.without_secret(kept)
    inside = json.loads(kept)
    inside = json.loads(inside["Message"]) if is_wrapped else inside
    assert inside["payload"]["applicationOAuthClientNewSecret"] == {
        "newClientSecret": "(kept sealed, not here)",
        "clientId": "c",
    }


@pytest.mark.parametrize(
    "body",
    [
        "{}",
        '{"notificationType": "APPLICATION_OAUTH_CLIENT_SECRET_EXPIRY", "eventTime": "2026-11-23T10:00:00Z", '
        '"payload": {"applicationOAuthClientSecretExpiry": {"clientId": "c", '
        '"clientSecretExpiryTime": "soon"}}}',
        '{"notificationType": "APPLICATION_OAUTH_CLIENT_SECRET_EXPIRY", "eventTime": "2026-11-23T10:00:00", '
        '"payload": {"applicationOAuthClientSecretExpiry": {"clientId": "c", '
        '"clientSecretExpiryTime": "2026-12-24T22:09:17Z"}}}',
        '{"notificationType": "APPLICATION_OAUTH_CLIENT_NEW_SECRET", "eventTime": "2026-11-23T10:00:00Z", '
        '"payload": {"applicationOAuthClientNewSecret": {"clientId": "c", "newClientSecret": "", '
        '"newClientSecretExpiryTime": "2026-12-24T22:09:17Z"}}}',
    ],
)
def test_a_message_that_says_no_moment_or_no_secret_tells_of_no_end(body: str):
    assert credentials.key_ends(body, "c") == ()


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("", ""),
        (
            "https://sqs.eu-west-1.amazonaws.com/123456789012/orders",
            "arn:aws:sqs:eu-west-1:123456789012:orders",
        ),
    ],
)
def test_the_address_of_a_queue_says_how_it_is_subscribed(url: str, wanted: str):
    assert arn(Account("acme", {"queue_url": url})) == wanted


@pytest.mark.parametrize(
    "url",
    [
        "https://sqs.eu-west-1.amazonaws.com.evil.example/123456789012/orders",
        "https://queues.example/123456789012/orders",
        "https://sqs.eu-west-1.amazonaws.com/orders",
    ],
)
def test_no_key_is_used_at_any_other_address(url: str):
    with pytest.raises(NotDone, match="no address of a queue"):
        arn(Account("acme", {"queue_url": url}))


def test_a_subscription_is_made_once_and_seen(shop: Amazon, queued: Account):
    assert isinstance(HOOKS, QueueHooks)
    assert HOOKS.queue(account=queued) == ARN

    (hook,) = HOOKS.hooks(account=queued)

    assert (hook.topic, hook.address, hook.is_alive) == ("ORDER_CHANGE", ARN, True)
    assert HOOKS.subscribe(account=queued, address=ARN, secret="") == ()
    shop.queue.subscriptions.clear()
    (mended,) = HOOKS.subscribe(account=queued, address=ARN, secret="")
    assert mended.address == ARN
    assert len(shop.queue.destinations) == 1


def test_a_subscription_to_another_queue_is_not_ours_to_touch(shop: Amazon, queued: Account):
    shop.queue.destinations["d-1"] = "arn:aws:sqs:us-east-1:123456789012:theirs"

    with pytest.raises(Conflict):
        HOOKS.subscribe(account=queued, address=ARN, secret="")


def test_every_request_is_one_that_the_model_of_notifications_allows(
    running: Simulator, shop: Amazon, queued: Account
):
    spec = openapi.document(MODEL)
    HOOKS.hooks(account=queued)
    asked = [one for one in running.requests if one.operation in ("destination", "subscription")]

    assert [wrong for one in asked for wrong in swagger.faults(one, [spec])] == []
    named = {}
    for one in asked:
        found = swagger.operation(one, [spec])
        assert found is not None
        assert paces.operation(one.method, one.path) == found[0]["operationId"]
        named[found[0]["operationId"]] = swagger.pace(found[0])
    assert len(named) == 4
    assert named.items() <= paces.RATES.items()
