"""Whatever a shop, a customer or a colleague writes stays text: on every page that shows it."""

import json
from html import unescape

import pytest
from django.test import Client
from tests.console import company
from tests.console.conftest import Page, Shop

from quartermaster.catalog.models import Sku
from quartermaster.core import sql
from quartermaster.testing.shop import signed

CORPUS = [
    "<script>alert('mark')</script>",
    "\"><img src=x onerror=alert('mark')>",
    "'><svg/onload=alert('mark')>",
    "</title><script>mark()</script>",
    "</textarea><script>mark()</script>",
    "javascript:alert('mark')",
    '<a href="javascript:mark()">mark</a>',
    "{{ mark }}{% load mark %}",
    '<iframe srcdoc="<script>mark()</script>">',
    '<div hx-get="/mark" hx-trigger="load">mark</div>',
    '<b style="position:fixed;inset:0">mark</b>',
    "\u202emark\u2066 <mark>",
    'SO-1"><script>mark()</script>',
]


@pytest.fixture
def everywhere(shop: Shop, owner: Client, request: pytest.FixtureRequest) -> tuple[str, list[str]]:
    """The hostile text in every field that takes text; the addresses of all pages that show one of them."""
    text = request.param
    person = {"first_name": text, "last_name": text, "name": text, "address1": text, "address2": text}
    place = {**person, "city": text, "zip": text, "province": text, "phone": text, "country_code": "DE"}
    Sku.objects.filter(code="MUG-ST").update(title=text)
    number = shop.sell(
        ("MUG-ST", 1),
        ("MUG-SL", 9),
        name=text,
        note=text,
        tags=text,
        email=text,
        customer={"id": 1, **person},
        shipping_address=place,
        shipping_lines=[{"title": text, "price": "1.00"}],
        off="1.00",
    )
    strange = shop.sell((text, 1))
    owner.post(f"/orders/{number}/holds", {"kind": "manual", "because": text})
    owner.post(f"/orders/{strange}/holds", {"kind": "fraud", "because": text})
    owner.post(f"/orders/{strange}/holds/fraud/release", {"because": text})
    owner.post(f"/orders/{number}/routing", {"location": "BER", "because": text})
    body = json.dumps({"id": text, text: [text]}).encode()
    for n, raw in enumerate((body, text.encode(), b"a=" + text.encode(), text.encode() + b"\xff")):
        webhook = signed(text, raw, delivery_id=f"{text}{n}", secret="s")
        message = company.hear(shop.connection, webhook, shop.channel.now)
        message.headers["x-note"] = text
        message.save(update_fields=["headers"])
    company.flow()
    company.a_stuck_step(number, text)
    messages = [f"/messages/{row[0]}" for row in sql.run("select id from inbox_message")]
    pages = [
        "/orders",
        f"/orders/{number}?ask=today",
        f"/orders/{strange}",
        "/messages",
        "/stuck",
        "/stock",
        "/stock/MUG-ST",
    ]
    return text, [*pages, *messages, "/messages/replay?connection=northlight&all=1&since=2026-01-01T00:00"]


@pytest.mark.parametrize("everywhere", CORPUS, indirect=True, ids=range(len(CORPUS)))
def test_it_is_shown_and_never_becomes_a_part_of_the_page(everywhere: tuple[str, list[str]], owner: Client):
    text, pages = everywhere
    shown = 0
    for address in pages:
        answer = owner.get(address)
        assert answer.status_code == 200, address
        html = answer.content.decode()
        page = Page(html)
        shown += text in page.text or text.strip("\u202e") in unescape(html)
        _is_inert(page, address)
    assert shown > len(pages) / 2  # a body in JSON, as fields or as bytes shows it in another spelling


@pytest.mark.parametrize("text", CORPUS, ids=range(len(CORPUS)))
def test_it_is_inert_in_what_an_address_asks_for(text: str, shop: Shop, owner: Client):
    asked = [
        ("/orders", "connection"),
        ("/orders", "status"),
        ("/orders", "after"),
        ("/search", "q"),
        ("/stock", "q"),
    ]
    asked += [("/messages", "connection"), ("/messages/replay", "connection"), ("/messages/replay", "since")]
    asked += [("/stock", "after"), ("/stuck", "after")]
    for address, name in asked:
        answer = owner.get(address, {name: text})
        assert answer.status_code in (200, 422), (address, name)
        _is_inert(Page(answer.content.decode()), address)
    for address in (f"/orders/{text}", f"/stock/{text}", f"/sign-in/{text}", f"/{text}"):
        answer = owner.get(address.replace("?", "%3F").replace("#", "%23"))
        assert answer.status_code in (404, 410), address
        _is_inert(Page(answer.content.decode()), address)


def _is_inert(page: Page, address: str) -> None:
    for tag, given in page.elements:
        assert tag not in ("iframe", "img", "mark", "object", "embed", "textarea", "base"), (address, tag)
        assert tag != "script" or given.get("src", "").startswith("/static/"), (address, given)
        assert not [name for name in given if name.startswith("on") or name in ("style", "srcdoc")], (
            address,
            given,
        )
        for name in ("href", "src", "action", "formaction", "hx-get", "hx-post"):
            assert not given.get(name, "").lower().lstrip().startswith(("javascript:", "data:", "//")), (
                address,
                given,
            )
        assert "/mark" not in given.get("hx-get", "") or given["hx-get"].startswith("/messages/"), (
            address,
            given,
        )
