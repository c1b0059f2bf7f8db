"""What holds for every page there is, also for those that are yet to be written."""

import re
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern
from tests.console import company as invented
from tests.console.conftest import Page, Shop

from quartermaster.console.urls import urlpatterns
from quartermaster.core import sql

OPEN = {"sign-in", "sign-in-link", "tracked", "floor-in"}
EXAMPLE = {
    "number": "SO-1",
    "kind": "manual",
    "message_id": "1",
    "parcel_id": "1",
    "key": "orders",
    "delivery_id": "1",
    "code": "LAMP-BR",
    "token": "t",
    "cause": "holds",
    "name": "slip.pdf",
    "account": "acme",
    "slug": "acme",
}


def _address(route: URLPattern) -> str:
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: EXAMPLE.get(found[1], "1"), str(route.pattern))


ROUTES = {str(route.name): _address(route) for route in urlpatterns}


@pytest.mark.parametrize("name", sorted(ROUTES.keys() - OPEN))
def test_a_page_asks_who_is_there(name: str, visitor: Client):
    for answer in (visitor.get(ROUTES[name]), visitor.post(ROUTES[name])):
        assert (answer.status_code, answer.headers.get("Location")) == (302, "/sign-in"), ROUTES[name]


def _pages(shop: Shop, owner: Client) -> Iterator[tuple[str, str]]:
    """Every page that can be read, over a company with an order of every kind: address and HTML."""
    invented.a_day(shop.connection, shop.channel)
    invented.a_stuck_step(invented.number(4), "KeyError: 'MUC'")
    addresses = [
        "/",
        "/exceptions",
        "/exceptions/holds?of=address",
        "/exceptions/unknown-sku?of=northlight:VASE-NEW",
        "/exceptions/messages?of=unreadable",
        "/exceptions/steps?of=nothing",
        "/exceptions/nothing",
        "/orders/chosen?chosen=SO-0",
        "/orders",
        "/orders?status=on_hold",
        "/orders?status=packed",
        "/orders?connection=northlight",
    ]
    addresses += [f"/orders/{invented.number(n)}?ask=today" for n in range(22)]
    addresses += [
        "/messages",
        "/messages?state=stuck",
        "/stock",
        "/stock?q=LAMP",
        "/stock?q=no",
        "/stuck",
        "/help",
    ]
    addresses += [
        f"/messages/{row[0]}" for row in sql.run("select id from inbox_message order by id desc limit 6")
    ]
    addresses += [
        "/stock/LAMP-BR",
        "/stock/SET-TEA",
        "/search?q=M",
        "/search?q=nothing",
        "/orders/SO-0",
        "/nowhere",
    ]
    window = "connection=northlight&since=2026-01-01T00:00&until=2099-01-01T00:00&all=1"
    addresses += ["/messages/replay", f"/messages/replay?{window}", "/messages/replays"]
    for address in addresses:
        answer = owner.get(address)
        assert answer.status_code in (200, 404, 422), (address, answer.status_code)
        _check_headers(address, answer.headers)
        yield address, answer.content.decode()


def _check_headers(address: str, headers: dict[str, str]) -> None:
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy, address
    assert "unsafe" not in policy, address
    for part in ("object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"):
        assert part in policy, address
    assert headers["X-Content-Type-Options"] == "nosniff", address
    assert headers["Cache-Control"] == "no-store", address
    assert headers["Referrer-Policy"] == "same-origin", address
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin", address


def test_every_page_keeps_the_policy_and_stands_on_its_own(shop: Shop, owner: Client):
    pages = dict(_pages(shop, owner))
    for address, html in pages.items():
        page = Page(html)
        for tag, given in page.elements:
            assert not [name for name in given if name.startswith("on") or name == "style"], (
                address,
                tag,
                given,
            )
            for name in ("src", "href", "action", "hx-get", "hx-post"):
                assert given.get(name, "/")[:1] in ("/", "?", "#", ""), (address, tag, given)
                assert not given.get(name, "").startswith("//"), (address, tag, given)
            if tag == "script":
                assert given["src"].startswith("/static/"), address
            if tag == "form" and given.get("method") == "post":
                assert "csrfmiddlewaretoken" in page.values("input", "name"), address
        ids = [given["id"] for _, given in page.elements if "id" in given]
        assert len(ids) == len(set(ids)), (address, sorted(ids))
        assert "<style" not in html, address
        assert page.values("html", "lang") == ["en"], address
        assert [tag for tag, _ in page.elements].count("h1") == 1, address
    sizes = {address: len(html) for address, html in pages.items()}
    assert max(sizes.values()) < 150_000, sizes


def test_looking_changes_nothing(shop: Shop, owner: Client):
    list(_pages(shop, owner))  # the first look makes the session's own rows
    tables = ["orders_order", "orders_hold", "inbox_message", "stock_movement", "core_event", "core_delivery"]
    tables += ["allocation_decision", "stock_reservation", "console_login_link", "django_session"]

    def state() -> list[object]:
        return [
            sql.run(f"select md5(string_agg(t::text, '' order by t::text)) from {table} t")
            for table in tables
        ]

    before = state()
    for address in (
        "/",
        "/exceptions",
        "/orders",
        "/orders/SO-1?ask=today",
        "/messages",
        "/stock",
        "/stuck",
        "/search?q=SO-1",
    ):
        owner.get(address)
    assert state() == before


@pytest.mark.parametrize(
    "address",
    ["/", "/exceptions", "/orders", "/orders/{order}", "/messages", "/stock", "/stock/MUG-ST", "/stuck"],
)
def test_the_number_of_statements_does_not_grow_with_what_is_shown(address: str, shop: Shop, owner: Client):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries, sql.counted() as statements:
            assert owner.get(address.format(order=invented.newest())).status_code == 200
        return len(queries) + len(statements)

    shop.sell(("MUG-ST", 1))
    invented.a_stuck_step(invented.newest(), "KeyError")
    owner.get("/orders")
    few = cost()
    for n in range(12):
        shop.sell(("MUG-ST", 1), ("CANDLE-3", 2), ("LAMP-BK", n), person=n)
        invented.a_stuck_step(invented.newest(), "KeyError")

    assert cost() == few
    assert few <= 23
