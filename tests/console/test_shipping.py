"""The shipping pages: what waits, one parcel with its why, and what can be done without JavaScript."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils.timezone import now
from tests.console.conftest import Page
from tests.shipping.conftest import labels, parcel_state, work

from quartermaster.core import sql
from quartermaster.shipping.actions import move_labels, raise_claim
from quartermaster.testing.builders import a_location, a_sku, an_order, flow
from quartermaster.testing.parcels import a_packed_parcel

type Pack = Callable[..., int]


def text(owner: Client, address: str) -> str:
    return " ".join(Page(owner.get(address).content.decode()).text.split())


@pytest.fixture
def pack(db: None) -> Pack:
    a_location("BER")
    a_sku("LAMP", BER=100)

    def pack(**different: object) -> int:
        return a_packed_parcel(an_order(("LAMP", 2)), **different)

    return pack


def said(owner: Client, address: str, **fields: str) -> str:
    """Post a form and read the page it leads to."""
    answer = owner.post(address, fields, follow=True)
    assert answer.status_code == 200, answer.content.decode()[:500]
    return " ".join(Page(answer.content.decode()).text.split())


def test_an_empty_house_says_what_will_come(owner: Client):
    assert "No parcel waits to leave" in text(owner, "/ship")


def test_parcels_stand_where_they_wait(pack: Pack, owner: Client):
    waiting = pack()
    assert f"P-{waiting}" in text(owner, "/ship").partition("Ready to label")[2]

    work()
    refused = pack(weight_g=90_000)
    work()
    seen = text(owner, "/ship")

    assert f"P-{refused}" in seen.partition("No carrier took these")[2].partition("Labelled")[0]
    assert f"P-{waiting}" in seen.partition("Labelled, not scanned out")[2]
    assert "Print 1 new label" in seen


def test_a_parcel_explains_the_service_it_goes_with(pack: Pack, owner: Client):
    parcel_id = pack()
    work()
    seen = text(owner, f"/parcels/P-{parcel_id}")

    assert "Post Packet: EUR 3.50, the cheapest of 4." in seen
    assert "zone Home, 800 g: EUR 3.50" in seen
    assert "LAMP" in seen
    assert sql.run("select tracking_number from warehouse_parcel")[0][0] in seen


def test_another_service_is_bought_with_a_reason_and_not_without(pack: Pack, owner: Client):
    sql.run("select setval(pg_get_serial_sequence('shipping_label', 'id'), 8)")  # then 9, 10
    parcel_id = pack()
    work()
    refused = owner.post(f"/parcels/P-{parcel_id}/label", {"service": "express/economy", "because": " "})
    assert refused.status_code == 422

    seen = said(
        owner, f"/parcels/P-{parcel_id}/label", service="express/economy", because="she is in a hurry"
    )
    assert "is being bought" in seen
    work()

    assert labels() == [("voided", "post packet"), ("bought", "express economy")]
    assert "Express Economy by hand" in text(owner, f"/parcels/P-{parcel_id}")


def test_a_label_is_given_back_and_the_page_says_so(pack: Pack, owner: Client):
    parcel_id = pack()
    work()

    assert "is being given back" in said(owner, f"/parcels/P-{parcel_id}/void", because="smudged")
    work()

    assert labels() == [("voided", "post packet")]
    assert "It has no label." in text(owner, f"/parcels/P-{parcel_id}")


def test_refused_labels_are_asked_for_again_at_once(pack: Pack, owner: Client):
    parcel_id = pack(weight_g=90_000)
    work()
    sql.run("update warehouse_parcel set weight_g = 900")

    assert "Asked again for 1 label." in said(owner, "/ship/again")
    work()

    assert parcel_state(parcel_id) == "labelled"


def test_a_parcel_is_scanned_out_and_leaves_with_its_manifest(pack: Pack, owner: Client):
    parcel_id = pack()
    work()

    assert f"P-{parcel_id} is on M-" in said(owner, "/ship/scan", code=f"P-{parcel_id}")
    ((manifest,),) = sql.run("select id from shipping_manifest")
    assert "1 parcel left" in said(owner, f"/manifests/M-{manifest}/close")

    assert parcel_state(parcel_id) == "handed_over"
    assert owner.post("/ship/scan", {"code": "nothing"}).status_code == 404
    assert "The carrier has it." in text(owner, f"/parcels/P-{parcel_id}")


def test_papers_open_in_the_browser(pack: Pack, owner: Client):
    parcel_id = pack()
    work()

    for address in (
        f"/parcels/P-{parcel_id}/label.pdf",
        f"/parcels/P-{parcel_id}/slip.pdf",
        "/ship/labels.pdf",
    ):
        answer = owner.get(address)
        assert answer.headers["Content-Type"] == "application/pdf", address
        assert answer.content.startswith(b"%PDF"), address
    assert owner.get(f"/parcels/P-{parcel_id}/label.zpl").content.startswith(b"^XA")
    assert owner.get(f"/parcels/P-{parcel_id}/other.pdf").status_code == 404
    assert owner.get("/parcels/P-999/slip.pdf").status_code == 404


def test_a_label_is_printed_once_with_those_that_are_new(pack: Pack, owner: Client):
    first = pack()
    work()
    assert "Print 1 new label" in text(owner, "/ship")
    for expected in (1, 0):
        answer = owner.post("/ship/labels.pdf")
        assert answer.headers["Content-Type"].startswith("application/pdf") == bool(expected)
    assert "Every label in the house has been printed." in answer.content.decode()
    assert "Print all 1 again" in text(owner, "/ship")
    pack()
    work()
    assert "Print 1 new label Print all 2, also those that were" in text(owner, "/ship")
    assert sql.run("select count(*) from core_event where name = 'LabelPrinted'") == [(1,)]
    ((order,),) = sql.run("select order_id from warehouse_parcel where id = %s", (first,))
    assert f"Label of P-{first} printed" in text(owner, f"/orders/SO-{order}")


def test_a_carrier_is_paused_after_a_look_and_resumed(pack: Pack, owner: Client):
    pack()
    work()

    seen = text(owner, "/ship/carriers/post")
    assert "1 parcel in the house has its label." in seen
    assert "Express Economy 1 parcel" in seen

    told = said(owner, "/ship/carriers/post", because="On strike.", moves_labels="1")
    assert "post is paused. Its labels are being given back." in told
    assert "On strike." in told
    move_labels(at=now())
    work()
    assert [state for state, _ in labels()] == ["voided", "bought"]
    assert "Paused" in text(owner, "/ship/carriers/post")

    assert "post is offered parcels again." in said(owner, "/ship/carriers/post/resume")
    assert owner.get("/ship/carriers/pigeon").status_code == 404

    assert "Nothing is written yet" in text(owner, "/ship/carriers/post")
    written = {"because": "Nobody fetches.", "fires_on": "20", "ends_after_h": "48", "moves_labels": "1"}
    assert "The playbook of post is kept." in said(owner, "/ship/carriers/post/playbook", **written)
    assert "once it lets 20 parcels lie" in text(owner, "/ship/carriers/post")
    assert "post is paused." in said(owner, "/ship/carriers/post/playbook/fire")
    assert "Nobody fetches. It is resumed by itself" in text(owner, "/ship/carriers/post")


def test_goods_are_restricted_and_freed_from_the_page(owner: Client):
    line = {"level": "prohibited", "because": "No lamps there", "from_on": "2026-01-01", "country": "ch"}
    assert owner.post("/ship/restricted", line).status_code == 422  # about no goods
    seen = said(owner, "/ship/restricted", **line, hs_prefix="9405.20")
    assert "The line is on the list." in seen
    assert "CH HS 940520 Prohibited No lamps there" in seen
    assert "Nothing is restricted to GB" in text(owner, "/ship/restricted?country=gb")
    ((line_id,),) = sql.run("select id from catalog_restriction")
    gone = said(owner, f"/ship/restricted/{line_id}/end", last_on="2025-12-31", because="A mistake")
    assert "No lamps there" not in gone


def test_a_parcel_abroad_is_declared_from_its_page(pack: Pack, owner: Client):
    parcel_id = pack()
    sql.run('update orders_order set ship_to = ship_to || \'{"country": "CH"}\'')
    assert "There is no EORI number for DE." in text(owner, f"/parcels/P-{parcel_id}")
    seen = said(owner, f"/parcels/P-{parcel_id}/contents", purpose="sample", **{"worth LAMP": "1,50"})
    assert "is declared as commercial sample" in seen
    assert "DE to CH, DAP, worth €3.00" in seen
    assert "Duty unknown" in seen
    assert owner.get(f"/parcels/P-{parcel_id}/postal-form.pdf").status_code == 409


def test_a_lost_parcel_is_claimed_from_its_page(pack: Pack, owner: Client):
    parcel_id = pack()
    work()
    assert "Claim from the carrier" not in text(owner, f"/parcels/P-{parcel_id}")
    sql.run("update warehouse_parcel set state = 'handed_over', handed_over_at = now()")
    assert "Claim from the carrier" in text(owner, f"/parcels/P-{parcel_id}")
    lost = {"kind": "lost", "amount": "49,00", "currency": "eur", "because": "No scan in 20 days."}
    seen = said(owner, f"/parcels/P-{parcel_id}/claim", **lost)
    assert "€49.00" in seen
    assert "post" in seen.partition("By carrier")[2]
    assert "No scan in 20 days." in text(owner, "/ship/claims?carrier=post")
    assert "No scan in 20 days." not in text(owner, "/ship/claims?carrier=express")
    answer = owner.get("/ship/claims.csv?carrier=post")
    assert 'filename="claims-post-open.csv"' in answer.headers["Content-Disposition"]
    assert owner.post(f"/parcels/P-{parcel_id}/claim", lost).status_code == 409


def test_claims_are_followed_from_the_page(pack: Pack, owner: Client):
    parcel_id = pack()
    work()
    assert "No claims here" in text(owner, "/ship/claims")
    raised = {"amount_minor": 1250, "currency": "EUR", "because": "Crushed."}
    number = raise_claim(f"P-{parcel_id}", "damaged", **raised, at=now(), by="user:1")
    assert f"{number} Damaged" in text(owner, "/ship/claims")
    assert f"{number},post" in owner.get("/ship/claims.csv").content.decode()

    assert "sent to the carrier" in said(owner, f"/ship/claims/{number}", turn="send")
    assert "credited" in said(owner, f"/ship/claims/{number}", turn="credit", credited="10,00")
    seen = text(owner, "/ship/claims?state=credited")
    assert "€12.50 back €10.00" in seen
    assert "Credited €12.50, of it back €10.00" in seen
    assert owner.post(f"/ship/claims/{number}", {"turn": "send"}).status_code == 409
    assert owner.post(f"/ship/claims/{number}", {"turn": "eat"}).status_code == 422


def test_a_label_that_has_to_wait_says_for_what(pack: Pack, owner: Client):
    parcel_id = pack()
    flow()
    sql.run("update shipping_label set because = 'Shippo does not accept our key'")

    assert "Its label is tried again: Shippo does not accept our key." in text(
        owner, f"/parcels/P-{parcel_id}"
    )


def test_a_rule_is_tried_on_the_last_parcels_before_it_is_kept(owner: Client, pack: Pack):
    pack()
    work()
    form = {"does": "never", "carriers": "post", "because": "they strike", "version": "1"}

    assert "1 parcel 1 would have gone otherwise" in said(owner, "/ship/rules", **form, do="look")
    assert "None: price, promise" in text(owner, "/ship/rules")
    assert "Nothing was kept" in said(owner, "/ship/rules", does="never", do="keep")
    assert "Never post for every parcel" in said(owner, "/ship/rules", **form, do="keep")
    pack()
    work()
    assert labels()[-1][1].startswith("express")
    said(owner, "/ship/rules/1/remove", version="2")
    assert "None: price, promise" in text(owner, "/ship/rules")
