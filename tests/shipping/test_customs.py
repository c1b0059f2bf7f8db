"""Parcels that cross a border: what is declared, on which paper, and what is missing."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from quartermaster.core import sql
from quartermaster.core.errors import Invalid
from quartermaster.core.money import to_minor
from quartermaster.shipping.actions import declare_contents, rates, write_customs
from quartermaster.shipping.actions.quote import Undeclarable
from quartermaster.shipping.queries.customs import NotDeclared, declaration, sent
from quartermaster.shipping.queries.papers import postal_form_pdf
from quartermaster.shipping.queries.papers.customs import Incomplete, customs_pdf
from quartermaster.shipping.rules.customs import (
    EU,
    FIRST,
    Contents,
    Good,
    Limit,
    Part,
    Profile,
    Site,
    crosses,
    declare,
    eori_fault,
    form_for,
    ioss_fault,
)
from quartermaster.testing.builders import a_location, a_sku, an_order
from quartermaster.testing.parcels import a_packed_parcel

from .conftest import AT, labels, work
from .test_papers import barcodes, texts

OURS = Profile(exporter="Northlight Ltd\nBerlin", eori={"EU": "DE123", "GB": "GB987"}, ioss="IM2760000742")
LAMP = Good(1, "LAMP", "A lamp", 2, 4_000, hs_code="940520", origin="DE", weight_g=700)


@pytest.mark.parametrize(
    ("sender", "receiver", "is_declared"),
    [
        ("DE", "DE", False),
        ("DE", "FR", False),
        ("DE", "CH", True),
        ("GB", "DE", True),
        ("US", "CA", True),
        ("DE", "", False),
    ],
)
def test_a_border_is_one_outside_of_the_union(sender: str, receiver: str, is_declared: bool):
    assert crosses(sender, receiver) is is_declared


def test_ioss_covers_small_parcels_into_the_union_only():
    def number(value: int, *, sender: str = "GB", receiver: str = "FR", currency: str = "EUR") -> str:
        good = Good(1, "LAMP", "A lamp", 1, value)
        return declare([good], OURS, sender=sender, receiver=receiver, currency=currency).ioss

    assert number(15_000) == "IM2760000742"
    assert number(15_001) == number(900, receiver="US") == number(900, currency="GBP") == ""
    assert number(900, sender="DE", receiver="CH") == ""


def test_what_is_missing_is_said_for_each_product():
    told = declare(
        [LAMP, Good(2, "CARD", "A card", 1, 0)], Profile(), sender="DE", receiver="CH", currency="EUR"
    )
    assert told.missing == (
        "CARD has no HS code.",
        "CARD has no country of origin.",
        "CARD has no weight.",
        "CARD is given away: say what it is worth.",
        "There is no EORI number for DE.",
        "Nobody is named as the exporter.",
    )
    assert declare([LAMP], OURS, sender="DE", receiver="CH", currency="EUR").missing == ()


goods = st.lists(
    st.builds(
        Good,
        line=st.integers(1, 3),
        sku=st.sampled_from("ABC"),
        title=st.just("A thing"),
        quantity=st.integers(1, 9),
        line_value_minor=st.just(0),
        cost_minor=st.none() | st.integers(0, 900),
    ),
    min_size=1,
    max_size=6,
)


@given(goods=goods, values=st.lists(st.integers(0, 99_999), min_size=3, max_size=3))
def test_parts_of_a_line_share_its_value_to_the_cent(goods: list[Good], values: list[int]):
    told = [replace(good, line_value_minor=values[good.line - 1]) for good in goods]
    made = declare(told, OURS, sender="DE", receiver="CH", currency="EUR")
    assert made.value_minor == sum(values[line - 1] for line in {good.line for good in goods})
    assert all(row.value_minor >= 0 for row in made.rows)
    assert len(made.rows) == len(goods)


def parcel_to(country: str) -> int:
    a_location("BER")
    a_sku("LAMP", BER=9)
    parcel = a_packed_parcel(an_order(("LAMP", 2)))
    sql.run(
        "update orders_order set ship_to = ship_to || jsonb_build_object('country', %s::text)", (country,)
    )
    return parcel


def test_a_parcel_to_switzerland_has_a_paper_once_everything_is_known(db: None):
    parcel = parcel_to("CH")
    assert "LAMP has no HS code." in declaration(parcel).missing
    with pytest.raises(Incomplete):
        customs_pdf(parcel)
    sql.run(
        "update catalog_sku set hs_code = '940520', origin_country = 'DE', weight_g = 700, title = 'A lamp'"
    )
    write_customs(Profile(exporter="Northlight", eori={"EU": "DE123"}), at=AT, by="user:1")

    told = declaration(parcel)
    ((value,),) = sql.run("select gross_minor - discount_minor from orders_line")
    assert (told.missing, told.value_minor, told.weight_g, told.eori) == ((), value, 1_400, "DE123")
    assert customs_pdf(parcel).startswith(b"%PDF")


def test_a_parcel_at_home_needs_none(db: None):
    with pytest.raises(NotDeclared):
        declaration(parcel_to("FR"))


def test_the_union_has_27_members():
    assert len(EU) == 27


DAY = AT.date()


@pytest.mark.parametrize(
    ("sender", "currency", "value", "weight_g", "name"),
    [
        ("GB", "GBP", 27_000, 2_000, "CN22"),
        ("GB", "GBP", 27_001, 500, "CN23"),
        ("GB", "GBP", 100, 2_001, "CN23"),
        ("GB", "GBP", 100, None, "CN23"),
        ("DE", "EUR", 37_359, 10, "CN22"),
        ("JP", "JPY", 1, 10, "CN23"),  # nobody has told a limit in yen
        ("GB", "EUR", 1, 10, "CN23"),
    ],
)
def test_the_small_form_is_for_what_a_post_says_is_small(
    sender: str, currency: str, value: int, weight_g: int | None, name: str
):
    form = form_for(
        FIRST, sender=sender, currency=currency, value_minor=value, weight_g=weight_g, on=date.max
    )
    assert form.name == name
    assert form.because


def test_a_limit_holds_from_its_day_on():
    limits = [
        Limit("JP", "JPY", 60_000, 2_000, date(2026, 1, 1), "post.japanpost.jp"),
        Limit("JP", "JPY", 50_000, 2_000, date(2026, 6, 1), "post.japanpost.jp"),
    ]

    def name(value: int, on: date) -> str:
        form = form_for(limits, sender="JP", currency="JPY", value_minor=value, weight_g=10, on=on)
        return form.name

    assert name(60_000, date(2025, 12, 31)) == "CN23"
    assert name(60_000, date(2026, 5, 31)) == "CN22"
    assert (name(60_000, date(2026, 6, 1)), name(50_000, date(2026, 6, 1))) == ("CN23", "CN22")


@pytest.mark.parametrize(
    ("where", "number", "is_good"),
    [
        ("EU", "DE123456789012345", True),
        ("EU", "DE1234567890123456", False),
        ("FR", "FR12345678901234", True),
        ("EU", "GB123456789000", False),
        ("GB", "GB123456789000", True),
        ("GB", "GB12345", False),
        ("EU", "XI123456789000", True),
        ("EU", "XI1234", False),
        ("CH", "CHE-123.456.789", True),
        ("ch", "CHE-123.456.789", False),
        ("CH", "", False),
    ],
)
def test_a_number_that_cannot_be_one_is_refused(where: str, number: str, is_good: bool):
    assert (eori_fault(where, number) == "") is is_good


def test_an_ioss_number_is_im_and_ten_digits():
    assert ioss_fault("IM2760000742") == ioss_fault("") == ""
    assert ioss_fault("IM276000074") != ""


def test_nothing_is_declared_as_worth_nothing():
    card = Good(1, "CARD", "A card", 2, 0, hs_code="4909", origin="DE", weight_g=5)

    def value(good: Good, contents: Contents) -> int:
        return declare(
            [good], OURS, sender="DE", receiver="CH", currency="EUR", contents=contents
        ).value_minor

    assert value(card, Contents()) == 0
    assert value(card, Contents(worth={"CARD": 150})) == 300
    assert value(LAMP, Contents(worth={"LAMP": 1})) == 4_000  # what was paid stands
    assert value(LAMP, Contents("sample", {"LAMP": 1_500})) == 3_000
    assert value(LAMP, Contents("gift")) == 4_000


def test_a_gift_has_no_ioss_number_for_nothing_was_sold():
    told = declare(
        [LAMP], OURS, sender="GB", receiver="FR", currency="EUR", contents=Contents("gift", {"LAMP": 10})
    )
    assert told.ioss == ""


def test_without_a_number_for_tax_that_was_collected_nothing_is_bought():
    without = replace(OURS, ioss="")

    def refused(profile: Profile, *, tax: int = 100, value: int = 900, currency: str = "EUR") -> bool:
        good = Good(1, "LAMP", "A lamp", 1, value, tax_minor=tax)
        told = declare([good], profile, sender="GB", receiver="FR", currency=currency)
        return bool(told.refused)

    assert refused(without)
    assert not refused(OURS)
    assert not refused(without, tax=0)
    assert not refused(without, value=15_001)
    assert declare([LAMP], Profile(), sender="US", receiver="CA", currency="USD").refused == ()


parts = st.lists(
    st.builds(
        Part,
        sku=st.sampled_from("ABCDE"),
        units=st.integers(1, 9),
        cost_minor=st.none() | st.integers(0, 900),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda part: part.sku,
)


@given(parts, st.integers(0, 10**7), st.sampled_from(["EUR", "JPY", "KWD"]), st.data())
def test_over_all_parcels_an_order_line_is_declared_to_the_minor_unit(
    line: list[Part], value: int, currency: str, data: st.DataObject
):
    """However its units fall into parcels."""
    left, before, total = {part.sku: part.units for part in line}, dict.fromkeys("ABCDE", 0), 0
    while any(left.values()):
        here = {sku: data.draw(st.integers(0, units)) for sku, units in left.items()}
        if not any(here.values()):
            here = dict(left)
        goods = [
            Good(1, sku, "A thing", units, value, before=before[sku], parts=tuple(line))
            for sku, units in here.items()
            if units
        ]
        made = declare(goods, OURS, sender="DE", receiver="CH", currency=currency)
        assert made.value_minor == sum(row.value_minor for row in made.rows)
        assert all(row.value_minor >= 0 for row in made.rows)
        total += made.value_minor
        for sku, units in here.items():
            left[sku] -= units
            before[sku] += units
    assert total == value


def known(currency: str = "EUR") -> None:
    sql.run(
        "update catalog_sku set hs_code = '940520', origin_country = 'DE', weight_g = 700,"
        " title = 'Lamp ' || code"
    )
    sql.run("update orders_order set currency = %s", (currency,))
    eori = {"EU": "DE123456789012345"}
    write_customs(Profile(exporter="Northlight\nBerlin", eori=eori), at=AT, by="user:1")


@pytest.mark.parametrize("currency", ["EUR", "JPY", "KWD"])
def test_two_parcels_of_a_kit_add_up_on_paper(db: None, currency: str):
    a_location("BER")
    lamp, bulb = a_sku("LAMP", BER=9), a_sku("BULB", BER=9)
    ((kit,),) = sql.run("insert into catalog_sku (code, is_kit) values ('SET', true) returning id")
    for table in ("catalog_kit_part", "catalog_kit_leaf"):
        for part, count in ((lamp, 1), (bulb, 2)):
            sql.run(
                f"insert into {table} (kit_id, part_id, quantity) values (%s, %s, %s)", (kit, part, count)
            )
    first = a_packed_parcel(an_order(("SET", 1)))
    ((second,),) = sql.run(
        "insert into warehouse_parcel (order_id, location_id, state, made_at) select order_id, location_id,"
        " state, made_at from warehouse_parcel returning id"
    )
    sql.run("update warehouse_parcel_item set parcel_id = %s where sku_id = %s", (second, bulb))
    sql.run("update orders_line set gross_minor = 1001, discount_minor = 0")
    sql.run('update orders_order set ship_to = ship_to || \'{"country": "CH"}\'')
    known(currency)

    assert {good.kit for one in sent([first, second]).values() for good in one.goods} == {"Thing SET"}
    values = []
    for parcel in (first, second):
        (text,) = texts(customs_pdf(parcel))
        total = re.search(rf"Total {currency} ([0-9.,]+)", text)
        assert total is not None
        values.append(to_minor(total[1].rstrip(".,").replace(",", ""), currency))
        assert "part of Thing SET" in text
    assert sum(values) == 1001
    assert all(values)


def test_the_postal_form_names_goods_values_and_the_number(db: None):
    parcel = parcel_to("CH")
    known()
    sql.run("update warehouse_parcel set tracking_number = 'RR123456785DE', weight_g = 1500")
    pdf = postal_form_pdf(parcel)
    (text,) = texts(pdf)
    for part in ("CN22", "Lamp LAMP", "940520", "DE", "1.500 kg", "Northlight", "EORI DE123456789012345"):
        assert part in text
    assert "☒ Sale of goods" in text
    assert "☐ Gift" in text
    assert barcodes(pdf) == ["RR123456785DE"]

    sql.run("update warehouse_parcel set weight_g = 2500")
    ((order_id,),) = sql.run("select order_id from warehouse_parcel")
    declare_contents(order_id, Contents("sample", {"LAMP": 100}), at=AT, by="user:1")
    pdf = postal_form_pdf(parcel)
    (text,) = texts(pdf)
    for part in ("CN23", "Net weight 1.400 kg", "Gross weight 2.500 kg", "Total value EUR 2.00"):
        assert part.lower() in text.lower()
    assert "☒ Commercial sample" in text
    assert barcodes(pdf) == ["RR123456785DE"]
    (text,) = texts(customs_pdf(parcel))
    assert "Pro forma invoice" in text
    assert "commercial sample" in text


def test_a_site_exports_under_its_own_numbers(db: None):
    parcel = parcel_to("CH")
    known()
    site = {"BER": Site("Northlight Works", {"EU": "DE9999999"})}
    write_customs(Profile(exporter="Northlight", eori={"EU": "DE1"}, sites=site), at=AT, by="user:1")
    assert declaration(parcel).eori == "DE9999999"
    sites = {"NOWHERE": Site(eori={"GB": "GB1"}, ioss="IM1")}
    with pytest.raises(Invalid) as refused:
        write_customs(Profile(sites=sites), at=AT, by="user:1")
    assert set(refused.value.errors) == {"sites NOWHERE", "sites NOWHERE eori GB", "sites NOWHERE ioss"}


def test_no_label_is_bought_without_the_exporter_s_number(db: None):
    parcel = parcel_to("CH")
    with pytest.raises(Undeclarable, match="no EORI number for DE"):
        rates(parcel, at=AT)
    work()
    ((state, because),) = sql.run("select state, because from shipping_label")
    assert state == "refused"
    assert "There is no EORI number for DE." in because
    known()
    rates(parcel, at=AT)
    assert labels()


def test_contents_name_what_is_in_the_order(db: None):
    parcel_to("CH")
    ((order_id,),) = sql.run("select order_id from warehouse_parcel")
    with pytest.raises(Invalid) as refused:
        declare_contents(order_id, Contents("gift", {"VASE": 1, "LAMP": 0}), at=AT, by="user:1")
    assert set(refused.value.errors) == {"worth VASE", "worth LAMP"}
