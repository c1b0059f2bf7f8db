"""Money: whole minor units, no mixing, nothing lost in a split."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartermaster.core.money import MINOR_MAX, BadAmount, Money, share, to_minor


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("12.99", "EUR", 1299),
        ("12.995", "EUR", 1300),  # half to even: 1299.5 -> 1300
        ("12.985", "EUR", 1298),
        ("1200", "JPY", 1200),
        ("1.234", "BHD", 1234),
        (Decimal("-3.50"), "USD", -350),
        (7, "EUR", 700),
    ],
)
def test_a_decimal_amount_becomes_minor_units_of_its_currency(amount: str, currency: str, minor: int) -> None:
    assert to_minor(amount, currency) == minor


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "1e400", "ten", "", "1,5", None, "9" * 5000])
def test_what_is_no_amount_is_refused(amount: str) -> None:
    with pytest.raises(BadAmount):
        to_minor(amount, "EUR")


def test_an_amount_beyond_reason_is_refused() -> None:
    assert to_minor(str(MINOR_MAX // 100), "EUR") == MINOR_MAX
    with pytest.raises(BadAmount):
        to_minor(str(MINOR_MAX // 100 + 1), "EUR")


@pytest.mark.parametrize("currency", ["", "eur", "XXX1", "BTC"])
def test_what_is_no_currency_is_refused(currency: str) -> None:
    with pytest.raises(BadAmount):
        Money(1, currency)


def test_currencies_do_not_mix() -> None:
    assert Money(100, "EUR") + Money(1, "EUR") - Money(2, "EUR") == Money(99, "EUR")
    with pytest.raises(BadAmount):
        Money(1, "EUR") + Money(1, "USD")


@given(st.integers(-MINOR_MAX, MINOR_MAX), st.lists(st.integers(0, 10**6), min_size=1, max_size=30))
def test_shares_add_up_to_the_whole_and_differ_by_less_than_one_from_fair(
    whole: int, weights: list[int]
) -> None:
    parts = share(whole, weights)
    assert sum(parts) == whole
    fair_of = weights if any(weights) else [1] * len(weights)
    for part, weight in zip(parts, fair_of, strict=True):
        assert abs(part * sum(fair_of) - whole * weight) < sum(fair_of)


def test_earlier_shares_take_the_odd_cents() -> None:
    assert [part.minor for part in Money(100, "EUR").split([1, 1, 1])] == [34, 33, 33]


def test_money_reads_as_people_write_it() -> None:
    assert (str(Money(123456, "EUR")), str(Money(5, "JPY")), str(Money(-1, "BHD"))) == (
        "EUR 1,234.56",
        "JPY 5",
        "BHD -0.001",
    )
