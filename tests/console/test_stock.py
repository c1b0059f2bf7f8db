"""Stock and search."""

from django.test import Client
from tests.console.conftest import Page, Shop
from tests.console.test_orders import text

from quartermaster.catalog.models import Sku
from quartermaster.core import sql


def test_levels_are_shown_by_sku_and_site(shop: Shop, owner: Client):
    shop.sell(("LAMP-BK", 2))
    seen = text(owner, "/stock")
    assert "LAMP-BK Harbour lamp, black BER 3 2 0 1 0" in seen
    assert "SET-TEA Tea set: tray and four mugs a kit, served by its parts" in seen


def test_a_sku_is_found_by_the_beginning_of_its_code_or_its_barcode(shop: Shop, owner: Client):
    assert "Harbour lamp, brass" in text(owner, "/stock?q=lamp-b")
    assert "Harbour lamp, black" in text(owner, "/stock?q=4012345000001")
    assert "No SKU begins with “100%”" in text(owner, "/stock?q=100%25")


def test_long_lists_go_on_where_they_stopped(shop: Shop, owner: Client):
    Sku.objects.bulk_create(Sku(code=f"Z-{n:03}", title="more") for n in range(40))
    first = text(owner, "/stock")
    assert "Z-000" in first
    assert "Z-039" not in first
    assert "Z-039" in text(owner, "/stock?after=Z-018")


def test_a_sku_explains_what_can_be_sold_and_who_has_the_rest(shop: Shop, owner: Client):
    number = shop.sell(("LAMP-BK", 2))

    seen = text(owner, "/stock/LAMP-BK")

    assert "10 can be sold now: BER 1, MUC 9." in seen
    assert "3 sellable − 2 reserved − 0 kept back" in seen
    assert "+3 a supplier BER opening stock import:1 import 1" in seen
    assert number in seen


def test_a_kit_names_its_parts(shop: Shop, owner: Client):
    assert "One kit takes MUG-ST Stoneware mug, sand 4 TRAY-OAK Oak tray 1" in text(owner, "/stock/SET-TEA")


def test_a_sku_nobody_knows_is_refused_in_words(owner: Client):
    for code in ("NOPE", "a/b", "%00", "x" * 5000):
        answer = owner.get(f"/stock/{code}")
        assert answer.status_code == 404
        assert "There is no SKU" in answer.content.decode()


def test_search_opens_the_one_thing_that_has_this_name(shop: Shop, owner: Client):
    number = shop.sell(("MUG-ST", 1))
    external_id = str(next(iter(shop.channel.orders)))
    for asked in (number, number.lower(), number.removeprefix("SO-"), external_id):
        assert owner.get("/search", {"q": asked}).headers["Location"] == f"/orders/{number}", asked
    assert owner.get("/search", {"q": "4012345000001"}).headers["Location"] == "/stock/LAMP-BK"


def test_search_hangs_what_it_found_below_the_box(shop: Shop, owner: Client):
    answer = owner.get("/search", {"q": "LAMP"}, headers={"HX-Request": "true"})
    html = answer.content.decode()
    assert html.count('role="option"') == 2
    assert "<html" not in html
    assert (
        "Nothing has this"
        in owner.get("/search", {"q": "%\0"}, headers={"HX-Request": "true"}).content.decode()
    )


def test_a_lead_says_how_long_lots_must_be_good_for_a_channel(shop: Shop, owner: Client):
    ((slug,),) = sql.run("select slug from inbox_connection order by id limit 1")
    form = {"channel": slug, "days": "90", "because": "their terms"}
    seen = Page(owner.post("/stock/shelf-life", form, follow=True).content.decode()).text
    assert "every SKU 90 days their terms" in " ".join(seen.split())
    assert owner.post("/stock/shelf-life", {**form, "days": "many"}).status_code == 422
    owner.post("/stock/shelf-life", {**form, "days": ""})
    assert sql.run("select 1 from stock_shelf_life") == []
