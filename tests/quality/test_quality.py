"""Products looked at, mended, let be, and graded, over the database."""

from datetime import timedelta

import pytest
from tests.channels.conftest import AT, Stand, examined
from tests.quality.conftest import found, look

from quartermaster.catalog.actions import Kit, save_sku, save_skus, set_kits, undo_edit
from quartermaster.catalog.queries import states
from quartermaster.catalog.queries.edits import edit
from quartermaster.catalog.rules.skus import Draft
from quartermaster.channels.actions import map_listing, push_contents, read_contents_back
from quartermaster.channels.actions.pull import know_goods
from quartermaster.channels.ports import Listing
from quartermaster.channels.queries.contents import contents
from quartermaster.core import sql
from quartermaster.core.errors import Invalid
from quartermaster.core.models import EventRow
from quartermaster.quality.actions import (
    BadPattern,
    NothingDiffers,
    fix_findings,
    ignore,
    look_after_all,
    look_at_all,
    notice_sales,
    push_ours,
    set_naming,
    take_theirs,
    weigh,
)
from quartermaster.quality.actions.fix import NothingToFix
from quartermaster.quality.actions.lint import follow_skus
from quartermaster.quality.queries import differences
from quartermaster.quality.queries import findings as read
from quartermaster.testing.builders import SOLD_AT, an_order, flow

pytestmark = pytest.mark.django_db
WHOLE: dict[str, object] = {
    "title": "Brass lamp",
    "weight_g": 1200,
    "length_mm": 300,
    "width_mm": 200,
    "height_mm": 150,
    "cost_minor": 900,
    "currency": "EUR",
    "hs_code": "9405.11",
    "origin_country": "DE",
}


def saved(code: str, **different: object) -> None:
    save_sku(Draft(code=code, **{**WHOLE, "title": f"A {code}", **different}), at=AT, by="user:3")  # type: ignore[arg-type]
    look_at_all(only_new=True)
    look()


def number_of(code: str, cause: str) -> int:
    (one,) = [each for each in read.of_sku(code) if each.cause == cause]
    return one.id


def test_a_fix_is_one_change_that_can_be_taken_back():
    saved("LAMP", weight_g=2, barcodes={"4006381-333931": 1})
    saved("BULB", barcodes={"5901234123457": 1})
    assert (found("LAMP"), found("BULB")) == (["barcode-form", "weight-off"], [])
    assert read.grade("LAMP").score == 75
    fixed = fix_findings([number_of("LAMP", "weight-off")], at=AT, by="user:3")
    look()
    assert found("LAMP") == ["barcode-form"]
    assert states(["LAMP"])["LAMP"].facts["weight_g"] == 2000
    assert fixed.edit is not None
    undo_edit(fixed.edit, at=AT, by="user:3")
    look_at_all()
    look()
    assert found("LAMP") == ["barcode-form", "weight-off"]


def test_all_of_a_cause_are_fixed_at_once_row_by_row():
    for n in range(3):
        saved(f"L{n}", barcodes={f"400638133393{n}-": 1} if n != 1 else {"4006381-333931": 1})
    saved("TAKEN", barcodes={"4006381333931": 1})
    counted = {one.cause: (one.open, one.fixable) for one in read.counts()}
    assert counted["barcode-form"] == (1, 1)
    fixed = fix_findings(cause="barcode-form", at=AT, by="user:3")
    assert fixed.edit is not None
    assert (edit(fixed.edit).changed, edit(fixed.edit).refused) == (0, 1)
    with pytest.raises(NothingToFix):
        fix_findings(cause="no-weight", at=AT, by="user:3")


def test_a_fix_of_what_changed_meanwhile_is_refused():
    saved("LAMP", weight_g=2, barcodes={"4006381333931": 1})
    save_sku(Draft(code="LAMP", weight_g=3), at=AT, by="user:4")
    fixed = fix_findings([number_of("LAMP", "weight-off")], at=AT, by="user:3")
    assert fixed.edit is not None
    assert (edit(fixed.edit).changed, edit(fixed.edit).refused) == (0, 1)


def test_what_is_let_be_costs_nothing_until_it_says_something_else():
    saved("LAMP", weight_g=None, barcodes={"1": 1})
    number = number_of("LAMP", "no-weight")
    with pytest.raises(Invalid):
        ignore([number], because=" ", at=AT, by="user:3")
    ignore([number], because="a download", at=AT, by="user:3")
    assert read.grade("LAMP").score == 100
    look_at_all()
    look()
    assert read.grade("LAMP").score == 100
    look_after_all([number], at=AT, by="user:3")
    assert read.grade("LAMP").score == 80
    ignore([number], because="a download", at=AT, by="user:3")
    save_sku(Draft(code="LAMP", weight_g=0), at=AT, by="user:3")
    look_at_all()
    look()
    assert read.grade("LAMP").score == 80
    assert EventRow.objects.filter(name="FindingIgnored").count() == 3


def test_two_skus_with_one_number_or_the_same_variant_know_of_each_other():
    saved("LAMP", barcodes={"4006381333931": 1}, title="Lamp", product="L", options={"colour": "brass"})
    saved("LAMP-2", barcodes={"04006381333931": 1}, title="Lamp 2", product="L", options={"colour": "brass"})
    look()
    assert found("LAMP") == found("LAMP-2") == ["barcode-twice", "same-variant"]
    save_sku(
        Draft(code="LAMP-2", without=("04006381333931",), options={"colour": "steel"}), at=AT, by="user:3"
    )
    sku_id = states(["LAMP-2"])["LAMP-2"].id
    sql.run("insert into quality_dirty (sku_id) values (%s)", (sku_id,))
    look()
    assert (found("LAMP"), found("LAMP-2")) == ([], ["no-barcode"])


def test_the_river_has_changes_looked_at(stand: Stand):
    saved("LAMP", barcodes={"1": 1})
    saved("SET", barcodes={"2": 1}, weight_g=None)
    set_kits([Kit("SET", {"LAMP": 2})], at=AT, by="user:3")
    flow()
    look()
    assert found("SET") == []
    save_sku(Draft(code="LAMP", is_active=False), at=AT, by="user:3")
    flow()
    look()
    assert found("SET") == ["kit-broken"]
    assert examined() == {}


def test_a_listing_without_a_sku_is_found_and_mapped_by_its_barcode(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
):
    saved("LAMP", barcodes={"4006381333931": 1})
    shown = stand.shelves._shown

    def with_barcode(slug: str, code: str) -> Listing:
        one = shown(slug, code)
        return Listing(one.name, one.code, one.title, one.quantity, 1000, "EUR", barcode="4006381333931")

    monkeypatch.setattr(stand.shelves, "_shown", with_barcode)
    stand.offer("ODD", slugs=["east"])
    look()
    (orphan,) = read.findings(cause="orphan").items
    assert (orphan.connection, orphan.listing, orphan.sku) == ("east", "L-ODD", None)
    assert orphan.fix is not None
    assert orphan.fix.after == "LAMP"
    assert fix_findings(cause="orphan", at=AT, by="user:3").mapped == 1
    look()
    assert read.findings(cause="orphan").items == []
    assert read.grade("LAMP").channels["east"].percent == 100
    assert examined() == {}


def test_what_a_shop_sold_and_does_not_list_is_found(stand: Stand):
    saved("LAMP", barcodes={"1": 1})
    an_order(("LAMP", 2))
    sql.run(
        "insert into channels_shop (connection_id, next_at) "
        "select id, now() from inbox_connection where slug = 'acme'"
    )
    know_goods(at=AT)
    notice_sales(at=SOLD_AT + timedelta(days=1))
    look()
    assert found("LAMP") == []  # the shop's listings were not read yet
    sql.run("update channels_goods set read_at = now()")
    look_at_all()
    look()
    assert found("LAMP") == ["not-listed"]
    notice_sales(at=SOLD_AT + timedelta(days=200))
    look()
    assert found("LAMP") == []
    assert weigh() == 1
    assert read.grade("LAMP").at_risk_minor > 0


def test_naming_rules_are_kept_in_versions_and_all_is_looked_at_anew():
    saved("LAMP", barcodes={"1": 1})
    with pytest.raises(BadPattern) as refusal:
        set_naming(title_pattern="(", code_pattern="", off=[], because="x", at=AT, by="user:1")
    assert "title_pattern" in refusal.value.errors
    set_naming(title_pattern="^Lamp", code_pattern="^L", off=["no-cost"], because="house", at=AT, by="user:1")
    look()
    assert found("LAMP") == ["title-rule"]
    set_naming(title_pattern="", code_pattern="", off=["title-rule"], because="no", at=AT, by="user:1")
    look()
    assert found("LAMP") == []


def test_what_is_worth_most_is_mended_first(stand: Stand):
    saved("CHEAP", hs_code="", barcodes={"1": 1})
    saved("DEAR", hs_code="", barcodes={"2": 1})
    saved("FINE", barcodes={"3": 1})
    an_order(("DEAR", 5), ("FINE", 9))
    weigh()
    assert [one.sku for one in read.worth_mending()] == ["DEAR", "CHEAP"]
    assert (read.stands().products, read.stands().whole) == (3, 1)


def test_a_batch_costs_the_same_number_of_statements_whatever_its_size():
    def cost(count: int) -> int:
        drafts = [Draft(code=f"C{count}-{n}", title=f"{count} {n}") for n in range(count)]
        save_skus(drafts, at=AT, by="user:3")
        look_at_all(only_new=True)
        with sql.counted() as statements:
            look()
        return len(statements)

    assert cost(3) == cost(30)


def test_nothing_is_followed_without_a_change():
    follow_skus([])
    assert sql.run("select count(*) from quality_dirty") == [(0,)]


def test_what_a_shop_says_differently_is_shown_and_taken_over_and_back(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
):
    saved("LAMP", barcodes={"4006381333931": 1})
    saved("BULB", barcodes={"5901234123457": 1})

    def shown(slug: str, code: str) -> Listing:
        is_lamp = code == "LAMP"
        return Listing(
            f"L-{code}", code, f"A {code}", 1,
            barcode="04006381333931" if is_lamp else "96385074", weight_g=1300 if is_lamp else 1201,
        )  # fmt: skip

    monkeypatch.setattr(stand.shelves, "_shown", shown)

    def counts() -> dict[str, int]:
        flow()
        look()
        assert examined() == {}
        return {**differences.counts()}

    stand.offer("LAMP", "BULB", slugs=["east"])
    assert counts() == {"title": 0, "barcodes": 1, "weight_g": 1}
    (lamp,) = differences.of_sku("LAMP")
    assert (lamp.connection, lamp.field, lamp.ours, lamp.theirs) == ("east", "weight_g", "1200", "1300")
    (bulb,) = differences.differences("barcodes").items
    number = take_theirs([lamp.id, bulb.id], "weight_g", at=AT, by="user:3")
    assert (edit(number).kind, edit(number).changed) == ("listing", 1)
    take_theirs([bulb.id], "barcodes", at=AT, by="user:3")
    assert states(["LAMP"])["LAMP"].facts["weight_g"] == 1300
    assert states(["BULB"])["BULB"].facts["barcodes"] == {"5901234123457": 1, "96385074": 1}
    assert counts() == {"title": 0, "barcodes": 0, "weight_g": 0}
    with pytest.raises(NothingDiffers):
        take_theirs([lamp.id], "weight_g", at=AT, by="user:3")
    undo_edit(number, at=AT, by="user:3")
    assert counts()["weight_g"] == 1
    sql.run("update channels_listing set title = 'Another' where code = 'BULB'")
    assert counts()["title"] == 1
    map_listing("east", "L-LAMP", sku="", at=AT, by="user:3")
    assert counts() == {"title": 1, "barcodes": 0, "weight_g": 0}
    assert [one.listing for one in differences.differences("title").items] == ["L-BULB"]
    sql.run("delete from quality_differing")
    assert list(examined()) == ["quality.differences"]


def test_what_we_say_is_pushed_to_the_shops_that_say_otherwise_and_differs_no_more(stand: Stand):
    saved("LAMP", barcodes={"4006381333931": 1, "14006381333938": 12})
    saved("BULB", barcodes={"5901234123457": 1, "96385074": 1})
    saved("CORD", title="Cord")
    for code, field, text in (("LAMP", "barcode", "96385074"), ("BULB", "barcode", "4006381333931")):
        stand.shelves.write_by_hand("east", code, field, text)
    for code in ("LAMP", "BULB"):
        stand.shelves.write_by_hand("east", code, "title", f"A {code}")
    stand.offer("LAMP", "BULB", "CORD", slugs=["east"])
    look()
    bulb, lamp = differences.differences("barcodes").items
    push = push_ours({lamp.id: lamp.seen, bulb.id: bulb.seen}, "barcodes", because="GS1", at=AT, by="user:3")
    told = {one.sku: one for one in contents(push=push).items}
    assert (told["LAMP"].state, told["LAMP"].wanted) == ("due", "4006381333931"), "a case is not sold"
    assert (told["BULB"].state, "guesses one" in told["BULB"].because) == ("refused", True)
    while push_contents() + read_contents_back():
        pass
    sql.run("update channels_content set next_at = now() - interval '1 hour'")
    read_contents_back()
    assert [one.sku for one in differences.differences("barcodes").items] == ["BULB"]
    (cord,) = differences.differences("title").items
    save_sku(Draft(code="CORD", title="Cable"), at=AT, by="user:3")
    seen = push_ours({cord.id: cord.seen}, "title", at=AT, by="user:3")
    assert [one.state for one in contents(push=seen).items] == ["changed"], "the person saw something else"
    assert stand.shelves.sent_contents("east") == [("L-LAMP", "barcode", "4006381333931")]
    with pytest.raises(NothingDiffers):
        push_ours({lamp.id: ""}, "barcodes", at=AT, by="user:3")
