"""What Shopify says with 200, and to whom a key is sent."""

from datetime import UTC, datetime, timedelta

import pytest

from quartermaster.connectors.shopify import admin
from quartermaster.connectors.shopify.admin import Admin, refusal
from quartermaster.connectors.shopify.channel import ShopifyChannel
from quartermaster.connectors.shopify.documents import orders, shipments
from quartermaster.core import pace
from quartermaster.core.outside import (
    Account,
    AuthExpired,
    Conflict,
    Invalid,
    NotDone,
    Throttled,
    Unclear,
)

from .conftest import Shop

GID = "gid://shopify/Order/1"


def said(code: str, message: str = "no") -> dict[str, object]:
    return {"errors": [{"message": message, "extensions": {"code": code}}]}


def answer(shop: Shop, monkeypatch: pytest.MonkeyPatch, *bodies: dict[str, object]) -> Admin:
    """The shop answers these, one after the other, whatever it is asked."""
    left = iter(bodies)
    found = Admin(shop.account)
    monkeypatch.setattr(found._caller, "ask", lambda _path, _body: next(left))
    monkeypatch.setattr(found._caller, "change", lambda _method, _path, _body: next(left))
    return found


def test_a_throttle_in_a_200_says_when_to_come_back(shop: Shop):
    shop.has.points = 5.0
    before = datetime.now(UTC)

    with pytest.raises(Throttled) as told:
        Admin(shop.account).ask(shipments.ORDER, id=GID)

    wait = told.value.retry_at
    assert wait is not None
    assert timedelta(seconds=0.1) < wait - before < timedelta(seconds=10)
    shop.has.points = 2000.0
    assert Admin(shop.account).ask(shipments.ORDER, id=GID) == {"order": None}


def test_the_others_are_kept_from_a_shop_that_has_no_points_left(monkeypatch: pytest.MonkeyPatch):
    closed: list[str] = []
    monkeypatch.setattr(pace, "close", lambda limit, _until: closed.append(limit.name))
    found = Admin(Account("acme", {"shop": "acme.myshopify.com", "access_token": "x"}), reads=True)
    status = {"currentlyAvailable": 10, "restoreRate": 100}
    cost = {"extensions": {"cost": {"requestedQueryCost": 75, "throttleStatus": status}}}
    monkeypatch.setattr(found._caller, "ask", lambda _path, _body: {"data": {}} | cost)

    found.ask(orders.MORE_LINES)

    assert closed == ["acme/reading"]


@pytest.mark.parametrize(
    ("body", "asked", "told"),
    [
        (said("ACCESS_DENIED"), AuthExpired, AuthExpired),
        (said("undefinedField"), Invalid, Invalid),
        (said("MAX_COST_EXCEEDED"), Invalid, Invalid),
        (said("INTERNAL_SERVER_ERROR"), NotDone, Unclear),
        (said("INTERNAL_SERVER_ERROR") | {"data": {"order": None}}, NotDone, Unclear),
        ({"errors": [{"message": "no code"}]}, NotDone, Unclear),
        ({}, NotDone, Unclear),
        ({"data": None}, NotDone, Unclear),
    ],
)
def test_an_error_is_unclear_only_where_something_may_have_happened(
    shop: Shop,
    monkeypatch: pytest.MonkeyPatch,
    body: dict[str, object],
    asked: type[Exception],
    told: type[Exception],
):
    found = answer(shop, monkeypatch, body, body)

    with pytest.raises(asked):
        found.ask(shipments.ORDER, id=GID)
    with pytest.raises(told):
        found.change(shipments.CREATE, fulfillment={})


def test_a_page_that_is_too_dear_is_asked_for_in_smaller_ones(shop: Shop, monkeypatch: pytest.MonkeyPatch):
    sizes: list[object] = []

    def too_dear(self: Admin, document: str, **asked: object) -> tuple[dict[str, object], datetime]:
        sizes.append(asked["first"])
        if asked["first"] != 1:
            raise Invalid(
                "Shopify does not take this: Query cost is 1200, which exceeds the single query max cost"
            )
        return {"orders": {"nodes": [], "pageInfo": {"hasNextPage": False}}}, datetime.now(UTC)

    monkeypatch.setattr(Admin, "ask_at", too_dear)

    ShopifyChannel().changes(account=shop.account, since=shop.has.clock, cursor="")

    assert sizes == [25, 5, 1]


def test_what_was_refused_names_its_fields():
    told = refusal({"userErrors": [{"field": ["input", "quantities", "0"], "message": "no"}]})

    assert isinstance(told, Invalid)
    assert told.fields == {"input.quantities.0": "no"}
    assert refusal({"userErrors": []}) is None
    twice = refusal({"userErrors": [{"code": "IDEMPOTENCY_CONCURRENT_REQUEST", "message": "twice"}]})
    assert isinstance(twice, Conflict)


@pytest.mark.parametrize("shop_address", ["acme.myshopify.com", "https://ACME.myshopify.com/"])
def test_a_key_goes_to_the_shop(shop_address: str):
    assert admin._address(shop_address) == "https://acme.myshopify.com"


@pytest.mark.parametrize(
    "shop_address", ["", "acme.example.com", "acme.myshopify.com.evil.example", "http://acme.myshopify.com"]
)
def test_a_key_goes_nowhere_else(shop_address: str):
    with pytest.raises(NotDone, match="no key is sent"):
        Admin(Account("acme", {"shop": shop_address, "access_token": "x"}))


def test_without_a_token_nobody_is_asked():
    with pytest.raises(AuthExpired):
        Admin(Account("acme", {"shop": "acme.myshopify.com"}))
