"""Cancellations, refunds and subscriptions: what the suites of all shops do not ask."""

import pytest

from quartermaster.channels.ports import Cancellation, Refund, RefundedLine
from quartermaster.connectors.shopify.back import ShopifyCancels, ShopifyRefunds
from quartermaster.connectors.shopify.hooks import ShopifyHooks
from quartermaster.connectors.shopify.plug import ShopifyOrders, ShopifyWebhooks
from quartermaster.connectors.shopify.translate import back
from quartermaster.core.outside import Conflict, Invalid, Missing, Unclear
from quartermaster.inbox.ports import Verdict
from quartermaster.testing.conformance.channels import everything
from quartermaster.testing.simulators.sending import Delivery

from .bodies import AT
from .conftest import Shop
from .stands import back_stand, channel_stand

CANCELS, REFUNDS = ShopifyCancels(), ShopifyRefunds()
EUR = {"amount": "20.0", "currencyCode": "EUR"}


def a_cancellation(order: str, **told: object) -> Cancellation:
    return Cancellation(
        **{"reference": "C-1", "order": order, "lines": (), "is_whole": True, "reason": "customer"} | told  # type: ignore[arg-type]
    )


def a_payment(n: int, kind: str = "SALE", status: str = "SUCCESS", **most: object) -> dict[str, object]:
    payment = {"id": f"t{n}", "kind": kind, "status": status, "gateway": "card"}
    return payment | {"maximumRefundableV2": EUR | most}


def shares(amount_minor: int, *payments: dict[str, object]) -> list[tuple[object, object]]:
    order = {"id": "gid://shopify/Order/7", "transactions": list(payments)}
    wanted = back.to_create(Refund("R-1", "7", amount_minor, "EUR"), order)
    return [(one["parentId"], one["amount"]) for one in wanted["transactions"]]  # type: ignore[attr-defined]


def test_money_goes_back_the_way_it_came_up_to_what_is_left_of_each_payment():
    old = a_payment(1, amount="0.00")
    authorised, failed = a_payment(2, kind="AUTHORIZATION"), a_payment(3, status="FAILURE")
    card, gift = a_payment(4), a_payment(5, kind="CAPTURE")

    assert shares(2501, old, authorised, failed, card, gift) == [("t4", "20.00"), ("t5", "5.01")]
    with pytest.raises(Conflict, match=r"EUR 0\.01 less"):
        shares(4001, old, authorised, failed, card, gift)


def test_what_was_paid_in_another_currency_is_not_converted():
    with pytest.raises(Invalid, match="was paid in JPY"):
        shares(100, a_payment(1, currencyCode="JPY"))


def test_a_refund_never_asks_for_more_and_puts_nothing_on_the_shelf(shop: Shop):
    stand = back_stand(shop)
    sold = stand.sell()

    REFUNDS.refund(account=shop.account, refund=Refund("R-7", sold.order, 100, "EUR", note="late " * 99))

    (asked,) = (one.body for one in shop.simulator.requests if one.operation == "CreateRefund")
    wanted = asked["variables"]["input"]  # type: ignore[index,call-overload]
    assert wanted["allowOverRefunding"] is False
    assert wanted["note"].endswith("late [R-7]")
    assert len(wanted["note"]) <= 255


def test_units_that_are_not_on_the_order_any_more_are_paid_back_as_money_alone(shop: Shop):
    stand = back_stand(shop)
    kept, cancelled = stand.sell(), stand.sell()
    CANCELS.cancel(account=shop.account, cancellation=a_cancellation(cancelled.order))

    for sold, lines in ((kept, [2]), (cancelled, None)):
        line = RefundedLine(sold.lines[0], "LAMP", 2, 2000)
        wanted = Refund("R-7", sold.order, 2000, "EUR", lines=(line,))
        REFUNDS.refund(account=shop.account, refund=wanted)
        asked = shop.simulator.requests[-1].body["variables"]["input"]  # type: ignore[index,call-overload]
        told = asked.get("refundLineItems")
        assert (told and [row["quantity"] for row in told]) == lines
        assert stand.given_back(sold.order) == 2000


def test_a_refund_the_payment_provider_refused_is_no_refund(shop: Shop):
    sold = back_stand(shop).sell()
    wanted = Refund("R-7", sold.order, 100, "EUR")
    shop.has.fails = True

    for _ in range(2):
        with pytest.raises(Conflict, match="did not pay"):
            REFUNDS.refund(account=shop.account, refund=wanted)
    assert REFUNDS.find_refund(account=shop.account, refund=wanted) is None
    assert shop.has.given == {}


def test_a_list_that_lags_behind_pays_once_all_the_same(shop: Shop, monkeypatch: pytest.MonkeyPatch):
    """The look before shows no refund yet: the key says that it is the same."""
    sold = back_stand(shop).sell()
    wanted = Refund("R-7", sold.order, 100, "EUR")
    before = shop.has.answers()["OrderToRefund"]({"id": f"gid://shopify/Order/{sold.order}"})
    first = REFUNDS.refund(account=shop.account, refund=wanted)
    monkeypatch.setattr(shop.has, "_to_refund", lambda _asked: before)

    assert REFUNDS.refund(account=shop.account, refund=wanted) == first
    assert shop.has.given[sold.order] == 1


def test_units_that_were_not_found_are_not_counted_back(shop: Shop):
    for reason, restock in (("inventory", False), ("customer", True), ("fraud", True)):
        order = back_stand(shop).sell().order
        CANCELS.cancel(account=shop.account, cancellation=a_cancellation(order, reason=reason, note="x"))

        asked = shop.simulator.requests[-2].body["variables"]  # type: ignore[index,call-overload]
        assert (asked["reason"], asked["restock"]) == (reason.upper(), restock)
        assert asked["note"] == "x [C-1]"


def test_an_order_that_was_cancelled_there_is_known_as_cancelled(shop: Shop):
    order = back_stand(shop).sell().order
    shop.has.take({**shop.has.orders[order], "cancelled_at": "2026-11-23T12:00:00Z"})

    assert CANCELS.find_cancellation(account=shop.account, cancellation=a_cancellation(order)) is not None
    CANCELS.cancel(account=shop.account, cancellation=a_cancellation(order))
    assert "CancelOrder" not in [one.operation for one in shop.simulator.requests]


def test_a_cancellation_that_is_still_being_made_is_unclear(shop: Shop, monkeypatch: pytest.MonkeyPatch):
    order = back_stand(shop).sell().order
    job = {"orderCancel": {"job": {"id": "j", "done": False}, "orderCancelUserErrors": []}}
    monkeypatch.setattr(shop.has, "_cancel", lambda _asked: job)

    with pytest.raises(Unclear):
        CANCELS.cancel(account=shop.account, cancellation=a_cancellation(order))


def test_an_id_that_is_none_of_theirs_is_missing(shop: Shop):
    with pytest.raises(Missing):
        CANCELS.cancel(account=shop.account, cancellation=a_cancellation("SO-1"))


def test_a_subscription_with_a_filter_is_mended_and_not_made_anew(shop: Shop):
    address = "https://orders.example.com/in/acme"
    made = ShopifyHooks().subscribe(account=shop.account, address=address, secret="x")
    shop.has.subscriptions[made[0].theirs]["includeFields"] = ["id"]

    (mended,) = ShopifyHooks().subscribe(account=shop.account, address=address, secret="x")

    assert mended.theirs == made[0].theirs
    assert shop.has.subscribed == len(ShopifyHooks.topics)
    assert shop.has.subscriptions[mended.theirs]["includeFields"] == []


def test_a_webhook_nobody_takes_is_sent_nine_times_with_its_first_content_and_then_removed(shop: Shop):
    made = shop.has.put("ORDERS_CREATE", "https://orders.example.com/in/acme")
    order, _ = shop.has.sell(1)
    shop.has.take({**shop.has.orders[order], "note": "later"})
    bodies: list[bytes] = []

    def refuse(one: Delivery) -> int:
        bodies.append(one.body)
        return 503

    while shop.has.mail.bring(refuse):
        assert len(bodies) < 99

    assert (len(bodies), len(set(bodies))) == (9, 1)
    assert b"later" not in bodies[0]
    assert made not in shop.has.subscriptions


def test_what_the_simulator_sends_is_signed_and_read(shop: Shop):
    """As the app's own secret signs, of an order with every field that is read."""
    shop.has.put("ORDERS_CREATE", "https://orders.example.com/in/acme")
    shop.has.by_hand("order", {"lines": [{"sku": "LAMP", "quantity": 2, "price": "19.90"}]})
    (sent,) = shop.has.mail.take()
    headers = {name.lower(): value for name, value in sent.headers.items()}

    webhooks = ShopifyWebhooks()
    verdict = webhooks.check(headers=headers, body=sent.body, secrets=[b"simulated"], settings={})
    topic = webhooks.label(headers=headers, path="").topic
    reading = ShopifyOrders().read_orders(topic=topic, headers=headers, body=sent.body, received_at=AT)

    assert verdict is Verdict.GENUINE
    assert [one.doubts for one in reading] == [()]  # type: ignore[union-attr]
    (change,) = everything(channel_stand(shop))
    fetched = ShopifyOrders().read_orders(topic=change.topic, headers={}, body=change.body, received_at=AT)
    assert fetched == reading
