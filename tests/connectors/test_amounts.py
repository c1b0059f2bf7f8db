from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartermaster.connectors.amounts import Amounts, with_shares
from quartermaster.core.money import MINOR_MAX
from quartermaster.orders.ports import LineSold


def minor(value: object, currency: str = "EUR", *, may_be_negative: bool = False) -> tuple[int, list[str]]:
    doubts: list[str] = []
    return Amounts(currency, doubts).minor(value, "price", may_be_negative=may_be_negative), doubts


@pytest.mark.parametrize(
    ("value", "cents"),
    [
        ("199.00", 19900),
        ("0.00", 0),
        ("1", 100),
        ("1.5", 150),
        (" 2.00 ", 200),
        (199, 19900),
        (Decimal("195.66"), 19566),
        (Decimal("10.799999999999999"), 1080),
        ("0.005", 0),
        ("0.015", 2),
        (".5", 50),
        ("-0.00", 0),
        (None, 0),
        ("", 0),
        (Decimal("1e-999999999"), 0),
    ],
)
def test_amounts_are_read_as_text_and_as_numbers(value: object, cents: int):
    assert minor(value) == (cents, [])


@pytest.mark.parametrize(
    "value",
    [
        True,
        "abc",
        "NaN",
        "Infinity",
        "1e3",
        "1_000",
        "1,50",
        "٣.٠٠",
        "²",
        "1.0.0",
        "--1",
        [],
        {},
        10**30,
        Decimal("1e400"),
        Decimal("NaN"),
        "9" * 5_000,
    ],
)
def test_what_is_no_amount_is_nothing_and_a_doubt(value: object):
    cents, doubts = minor(value)
    assert cents == 0
    assert len(doubts) == 1
    assert doubts[0].startswith("price is ")
    assert doubts[0].endswith("not an amount of money; taken as 0.")


def test_less_than_nothing_is_a_doubt_where_it_makes_no_sense():
    assert minor("-1.00") == (0, ["price is '-1.00', less than nothing; taken as 0."])
    assert minor("-1.00", may_be_negative=True) == (-100, [])


@pytest.mark.parametrize(("currency", "value", "units"), [("JPY", "1200", 1200), ("KWD", "1.2345", 1234)])
def test_each_currency_has_its_decimals(currency: str, value: str, units: int):
    assert minor(value, currency) == (units, [])


@pytest.mark.parametrize(
    ("currency", "because"),
    [
        ("", "No currency is given: amounts are read with two decimals."),
        ("BTC", "The currency 'BTC' is not in ISO 4217: amounts are read with two decimals."),
    ],
)
def test_without_a_known_currency_two_decimals_are_taken_and_said(currency: str, because: str):
    assert minor("1.50", currency) == (150, [because])


@given(st.integers(0, MINOR_MAX), st.sampled_from(["EUR", "JPY", "BHD"]))
def test_every_amount_written_out_is_read_back(amount: int, currency: str):
    places = {"EUR": 2, "JPY": 0, "BHD": 3}[currency]
    text = f"{Decimal(amount).scaleb(-places):f}"
    assert minor(text, currency) == (amount, [])
    assert minor(Decimal(text), currency) == (amount, [])


def test_more_than_money_can_be_is_a_doubt():
    doubts: list[str] = []
    assert Amounts("EUR", doubts).gross("9999999999.00", 999_999_999_900, 10**9, "line 1") == 0
    assert "more than money can be" in doubts[0]


def test_an_amount_in_a_sentence_has_its_currency_and_decimals():
    assert Amounts("EUR", []).told(123456) == "EUR 1,234.56"
    assert Amounts("JPY", []).told(-5) == "JPY -5"


def a_line(gross: int, discount: int = 0) -> LineSold:
    return LineSold(
        external_id="1",
        code="",
        title="",
        ordered=1,
        unit_price_minor=gross,
        gross_minor=gross,
        discount_minor=discount,
    )


@given(st.lists(st.tuples(st.integers(0, 9_999), st.integers(0, 9_999)), max_size=6), st.integers(0, 20_000))
def test_no_line_is_discounted_below_nothing_and_nothing_is_lost(prices: list[tuple[int, int]], off: int):
    lines = tuple(a_line(max(pair), min(pair)) for pair in prices)
    shared = with_shares(lines, off)
    given_off = sum(line.discount_minor for line in shared) - sum(line.discount_minor for line in lines)
    assert given_off == min(off, sum(line.gross_minor - line.discount_minor for line in lines))
    assert all(line.discount_minor <= line.gross_minor for line in shared)
