"""Feeds of listings: what is asked and written against Amazon's model and schema, and what is read."""

import gzip
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import jsonschema_rs
import pytest
from tests.connectors.amazon import swagger
from tests.connectors.carriers import openapi

from quartermaster.channels.ports import Count, Price, Progress, Taken
from quartermaster.connectors.amazon import paces
from quartermaster.connectors.amazon.feeds import AmazonBulk
from quartermaster.connectors.amazon.translate import feeding
from quartermaster.core.outside import Account, AuthExpired, NotDone
from quartermaster.testing.simulators.amazon import Amazon
from quartermaster.testing.simulators.server import Request, Simulator

BULK = AmazonBulk()
MODEL = "amazon-spapi/models/feeds-api-model/feeds_2021-06-30.json"
SCHEMAS = "amazon-spapi/schemas/feeds/listings-feed"
COUNTS = [Count("LAMP", 7, expected=5), Count("LAMP,RED/2", 0, expected=1)]


def ask_everything(running: Simulator, shop: Amazon, account: Account) -> list[Request]:
    shop.listings.offer("LAMP", 5, "19.90")
    laid = BULK.lay_stock(account=account, counts=COUNTS)
    write = BULK.begin(account=account, mark=laid.mark)
    BULK.under_way(account=account, since=datetime.now(UTC) - timedelta(minutes=5))
    shop.feeds.work_off()
    BULK.progress(account=account, name=write, mark=laid.mark, rows=["LAMP"])
    BULK.stop(account=account, name=write)
    priced = BULK.lay_prices(account=account, prices=[Price("LAMP", 123456789, "EUR")])
    BULK.begin(account=account, mark=priced.mark)
    return [one for one in running.requests if one.path.startswith("/feeds/") and "/file/" not in one.path]


def test_every_request_is_one_that_amazon_s_model_allows(running: Simulator, shop: Amazon, account: Account):
    model = openapi.document(MODEL)

    asked = ask_everything(running, shop, account)

    assert {one.operation for one in asked} == {
        *("createFeedDocument", "createFeed", "feeds", "feed", "feedDocument", "cancelFeed")
    }
    assert [swagger.faults(one, [model]) for one in asked] == [[]] * len(asked)


def test_no_operation_is_asked_more_often_than_amazon_allows(
    running: Simulator, shop: Amazon, account: Account
):
    model = openapi.document(MODEL)
    for one in ask_everything(running, shop, account):
        asked = swagger.operation(one, [model])
        assert asked is not None
        name = paces.operation(one.method, one.path)
        assert name == asked[0]["operationId"]
        rate, at_once = swagger.pace(asked[0])
        if name == "createFeed":  # of listings, five in five minutes
            assert paces.RATES[name][1] + 300 * paces.RATES[name][0] <= 5
        else:
            assert paces.RATES[name] == (rate, at_once)


def test_a_feed_has_the_shape_of_amazon_s_schema(running: Simulator, shop: Amazon, account: Account):
    schema = openapi.document(f"{SCHEMAS}-schema-v2.json")
    ask_everything(running, shop, account)

    written: list[Any] = [one.body for one in running.requests if one.operation == "feedUpload"]

    for feed in written:
        jsonschema_rs.validate(schema, feed)
    stock, price = written
    assert [(one["messageId"], one["sku"]) for one in stock["messages"]] == [(1, "LAMP"), (2, "LAMP,RED/2")]
    (patch,) = stock["messages"][0]["patches"]
    assert patch["value"] == [{"fulfillment_channel_code": "DEFAULT", "quantity": 7}]
    (patch,) = price["messages"][0]["patches"]
    assert patch["value"][0]["our_price"] == [{"schedule": [{"value_with_tax": 1234567.89}]}]
    del stock["messages"][0]["productType"]
    with pytest.raises(jsonschema_rs.ValidationError):
        jsonschema_rs.validate(schema, stock)


def test_the_reports_we_are_tested_with_have_the_shape_of_amazon_s(
    running: Simulator, shop: Amazon, account: Account
):
    shop.feeds.refuses["LAMP"] = "It is restricted."
    ask_everything(running, shop, account)
    (report,) = [told for name, told in shop.feeds.documents.items() if name.endswith(".report")]
    jsonschema_rs.validate(openapi.document(f"{SCHEMAS}-processing-report-schema-v2.json"), report)


def test_the_key_is_not_sent_to_where_feeds_lie(running: Simulator, shop: Amazon, account: Account):
    ask_everything(running, shop, account)
    for one in running.requests:
        if one.operation == "feedUpload":
            assert "x-amz-access-token" not in one.headers


def test_a_feed_is_laid_nowhere_else(
    running: Simulator, shop: Amazon, account: Account, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("quartermaster.testing.simulators.amazon_feeds._FILE", ".evil.example/")
    with pytest.raises(NotDone, match="elsewhere"):
        BULK.lay_stock(account=account, counts=COUNTS)


def test_a_listing_that_amazon_may_count_itself_goes_another_way(account: Account):
    laid = BULK.lay_stock(account=account, counts=[Count("LAMP", 7)])
    assert (laid.mark, [row.state for row in laid.answers]) == ("", ["later"])


def test_without_a_merchant_token_nothing_is_laid(account: Account):
    bare = Account("acme", {**account.settings, "seller_id": ""})
    with pytest.raises(AuthExpired, match="merchant token"):
        BULK.lay_stock(account=bare, counts=COUNTS)


def test_feeds_of_others_are_told_as_under_way(shop: Amazon, account: Account):
    shop.feeds.strangers = ["77"]
    assert BULK.under_way(account=account, since=datetime.now(UTC)) == ("77",)


def a_report(*issues: Mapping[str, object]) -> bytes:
    return json.dumps({"issues": list(issues), "summary": {"messagesAccepted": 1}}).encode()


ERROR = {"severity": "ERROR", "message": "It is restricted."}


def test_what_amazon_says_against_a_message_is_said_of_its_sku():
    report = a_report(
        {"messageId": 1, "sku": "A", "severity": "WARNING", "message": "Add a picture."},
        {"messageId": 2, "sku": "B", **ERROR},
    )
    assert feeding.outcome(gzip.compress(report), ["A", "B"], is_gzip=True) == Progress(
        "over", (Taken("A", "accepted"), Taken("B", "refused", "It is restricted."))
    )


def test_an_error_that_names_no_sku_may_be_any_row_s():
    report = a_report({"messageId": 1, **ERROR}, {"messageId": 2, "sku": "B", **ERROR})
    told = feeding.outcome(report, ["A", "B", "C"], is_gzip=False)
    assert [(row.listing, row.state) for row in told.answers] == [("B", "refused")]


def test_an_error_of_the_whole_feed_says_nothing_of_its_rows():
    told = feeding.outcome(a_report({"code": "4002001", **ERROR}), ["A"], is_gzip=False)
    assert told == Progress("died", because="It is restricted.")


def test_amazon_s_own_example_is_read():
    example = openapi.document(f"{SCHEMAS}-processing-report-schema-v2.example.json")
    told = feeding.outcome(json.dumps(example).encode(), ["My-SKU-A", "My-SKU-B"], is_gzip=False)
    assert [(row.listing, row.state) for row in told.answers] == [
        ("My-SKU-A", "accepted"),
        ("My-SKU-B", "refused"),
    ]


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"summary": 7}', b"\xff", gzip.compress(b"{}")[:9]])
def test_what_is_no_report_is_not_read(body: bytes):
    with pytest.raises(ValueError, match="Amazon's report of a feed"):
        feeding.outcome(body, [], is_gzip=False)
    with pytest.raises(ValueError, match="Amazon's report of a feed"):
        feeding.outcome(body, [], is_gzip=True)
