"""The pages of products and of the quality of their data."""

import re

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from tests.channels.conftest import a_stand
from tests.console.conftest import Page
from tests.quality.conftest import look

from quartermaster.catalog.actions import save_sku
from quartermaster.catalog.queries import states
from quartermaster.catalog.rules.skus import Draft
from quartermaster.channels.actions import push_contents, read_contents_back
from quartermaster.core import sql
from quartermaster.core.moment import now
from quartermaster.quality.actions import look_at_all

pytestmark = pytest.mark.django_db


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return " ".join(Page(answer.content.decode()).text.split())


@pytest.fixture
def goods() -> None:
    whole = {"title": "Brass lamp", "length_mm": 300, "width_mm": 200, "height_mm": 150, "hs_code": "9405.11"}
    whole |= {"origin_country": "DE", "cost_minor": 900, "currency": "EUR"}
    for code, grams in (("LAMP", 2), ("LAMP/2", 1200)):
        facts = {**whole, "title": f"The {code}", "weight_g": grams, "barcodes": {f"B{grams}": 1}}
        save_sku(Draft(code=code, **facts), at=now(), by="user:1")  # type: ignore[arg-type]
    look_at_all()
    look()


def weight() -> object:
    return states(["LAMP"])["LAMP"].facts["weight_g"]


def test_what_is_wrong_is_shown_by_cause_and_mended_and_taken_back(goods: None, owner: Client) -> None:
    assert "1 of 2 products lacks something" in text(owner, "/products")
    page = text(owner, "/products/causes/weight-off")
    assert "2000 as kilograms it is 2000 g" in page
    answer = owner.post("/products/causes/weight-off", {"what": "all"}, follow=True)
    assert "1 changed" in answer.content.decode()
    assert weight() == 2000
    look()
    assert "Nothing is wrong" in text(owner, "/products")
    changes = text(owner, "/products/changes")
    assert "Fixed" in changes
    number = "".join(sign for sign in changes.split("When")[1].split("Fixed")[0] if sign.isdigit())
    assert "Weight, g 2 → 2000" in text(owner, f"/products/changes/{number}")
    owner.post(f"/products/changes/{number}", {"what": "undo"})
    assert weight() == 2
    assert "taken back" in text(owner, f"/products/changes/{number}")


def test_a_product_shows_its_findings_and_one_is_let_be_with_a_reason(goods: None, owner: Client) -> None:
    page = text(owner, "/products/sku/LAMP")
    assert "85 of 100" in page
    assert "Implausible weight" in page
    assert "100 of 100" in text(owner, "/products/sku/LAMP/2")
    (number,) = {
        given["value"]
        for name, given in Page(owner.get("/products/sku/LAMP").content.decode()).elements
        if name == "input" and given.get("name") == "finding"
    }
    owner.post("/products/sku/LAMP", {"what": "ignore", "finding": number, "because": "it floats"})
    page = text(owner, "/products/sku/LAMP")
    assert "100 of 100" in page
    assert "it floats" in page
    owner.post("/products/sku/LAMP", {"what": "look", "finding": number})
    assert "85 of 100" in text(owner, "/products/sku/LAMP")
    assert owner.get("/products/sku/NONE").status_code == 404
    assert owner.get("/products/causes/nothing").status_code == 404


def test_rules_are_tried_before_they_are_kept(goods: None, owner: Client) -> None:
    rules = {"title_pattern": "^The LAMP$", "code_pattern": "", "version": "0", "on": ["title-rule"]}
    answer = owner.post("/products/naming", {**rules, "what": "try"})
    assert "1 product would break it" in " ".join(answer.content.decode().split())
    assert owner.post("/products/naming", {**rules, "title_pattern": "("}).status_code == 422
    assert owner.post("/products/naming", {**rules, "because": ""}).status_code == 422
    owner.post("/products/naming", {**rules, "because": "house style"})
    look()
    assert "Title against your rule" in text(owner, "/products")
    assert "house style" in text(owner, "/products/naming")
    assert owner.post("/products/naming", {**rules, "because": "again"}).status_code == 409


TABLE = "/products/table?cols=weight_g,title"


def _form(html: str) -> dict[str, str]:
    """The fields of the last form that has cells."""
    named = [given for name, given in Page(html).elements if name == "input" and given.get("name")]
    return {
        given["name"]: given.get("value", "")
        for given in named
        if given["name"].partition(":")[0] in ("code", "version", "cell")
    }


def test_cells_are_edited_in_a_table_looked_at_and_applied(goods: None, owner: Client) -> None:
    form = _form(owner.get(TABLE).content.decode())
    assert (form["code:0"], form["cell:0:weight_g"], form["cell:1:title"]) == ("LAMP", "2", "The LAMP/2")
    assert "Nothing would change" in owner.post(TABLE, form).content.decode()
    answer = owner.post(TABLE, {**form, "cell:0:weight_g": "2000", "cell:1:title": ""})
    page = answer.content.decode()
    assert "2 products would change" in page
    assert weight() == 2
    kept = _form(page)
    assert set(kept) == {"code:0", "version:0", "cell:0:weight_g", "code:1", "version:1", "cell:1:title"}
    save_sku(Draft(code="LAMP/2", title="Another"), at=now(), by="user:2")
    result = owner.post(TABLE, {**kept, "what": "apply"}, follow=True).content.decode()
    assert "1 changed, 1 refused" in result
    assert "somebody changed the SKU meanwhile" in result
    assert (weight(), states(["LAMP/2"])["LAMP/2"].facts["title"]) == (2000, "Another")
    assert owner.post(TABLE, {"what": "apply"}).status_code == 422


def test_a_table_is_filtered_and_its_columns_stand_in_the_address(goods: None, owner: Client) -> None:
    assert "LAMP/2" not in text(owner, "/products/table?cause=weight-off")
    assert set(_form(owner.get("/products/table?q=lamp/&col=origin_country").content.decode())) == {
        *("code:0", "version:0", "cell:0:origin_country")
    }
    assert "No product here" in text(owner, "/products/table?q=%25")


def test_a_file_is_taken_edited_brought_back_looked_at_and_applied(goods: None, owner: Client) -> None:
    address = "/products/table.csv?cols=weight_g,barcodes"
    written = owner.get(address).content.decode("utf-8-sig")
    assert written.splitlines()[0] == "sku,version,weight_g,barcodes"
    same = owner.post("/products/file", {"file": ContentFile(written.encode(), "products.csv")}, follow=True)
    assert "The file changes nothing" in same.content.decode()
    lines = written.replace("LAMP,1,2,", "LAMP,1,2000,") + ",,5,\nNONE,,7,\n"
    page = owner.post("/products/file", {"file": ContentFile(lines.encode(), "p.csv")}, follow=True)
    told = " ".join(Page(page.content.decode()).text.split())
    assert "2 rows of the file say something new" in told
    assert "1 cannot be read" in told
    assert "there is no SKU NONE" in told
    assert weight() == 2
    where = page.redirect_chain[-1][0]
    result = owner.post(where, follow=True).content.decode()
    assert "1 changed, 2 refused" in result
    assert weight() == 2000
    assert owner.get(where).status_code == 302
    bad = owner.post("/products/file", {"file": ContentFile(b"title\nx\n", "p.csv")})
    assert (bad.status_code, b"no column is named sku" in bad.content) == (422, True)
    assert owner.post("/products/file").status_code == 422


def test_ours_is_pushed_to_a_shop_seen_there_and_put_back(
    goods: None, owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand = a_stand(monkeypatch)
    stand.shelves.write_by_hand("east", "LAMP", "title", "LAMP sale!!")
    stand.offer("LAMP", slugs=["east"])
    look()
    page = owner.get("/products/differences?field=title").content.decode()
    ((listing, seen),) = re.findall(r'name="seen" value="(\d+)\.(\w+)"', page)
    form = {"field": "title", "listing": listing, "seen": f"{listing}.{seen}", "because": "as printed"}
    result = owner.post("/products/differences", {**form, "what": "push"}, follow=True)
    where = result.redirect_chain[-1][0]
    push = where.removeprefix("/products/told?push=")
    assert f"Push {push}: 1 on the way" in result.content.decode()
    assert "waiting" in text(owner, "/products/differences?field=title")
    push_contents()
    assert "sent, to be seen" in text(owner, "/products/told?show=waiting")
    sql.run("update channels_content set next_at = now() - interval '1 hour'")
    read_contents_back()
    assert stand.shelves.text("east", "LAMP", "title") == "The LAMP"
    told = text(owner, where)
    assert "as printed" in told
    assert "confirmed" in told
    assert "confirmed" in text(owner, "/products/sku/LAMP")
    assert "No other title anywhere" in text(owner, "/products/differences?field=title")
    owner.post(f"/products/told/{push}", {"what": "undo"})
    push_contents()
    assert stand.shelves.text("east", "LAMP", "title") == "LAMP sale!!"
    assert "put back" in text(owner, where)
    assert owner.get("/products/told?push=99999999").status_code == 404
    assert owner.post(f"/products/told/{push}").status_code == 409
    assert owner.post("/products/differences", {**form, "listing": "9", "what": "push"}).status_code == 409


def test_what_was_changed_in_the_shop_meanwhile_is_an_exception_until_it_is_dealt_with(
    goods: None, owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand = a_stand(monkeypatch)
    stand.shelves.write_by_hand("east", "LAMP", "title", "LAMP sale!!")
    stand.offer("LAMP", slugs=["east"])
    for by_hand in ("LAMP, last ones", ""):
        ((listing,),) = sql.run("select id from channels_listing")
        owner.post("/products/differences", {"field": "title", "listing": str(listing), "what": "push"})
        if by_hand:
            stand.shelves.write_by_hand("east", "LAMP", "title", by_hand)
        push_contents()
        is_there = "east does not say 1 thing it was told" in text(owner, "/exceptions")
        assert is_there == bool(by_hand)
    page = text(owner, "/products/told?show=trouble")
    assert "The shop says “LAMP, last ones” by now" in page
