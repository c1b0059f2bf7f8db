"""Parcels that cross a border: what is declared, and what is missing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from quartermaster.core import sql
from quartermaster.core.actions.setting import keep_setting
from quartermaster.shipping.queries.papers.customs import (
    Incomplete,
    NotDeclared,
    customs_pdf,
    declaration,
)
from quartermaster.shipping.rules.customs import EU, Good, Profile, crosses, declare
from quartermaster.testing.builders import a_location, a_sku, an_order
from quartermaster.testing.parcels import a_packed_parcel

from .conftest import AT

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
    keep_setting("customs", {"exporter": "Northlight", "eori": {"EU": "DE123"}}, at=AT, by="user:1")

    told = declaration(parcel)
    ((value,),) = sql.run("select gross_minor - discount_minor from orders_line")
    assert (told.missing, told.value_minor, told.weight_g, told.eori) == ((), value, 1_400, "DE123")
    assert customs_pdf(parcel).startswith(b"%PDF")


def test_a_parcel_at_home_needs_none(db: None):
    with pytest.raises(NotDeclared):
        declaration(parcel_to("FR"))


def test_the_union_has_27_members():
    assert len(EU) == 27
