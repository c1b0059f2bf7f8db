"""The tariff, who we are for customs, and what is given back: as pages, what is wrong in its place."""

from django.test import Client
from tests.console.conftest import Page

from quartermaster.core.queries.timeline import newest
from quartermaster.core.queries.versions import in_force
from quartermaster.money.queries.policy import POLICY
from quartermaster.shipping.queries.customs import profile
from quartermaster.shipping.queries.tariff import tariff_listed
from quartermaster.shipping.rules.customs import Limit
from quartermaster.testing.builders import a_location

DUTY = {"kind": "duty", "country": "us", "percent": "6.5", "hs_prefix": "9405", "from_on": "2026-01-01"}
DUTY |= {"source": "the schedule of 2026", "because": "we sell lamps there", "basis": "goods"}


def text(answer: object) -> str:
    return " ".join(Page(answer.content.decode()).text.split())  # type: ignore[attr-defined]


def test_a_line_of_the_tariff_is_told_shown_and_ended_with_a_reason(owner: Client):
    assert "No line yet" in text(owner.get("/ship/tariff"))

    owner.post("/ship/tariff", DUTY)

    seen = text(owner.get("/ship/tariff?country=US"))
    assert "US Duty 6.50 % HS 9405 by the schedule of 2026" in seen, seen
    assert "1 1 line: we sell lamps there" in seen
    assert "No line about CA" in text(owner.get("/ship/tariff?country=CA"))
    (line,) = tariff_listed().items
    address = f"/ship/tariff/{line.id}/end"
    assert owner.post(address, {"last_on": "soon", "because": "x"}).status_code == 422
    owner.post(address, {"last_on": "2026-06-30", "because": "replaced"})
    assert "No line" in text(owner.get("/ship/tariff"))
    assert "to 30 Jun 2026" in text(owner.get("/ship/tariff?all=1"))
    assert [fact.body["because"] for fact in newest("tariff", limit=5)] == ["replaced", "we sell lamps there"]


def test_a_line_that_cannot_be_is_kept_in_the_form_with_what_is_wrong_beside_it(owner: Client):
    answer = owner.post("/ship/tariff", {**DUTY, "percent": "a lot", "because": ""})

    page = Page(answer.content.decode())
    assert answer.status_code == 422
    assert "not a number such as 12.99" in page.text
    assert "say why" in page.text
    assert "9405" in page.values("input", "value")
    assert tariff_listed().items == []


def test_who_we_are_for_customs_is_kept_by_country_and_by_site(owner: Client):
    a_location("BER")
    form = {"exporter": "Northlight GmbH\r\nBerlin", "eori": "EU DE123456789012345\nGB GB123456789000"}
    form |= {"ioss": "IM2760000742", "incoterm": "DDP", "forms": "CH CHF 300.00 2000 2026-07-01 your post"}
    form |= {"eori@BER": "EU AT1234567890"}

    owner.post("/ship/customs", form)

    kept = profile()
    assert kept.eori == {"EU": "DE123456789012345", "GB": "GB123456789000"}
    assert (kept.exporter, kept.incoterm, kept.at("BER").eori["EU"]) == (
        "Northlight GmbH\nBerlin",
        "DDP",
        "AT1234567890",
    )
    assert [(type(one), one.value_max_minor) for one in kept.forms] == [(Limit, 30_000)]
    seen = owner.get("/ship/customs")
    assert "CH CHF 300.00 2000 2026-07-01 your post" in text(seen)
    assert "DDP EU, GB, IOSS owner" in text(seen)
    owner.post("/ship/customs", {**form, "forms": "\n".join(["CH CHF 300.00 2000 2026-07-01 your post"])})
    assert profile() == kept


def test_a_number_that_cannot_be_one_is_named_beside_its_field_and_nothing_is_kept(owner: Client):
    a_location("BER")
    before = profile()

    answer = owner.post(
        "/ship/customs", {"eori": "DE 12", "ioss": "5", "eori@BER": "nothing", "forms": "CH a lot"}
    )

    assert answer.status_code == 422
    seen = text(answer)
    for told in ("nothing: a country, a blank, the number", "CH a lot: such as"):
        assert told in seen, told
    again = text(owner.post("/ship/customs", {"eori": "DE 12", "ioss": "5", "eori@BER": "EU 7"}))
    for told in ("begins with IM", "two letters of a member state"):
        assert told in again, told
    assert again.count("two letters of a member state") == 2
    assert profile() == before


def test_what_is_given_back_is_a_version_with_a_reason(owner: Client):
    form = {"refunds": "yes", "fee_minor": "EUR 4,90", "because": "the way back costs", "version": "0"}

    owner.post("/ship/given-back", form)

    assert in_force(POLICY).content.fee_minor == {"EUR": 490}
    seen = text(owner.get("/ship/given-back"))
    assert "Version 1" in seen
    assert "the goods' price, less EUR 4.90 a parcel, without shipping: the way back costs" in seen
    late = owner.post("/ship/given-back", {**form, "fee_minor": "EUR 1"})
    assert (late.status_code, "version 1 now" in text(late)) == (409, True)
    wrong = owner.post("/ship/given-back", {**form, "version": "1", "fee_minor": "EUR some", "because": "x"})
    assert (wrong.status_code, "EUR some" in text(wrong)) == (422, True)
    assert in_force(POLICY).version == 1
