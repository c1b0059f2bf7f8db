"""What may be shown beside a price as what it cost before."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartermaster.channels.rules.prices import Past, PriceRule, Shows, Was, was

SINCE = datetime(2026, 11, 2, tzinfo=UTC)
MINOR = st.integers(1, 10_000_000)
EVERYWHERE = Shows("US", shows_was=True)
UNION = Shows("DE", shows_was=True)


def shown(price: int, shows: Shows, **told: object) -> Was:
    facts = {"regular_minor": 2000, "compare_at_minor": None, "is_sale": True, "past": Past(), **told}
    return was(price, "EUR", PriceRule(), shows, **facts)  # type: ignore[arg-type]  # as the fields are


def test_a_list_that_says_nothing_shows_nothing_and_a_shop_without_a_place_says_so():
    assert shown(1500, Shows("US")) == Was()
    said = shown(1500, Shows("US", shows_was=True, is_able=False))
    assert (said.minor, said.because) == (None, "This shop has no place for what a price was before.")


def test_outside_the_eu_it_is_what_the_list_compares_it_at_or_else_its_usual_price():
    assert shown(1500, EVERYWHERE).minor == 2000
    assert shown(1500, EVERYWHERE, compare_at_minor=2400).minor == 2400
    assert shown(2000, EVERYWHERE, compare_at_minor=2400, is_sale=False).minor == 2400
    assert shown(2000, EVERYWHERE, is_sale=False) == Was()


def test_the_shop_s_rule_makes_it_as_it_makes_the_price():
    facts = {"regular_minor": 1000, "compare_at_minor": None, "is_sale": True, "past": Past()}
    said = was(1100, "EUR", PriceRule(11_550, 30, 100, 99), EVERYWHERE, **facts)
    assert said.minor == 1199


@pytest.mark.parametrize(
    ("past", "compare_at", "minor"),
    [
        (Past(1700), None, 1700),
        (Past(1700), 2400, 1700),  # a list's word is not what was asked
        (Past(1700, SINCE), None, None),
        (Past(1700, SINCE), 2400, 1700),
        (Past(2600, SINCE), 2400, 2400),
        (Past(), 2400, 2400),
        (Past(), None, None),
        (Past(1500), None, None),
        (Past(1400), 2400, None),
    ],
)
def test_in_the_eu_it_is_the_lowest_price_of_the_days_before_the_sale(
    past: Past, compare_at: int | None, minor: int | None
):
    said = shown(1500, UNION, past=past, compare_at_minor=compare_at)
    assert (said.minor, bool(said.because)) == (minor, True)


def test_in_the_eu_no_price_before_is_shown_without_a_sale():
    said = shown(2000, Shows("EU", shows_was=True), compare_at_minor=2400, is_sale=False)
    assert (said.minor, said.because) == (
        None,
        "In the EU only a sale with a beginning shows what a price was before.",
    )


@given(MINOR, MINOR, st.none() | MINOR, st.none() | MINOR, st.sampled_from(["DE", "US", "EU"]), st.booleans())
def test_it_is_more_than_the_price_and_in_the_eu_never_more_than_what_was_asked(
    price: int, regular: int, compare_at: int | None, lowest: int | None, market: str, is_sale: bool
):
    shows, past = Shows(market, shows_was=True), Past(lowest)
    said = shown(price, shows, regular_minor=regular, compare_at_minor=compare_at, is_sale=is_sale, past=past)
    if said.minor is not None:
        assert said.minor > price
        if market != "US":
            assert is_sale
            assert lowest is None or said.minor <= lowest
