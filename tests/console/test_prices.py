"""The pages of prices: lists, a SKU, a shop, and what is held back."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.channels.conftest import AT, Stand, a_stand
from tests.channels.priced import work
from tests.console.conftest import Page

from quartermaster.channels.actions import make_list, set_pricing
from quartermaster.channels.ports import Taken
from quartermaster.core import sql
from quartermaster.testing.builders import a_sku

LIST, SHOP = "/prices/lists/Retail", "/prices/shops/east"


@pytest.fixture
def stand(db: None, monkeypatch: pytest.MonkeyPatch) -> Stand:
    made = a_stand(monkeypatch)
    for code in ("LAMP", "BULB"):
        a_sku(code, BER=9)
    made.offer("LAMP", "BULB", slugs=["east"])
    make_list("Retail", "EUR", far_rows=2, at=AT, by="user:1")
    set_pricing("east", {"mode": "live", "price_list": "Retail"}, at=AT, by="user:1")
    work()
    return made


def text(owner: Client, address: str) -> str:
    answer = owner.get(address)
    assert answer.status_code == 200, address
    return said(answer.content)


def said(content: bytes) -> str:
    return " ".join(Page(content.decode()).text.split())


def test_prices_are_looked_at_written_and_shown_with_their_arithmetic(stand: Stand, owner: Client) -> None:
    rows = {"rows": "LAMP;11.00\nNONE;5\nx"}
    page = said(owner.post(LIST, {**rows, "do": "preview"}).content)
    assert "This would be written 1 new, 1 refused" in page
    assert "there is no such SKU" in page
    assert "Line 3 no price" in page
    work()
    assert stand.shelves.priced == []
    file = SimpleUploadedFile("prices.csv", b"sku,price,compare_at\nLAMP,11.00,15.00\n")
    assert "Written 1 new" in said(owner.post(LIST, {"do": "write", "file": file}).content)
    work()
    assert stand.shelves.costs("east", "LAMP") == 1100
    assert "followed by east" in text(owner, "/prices")
    assert "LAMP" in text(owner, f"{LIST}?q=LA")
    page = text(owner, "/prices/skus/LAMP")
    assert "Price of Retail €11.00 Is to cost €11.00" in page
    assert "What covers its cost is not known" in page
    assert "in step" in text(owner, f"{SHOP}?q=LAMP")
    assert owner.post(LIST, {"do": "write", "rows": ""}).status_code == 422


def test_what_is_held_back_is_let_through_by_a_form_with_a_reason(stand: Stand, owner: Client) -> None:
    owner.post(LIST, {"do": "write", "rows": "LAMP;1.00"})
    work()
    assert "EUR 1.00 is 90 % less than the EUR 10.00 it costs there" in text(owner, "/prices/blocked")
    assert "1 held back" in text(owner, "/prices")
    assert owner.post(SHOP, {"do": "let", "listing": "L-LAMP"}).status_code == 422
    answer = owner.post(SHOP, {"do": "let", "listing": "L-LAMP", "because": "clearing"})
    assert answer.headers["Location"] == f"{SHOP}?show=blocked"
    work()
    assert stand.shelves.costs("east", "LAMP") == 100
    assert "No guard holds a price back." in text(owner, f"{SHOP}?show=blocked")


def test_a_change_that_is_held_as_one_is_decided_on_the_page(stand: Stand, owner: Client) -> None:
    owner.post(LIST, {"do": "write", "rows": "LAMP;10\nBULB;10"})
    for decision, cost in (("withdraw", 1000), ("let", 100)):
        assert "Held: nothing is written" in said(
            owner.post(LIST, {"do": "write", "rows": "LAMP;1\nBULB;1"}).content
        )
        assert "2 of 2 prices would change by more than 30 %." in text(owner, "/prices")
        ((held,),) = sql.run("select id from channels_price_batch where state = 'held'")
        owner.post(f"/prices/changes/{held}", {"do": decision, "because": "seen"})
        work()
        assert stand.shelves.costs("east", "BULB") == cost


def test_a_shop_s_rule_and_a_sale_are_plain_forms(stand: Stand, owner: Client) -> None:
    owner.post(LIST, {"do": "write", "rows": "LAMP;10,00"})
    rule = {
        "price_list": "Retail",
        "mode": "live",
        "factor": "1.1",
        "step": "1.00",
        "ending": "0.99",
        "fee_percent": "15",
        "tax_percent": "19",
        "margin_percent": "2,5",
        "change_percent": "40",
        "period_days": "7",
        "time_zone": "Europe/Berlin",
    }
    assert owner.post(SHOP, rule).status_code == 302
    assert owner.post(SHOP, {**rule, "factor": "much"}).status_code == 422
    work()
    assert stand.shelves.costs("east", "LAMP") == 1099
    sale = {
        "do": "sale",
        "sku": "LAMP",
        "price": "9",
        "starts_at": "2026-01-01T08:00",
        "ends_at": "2026-01-01T09:00",
    }
    assert owner.post(LIST, sale).status_code == 422
    assert owner.post(LIST, {**sale, "ends_at": "soon"}).status_code == 422
    owner.post(LIST, {**sale, "starts_at": "2099-01-01T08:00", "ends_at": "2099-01-02T08:00"})
    page = text(owner, LIST)
    assert "there 09:00 on 1 Jan in Europe/Berlin to 09:00 on 2 Jan in Europe/Berlin" in page
    ((number,),) = sql.run("select id from channels_sale")
    owner.post(LIST, {"do": "withdraw", "sale": str(number)})
    assert "None is on or planned." in text(owner, LIST)
    made = {"name": "Trade", "currency": "pln", "far_percent": "30", "far_rows": "10"}
    assert owner.post("/prices", made).headers["Location"] == "/prices/lists/Trade"
    assert owner.post("/prices", {**made, "far_rows": "x"}).status_code == 422


def test_what_a_sale_shows_is_a_rule_of_the_list_and_explained(stand: Stand, owner: Client) -> None:
    assert "During a sale shops show its price alone." in text(owner, LIST)
    rules = {"far_percent": "30", "far_rows": "2", "market": "de", "shows_was": "1"}
    assert owner.post("/prices/rules/Retail", {**rules, "market": ""}).status_code == 422
    assert owner.post("/prices/rules/Retail", rules).headers["Location"] == LIST
    assert "the lowest one of the 30 days before" in text(owner, LIST)
    owner.post(LIST, {"do": "write", "rows": "sku;price;compare_at\nLAMP;10.00;12.00"})
    sale = {"starts_at": "2098-12-01T08:00", "ends_at": "2099-01-01T09:00"}
    owner.post(LIST, {"do": "sale", "sku": "LAMP", "price": "9", **sale})
    sql.run("update channels_sale set starts_at = clock_timestamp()")
    work()
    page = text(owner, "/prices/skus/LAMP")
    assert "Shown as its price before: What it cost there in the 30 days before is only known since" in page
    assert "€9.00, instead of €10.00" in page
    assert "€9.00 €10.00" in text(owner, f"{SHOP}?q=LAMP")


def test_prices_that_do_not_get_there_are_cards_until_they_do(stand: Stand, owner: Client) -> None:
    stand.shelves.says = {"L-LAMP": Taken("L-LAMP", "refused", "It is archived.")}
    owner.post(LIST, {"do": "write", "rows": "LAMP;11.00\nBULB;1.00"})
    sql.run("update channels_listing set confirmed = 4")
    work()
    page = text(owner, "/exceptions")
    assert "east does not take 1 price" in page
    assert "It still sells at another one. The newest: It is archived." in page
    assert "held back" not in page, "who wrote it is most likely at it"
    sql.run("update channels_listing_price set blocked_at = blocked_at - interval '2 hours'")
    page = text(owner, "/exceptions")
    assert "1 price held back from east" in page
    group = text(owner, "/exceptions/prices?of=east+does+not+take")
    assert "LAMP It is archived. €4.00" in group

    stand.shelves.says = {}
    assert owner.post(SHOP, {"do": "push"}).status_code == 422
    owner.post(SHOP, {"do": "push", "listing": "L-LAMP"})
    owner.post(SHOP, {"do": "let", "listing": "L-BULB", "because": "clearing"})
    work()
    page = text(owner, "/exceptions")
    assert "does not take" not in page
    assert "held back" not in page

    owner.post(LIST, {"do": "write", "rows": "LAMP;2\nBULB;9"})
    sql.run("update channels_price_batch set made_at = made_at - interval '2 hours'")
    assert "Retail holds 1 change of prices" in text(owner, "/exceptions")
