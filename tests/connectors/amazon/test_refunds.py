"""Money that went back to buyers, as Amazon books it: what of a transaction the buyer got, and how it is
asked for behind the orders of a round."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.connectors.amazon import swagger
from tests.connectors.amazon.bodies import read
from tests.connectors.carriers import openapi

from quartermaster.channels.ports import Change
from quartermaster.connectors.amazon import paces, translate
from quartermaster.connectors.amazon.channel import AmazonChannel
from quartermaster.connectors.amazon.translate.booked import LATE
from quartermaster.core.outside import Account, NotDone
from quartermaster.orders.ports import Ignored, RefundNotice, Unreadable
from quartermaster.testing.conformance.asked import AT
from quartermaster.testing.simulators.amazon import Amazon, sold
from quartermaster.testing.simulators.server import Simulator

CHANNEL = AmazonChannel()
ORDER = "302-1234567-0000001"
MODEL = "amazon-spapi/models/finances-api-model/finances_2024-06-19.json"
CENTS = st.integers(-(10**6), 10**6)


@pytest.fixture
def account(account: Account) -> Account:
    return replace(account, settings={**account.settings, "refunds": "yes"})


def part(kind: str, cents: int, currency: str = "EUR", *inside: object) -> dict[str, object]:
    money = {"currencyCode": currency, "currencyAmount": cents / 100}
    return {"breakdownType": kind, "breakdownAmount": money, "breakdowns": list(inside)}


def a_refund(*parts: object, **told: object) -> dict[str, object]:
    return {
        "transactionType": "Refund",
        "transactionId": "tx-1",
        "relatedIdentifiers": [named("ORDER_ID", ORDER)],
        "postedDate": "2026-11-20T10:00:00Z",
        "description": "Refund Order",
        "items": [{"breakdowns": list(parts)}],
    } | told


def named(name: str, value: str) -> dict[str, str]:
    return {"relatedIdentifierName": name, "relatedIdentifierValue": value}


def told(body: object) -> RefundNotice:
    reading = read(body)
    assert isinstance(reading, tuple)
    (notice,) = reading
    assert isinstance(notice, RefundNotice)
    return notice


@given(st.lists(CENTS, min_size=1, max_size=4), CENTS)
def test_the_buyer_got_everything_but_the_fees(paid: list[int], fees: int):
    parts = [part(f"Kind{n}", cents) for n, cents in enumerate(paid)]
    body = a_refund(*parts, part("AmazonFees", fees), part("FBAFees", fees))

    if sum(paid) < 0:
        assert told(body).refund.amount_minor == -sum(paid)
    else:
        assert isinstance(read(body), Ignored)


def test_a_refund_says_of_which_order_when_and_how_much_of_it_was_shipping():
    parts = (part("ProductCharges", -1990), part("Shipping", -490), part("PromoRebates", 200))
    notice = told(a_refund(*parts, part("AmazonFees", 310)))

    assert (notice.order_external_id, notice.currency) == (ORDER, "EUR")
    assert (notice.refund.external_id, notice.refund.because) == ("tx-1", "Refund Order")
    assert (notice.refund.amount_minor, notice.refund.shipping_minor) == (2280, 490)
    assert notice.refund.at == datetime(2026, 11, 20, 10, tzinfo=UTC)


def test_where_no_item_tells_its_parts_the_transaction_does():
    whole = [
        part("Expenses", -1990, "EUR", part("ProductCharges", -1990)),
        part("Sales", 300, "EUR", part("AmazonFees", 300)),
    ]
    assert told(a_refund(breakdowns=whole)).refund.amount_minor == 1990


def test_a_refund_that_is_booked_again_when_it_is_released_is_one():
    deferred = told(a_refund(part("ProductCharges", -990), transactionStatus="DEFERRED"))
    names = [named("ORDER_ID", ORDER), named("DEFERRED_TRANSACTION_ID", "tx-1")]
    released = told(a_refund(part("ProductCharges", -990), transactionId="tx-2", relatedIdentifiers=names))
    assert deferred.refund.external_id == released.refund.external_id == "tx-1"


@pytest.mark.parametrize(
    "body",
    [
        a_refund(part("ProductCharges", 1990), transactionType="Shipment"),
        a_refund(part("ProductCharges", -1990), relatedIdentifiers=[]),
        a_refund(part("AmazonFees", -30)) | {"transactionType": "ServiceFee"},
    ],
)
def test_what_amazon_books_otherwise_is_no_refund(body: object):
    assert isinstance(read(body), Ignored)


@pytest.mark.parametrize(
    ("body", "because"),
    [
        (a_refund(), "does not say how much"),
        (a_refund(part("ProductCharges", -1, "EUR"), part("Tax", -1, "USD")), "does not say how much"),
        (a_refund(part("ProductCharges", -1), postedDate="soon"), "without its moment"),
        (a_refund(part("ProductCharges", -1), transactionId=""), "without a name"),
        (a_refund(part("ProductCharges", -1, "Taler")), "not in ISO 4217"),
    ],
)
def test_a_refund_that_is_not_plain_is_for_a_person(body: object, because: str):
    with pytest.raises(Unreadable, match=because):
        read(body)


def everything(account: Account, since: datetime) -> list[Change]:
    found, cursor = [], ""
    for _ in range(20):
        page = CHANNEL.changes(account=account, since=since, cursor=cursor)
        found += page.orders
        if page.up_to is not None:
            return found
        cursor = page.cursor
    raise AssertionError("the round does not end")


def a_sold_one(shop: Amazon) -> None:
    """Sent, so that money may go back for it."""
    shop.take(sold(ORDER, [{"sku": "LAMP", "quantity": 2, "price": "19.90"}], status="SHIPPED"))


def test_refunds_come_behind_the_orders_of_a_round(running: Simulator, shop: Amazon, account: Account):
    a_sold_one(shop)
    since = shop.clock - timedelta(hours=1)
    shop.finances.size, shop.finances.defers = 1, True
    for cents in ("1.50", "2.50"):
        assert shop.by_hand("refund", {"id": ORDER, "amount": cents}) == {"is_done": True}

    found = everything(account, since)

    assert [one.topic for one in found] == ["orders/2026-01-01", *["finances/2024-06-19"] * 4]
    notices = [told_of(one) for one in found[1:]]
    given = {one.refund.external_id: one.refund.amount_minor for one in notices}
    assert sum(given.values()) == shop.finances.given_back(ORDER) * 100 == 400
    assert len(given) == 2


def told_of(change: Change) -> RefundNotice:
    reading = translate.read(topic=change.topic, body=change.body, received_at=AT)
    assert isinstance(reading, tuple)
    (notice,) = reading
    assert isinstance(notice, RefundNotice)
    return notice


def test_what_was_booked_in_the_last_two_days_is_asked_for_again(
    running: Simulator, shop: Amazon, account: Account
):
    since = shop.clock
    everything(account, since)

    (asked,) = [one.query for one in running.requests if one.operation == "transactions"]
    assert datetime.fromisoformat(asked["postedAfter"]) == (since - LATE).replace(microsecond=0)
    assert asked.keys() == {"postedAfter", "postedBefore"}, "no marketplace: see the model"


def test_a_long_time_is_asked_for_in_parts_that_amazon_answers(
    running: Simulator, shop: Amazon, account: Account
):
    at = datetime.now(UTC) - timedelta(days=500)
    shop.finances.give_back(ORDER, Decimal("1.00"), at + timedelta(days=1), "")

    found = everything(account, at)

    assert [one.topic for one in found] == ["finances/2024-06-19"]
    assert sum(one.operation == "transactions" for one in running.requests) == 3


def test_what_belongs_to_another_marketplace_is_another_connections(shop: Amazon, account: Account):
    shop.finances.give_back(ORDER, Decimal("1.00"), shop.clock, "")
    elsewhere = replace(account, settings={**account.settings, "marketplaces": "FR"})

    assert everything(elsewhere, shop.clock - timedelta(hours=1)) == []


def test_without_the_role_a_sentence_says_which_and_orders_came_before(
    running: Simulator, shop: Amazon, account: Account
):
    a_sold_one(shop)
    shop.finances.may_read = False
    first = CHANNEL.changes(account=account, since=shop.clock - timedelta(hours=1), cursor="")
    assert len(first.orders) == 1

    with pytest.raises(NotDone, match="Finance and Accounting"):
        CHANNEL.changes(account=account, since=shop.clock, cursor=first.cursor)


def test_who_does_not_want_refunds_is_not_asked_for_them(running: Simulator, shop: Amazon, account: Account):
    without = replace(account, settings={**account.settings, "refunds": ""})

    everything(without, shop.clock - timedelta(hours=1))

    assert "transactions" not in {one.operation for one in running.requests}


def test_before_something_was_sent_no_money_goes_back(shop: Amazon):
    shop.take(sold(ORDER, [{"sku": "LAMP", "price": "19.90"}]))
    assert shop.by_hand("refund", {"id": ORDER, "amount": "1.00"}) == {"is_done": False}


def test_the_question_and_the_simulated_answer_are_as_the_model_has_them(
    running: Simulator, shop: Amazon, account: Account
):
    spec = openapi.document(MODEL)
    a_sold_one(shop)
    shop.by_hand("refund", {"id": ORDER, "amount": "1.00"})
    everything(account, shop.clock - timedelta(hours=1))
    (asked,) = [one for one in running.requests if one.operation == "transactions"]

    assert swagger.faults(asked, [spec]) == []
    found = swagger.operation(asked, [spec])
    assert found is not None
    assert found[0]["operationId"] == paces.operation(asked.method, asked.path) == "listTransactions"
    assert swagger.pace(found[0]) == paces.RATES["listTransactions"]
    answer = shop.finances.respond(asked).body
    schema = spec["definitions"]["ListTransactionsResponse"]
    assert openapi._check(answer, schema, spec, "answer") == []
