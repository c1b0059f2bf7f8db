"""Which service is chosen, and why: the same question always gets the same answer."""

from datetime import date, timedelta

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from quartermaster.shipping.ports import Offer
from quartermaster.shipping.rules import ByHand, Inputs, decide
from quartermaster.testing.conformance.carriers import a_shipment

DAY = date(2026, 11, 25)
BOOK = replace(a_shipment(), promised_on=DAY)


def an_offer(name: str, cost_minor: int | None = 400, arrives_on: date | None = DAY, **different) -> Offer:
    ordinary = Offer("acme", name, name.title(), "mine", cost_minor, "EUR", DAY, arrives_on)
    return replace(ordinary, **different)


def asked(*offers: Offer, **different) -> Inputs:
    return replace(Inputs(1, "EUR", 500, 0, BOOK, offers), **different)


def chosen(inputs: Inputs) -> str | None:
    found = decide(inputs).chosen
    return found.service if found else None


def removed(inputs: Inputs) -> dict[str, str]:
    return {each.service: each.removed for each in decide(inputs).candidates if each.removed}


def test_the_cheapest_is_taken_and_the_next_is_named():
    choice = decide(asked(an_offer("dear", 900), an_offer("cheap", 400)))
    assert choice.chosen.service == "cheap"
    assert choice.dearer_next_minor == 500
    assert choice.because == (
        "Cheap: EUR 4.00, the cheapest of 2.",
        "The next, Dear, counts EUR 5.00 more.",
    )


def test_what_comes_after_the_promise_is_left_out_when_another_keeps_it():
    inputs = asked(an_offer("slow", 100, DAY + timedelta(days=2)), an_offer("fast", 900))
    assert chosen(inputs) == "fast"
    assert removed(inputs) == {"slow": "comes 2 days after the promise"}


def test_when_none_keeps_the_promise_its_days_count_as_cost():
    inputs = asked(
        an_offer("slow", 100, DAY + timedelta(days=3)), an_offer("fast", 900, DAY + timedelta(days=1))
    )
    assert chosen(inputs) == "fast"
    assert decide(inputs).dearer_next_minor == 200
    assert "It comes 1 day after the promise: no service keeps it." in decide(inputs).because


def test_without_a_promise_only_the_cost_counts():
    late = an_offer("slow", 100, DAY + timedelta(days=30))
    assert chosen(asked(late, an_offer("fast", 900), shipment=replace(BOOK, promised_on=None))) == "slow"


def test_the_sooner_one_wins_a_tie():
    assert (
        chosen(asked(an_offer("a", arrives_on=DAY), an_offer("b", arrives_on=DAY - timedelta(days=1)))) == "b"
    )


def test_what_a_carrier_removed_and_what_has_no_price_here_is_not_chosen():
    inputs = asked(
        an_offer("big", None, removed="weighs 90,000 g, at most 2,000 g"),
        an_offer("free", None),
        an_offer("dollars", 1, currency="USD"),
    )
    assert chosen(inputs) is None
    assert decide(inputs).because == (
        "No service takes it: Big weighs 90,000 g, at most 2,000 g; "
        "Dollars is priced in USD, we compare in EUR; Free gave no price.",
    )
    assert decide(asked()).because == ("There is no service at all.",)
    five = decide(asked(*(an_offer(name, removed="is closed") for name in "abcde")))
    assert five.because[0].endswith("; and 1 more.")
    assert removed(inputs) == {
        "big": "weighs 90,000 g, at most 2,000 g",
        "free": "gave no price",
        "dollars": "is priced in USD, we compare in EUR",
    }


def test_a_carrier_that_gave_no_rates_is_named():
    inputs = asked(an_offer("cheap"), unasked=("acme-2 gave no rates: it is closed.",))
    assert decide(inputs).because[-1] == "acme-2 gave no rates: it is closed."


def test_what_a_person_names_is_taken_and_says_what_it_costs_more():
    inputs = asked(
        an_offer("cheap", 400), an_offer("dear", 900), by_hand=ByHand("acme", "dear", "the customer called")
    )
    choice = decide(inputs)
    assert choice.chosen.service == "dear"
    assert choice.because == (
        "Dear by hand, EUR 9.00: the customer called",
        "The rules would have taken Cheap, which counts EUR 5.00 less.",
    )


def test_a_person_may_choose_a_late_one_but_not_one_the_carrier_does_not_take():
    late = an_offer("late", 100, DAY + timedelta(days=9))
    big = an_offer("big", None, removed="takes no hazardous goods")
    offers = (late, big, an_offer("cheap"))
    assert chosen(asked(*offers, by_hand=ByHand("acme", "late", "no hurry"))) == "late"
    refused = decide(asked(*offers, by_hand=ByHand("acme", "big", "please")))
    assert refused.chosen is None
    assert refused.because == ("Big takes no hazardous goods: acme big by hand.",)
    unknown = decide(asked(*offers, by_hand=ByHand("acme", "none", "please")))
    assert unknown.because == ("There is no such service: acme none by hand.",)


offers = st.lists(
    st.builds(
        an_offer,
        st.sampled_from(["a", "b", "c", "d", "e"]),
        st.none() | st.integers(0, 5_000),
        st.none() | st.dates(DAY - timedelta(days=5), DAY + timedelta(days=9)),
        removed=st.sampled_from(["", "", "weighs too much"]),
        currency=st.sampled_from(["EUR", "EUR", "USD"]),
    ),
    max_size=6,
    unique_by=lambda offer: offer.service,
)
hands = st.none() | st.builds(ByHand, st.just("acme"), st.sampled_from("abcx"), st.just("because"))


@given(offers, hands, st.none() | st.just(DAY), st.integers(0, 3))
def test_asked_again_from_what_is_stored_the_answer_is_the_same_to_the_byte(found, hand, promised_on, most):
    inputs = asked(*found, by_hand=hand, shipment=replace(BOOK, promised_on=promised_on), late_days_max=most)
    stored = msgspec.json.encode(inputs)
    again = msgspec.json.decode(stored, type=Inputs)
    assert msgspec.json.encode(again) == stored
    assert msgspec.json.encode(decide(again)) == msgspec.json.encode(decide(inputs))


@given(offers, st.randoms())
def test_the_order_in_which_carriers_answer_does_not_matter(found, random):
    shuffled = random.sample(found, len(found))
    assert decide(asked(*found)) == decide(asked(*shuffled))


@given(offers)
def test_who_is_chosen_was_not_removed_and_nobody_fit_counts_less(found):
    choice = decide(asked(*found))
    fit = [each for each in choice.candidates if not each.removed]
    assert len(choice.candidates) == len(found)
    assert sum(each.is_chosen for each in choice.candidates) == (1 if fit else 0)
    if fit:
        assert choice.chosen == choice.candidates[0]
        assert choice.chosen.score == min(each.score for each in fit)
