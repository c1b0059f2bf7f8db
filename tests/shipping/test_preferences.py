"""Preferences: what is forbidden is never taken, what is counted is said."""

from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from quartermaster.shipping.ports import Offer
from quartermaster.shipping.rules import FIRST, ByHand, Inputs, check, decide
from quartermaster.shipping.rules.preferences import Preference, problems, sentence, with_options
from quartermaster.shipping.rules.rate import rate
from quartermaster.testing.conformance.carriers import a_shipment

BOOK = a_shipment()  # 500 g from BER to 10115 DE, worth EUR 19.90
DAY = date(2026, 11, 25)


def an_offer(carrier: str, service: str, cost_minor: int) -> Offer:
    return Offer(carrier, service, f"{carrier} {service}", "mine", cost_minor, "EUR", DAY, DAY)


POST, AIR = an_offer("post", "parcel", 400), an_offer("air", "express", 900)


def asked(*preferences: Preference, **different: object) -> Inputs:
    return replace(Inputs(1, "EUR", 500, 0, BOOK, (POST, AIR), preferences=preferences), **different)


def taken(inputs: Inputs) -> str:
    found = decide(inputs).chosen
    return found.carrier if found else ""


@pytest.mark.parametrize(
    "condition",
    [
        {},
        {"sites": ("BER",)},
        {"countries": ("FR", "DE")},
        {"postcodes": ("1011",)},
        {"value_from_minor": 1990},
        {"value_under_minor": 1991},
        {"weight_from_g": 500, "weight_under_g": 501},
        {"hazmat": "no"},
        {"services": ("parcel",)},
    ],
    ids=str,
)
def test_what_is_forbidden_for_this_parcel_is_left_out(condition: dict[str, object]):
    rule = Preference("we say so", carriers=("post",), is_forbidden=True, **condition)

    choice = decide(asked(rule))

    assert taken(asked(rule)) == "air"
    assert choice.candidates[-1].removed == "is not for it: we say so"


@pytest.mark.parametrize(
    "condition",
    [
        {"sites": ("HAM",)},
        {"countries": ("FR",)},
        {"postcodes": ("2",)},
        {"value_from_minor": 1991},
        {"value_under_minor": 1990},
        {"weight_from_g": 501},
        {"hazmat": "yes"},
        {"services": ("packet",)},
        {"others": True},
    ],
    ids=str,
)
def test_a_preference_about_other_parcels_or_services_changes_nothing(condition: dict[str, object]):
    rule = Preference("we say so", carriers=("post",), is_forbidden=True, **condition)
    if rule.others:
        assert taken(asked(rule)) == "post"
    else:
        assert decide(asked(rule)) == decide(asked())


@pytest.mark.parametrize("unknown", [{"value_minor": None}, {"value_currency": "USD"}])
def test_a_value_that_is_not_known_meets_no_condition(unknown: dict[str, object]):
    rule = Preference("dear", value_from_minor=1, carriers=("post",), is_forbidden=True)

    assert taken(asked(rule, shipment=replace(BOOK, **unknown))) == "post"


def test_all_others_can_be_forbidden():
    rule = Preference(
        "insured above 10", carriers=("air",), others=True, value_from_minor=1000, is_forbidden=True
    )

    assert taken(asked(rule)) == "air"


def test_a_penalty_is_counted_and_said():
    choice = decide(asked(Preference("late here", carriers=("post",), penalty_minor=600)))

    assert [(each.carrier, each.score) for each in choice.candidates] == [("air", 900), ("post", 1000)]
    assert choice.because[0] == "air express: EUR 9.00, counting the least of 2."
    assert choice.candidates[1].because == ("late here: counts EUR 6.00 more",)


def test_a_preference_can_speak_for_a_service():
    choice = decide(asked(Preference("our contract", carriers=("air",), penalty_minor=-600)))

    assert choice.chosen is not None
    assert (choice.chosen.carrier, choice.chosen.score) == ("air", 300)
    assert choice.chosen.because == ("our contract: counts EUR 6.00 less",)


def test_what_is_forbidden_is_not_taken_by_hand_either():
    rule = Preference("no batteries by air", carriers=("air",), is_forbidden=True)
    by_hand = ByHand("air", "express", "she called")

    assert decide(asked(rule, by_hand=by_hand)).chosen is None


preferences = st.builds(
    Preference,
    because=st.just("so"),
    carriers=st.lists(st.sampled_from(["post", "air"]), max_size=2).map(tuple),
    others=st.booleans(),
    countries=st.sampled_from([(), ("DE",), ("FR",)]),
    value_from_minor=st.integers(0, 4000),
    is_forbidden=st.booleans(),
    penalty_minor=st.integers(-900, 900),
)


@given(st.lists(preferences, max_size=5), st.randoms(use_true_random=False))
def test_their_order_does_not_matter_and_a_stored_choice_comes_out_again(some: list[Preference], chance):
    mixed = list(some)
    chance.shuffle(mixed)
    inputs = asked(*some)

    again = decide(msgspec.json.decode(msgspec.json.encode(inputs), type=Inputs))

    assert again == decide(inputs)
    assert taken(asked(*mixed)) == taken(inputs)
    assert {each.score for each in decide(asked(*mixed)).candidates} == {x.score for x in again.candidates}


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        (Preference(" ", is_forbidden=True), "needs a reason"),
        (Preference("x"), "neither forbids nor counts"),
        (Preference("x", is_forbidden=True, penalty_minor=1), "needs no penalty"),
        (Preference("x", others=True, is_forbidden=True), "names none"),
        (Preference("x", hazmat="maybe", is_forbidden=True), "hazmat must be"),
        (Preference("x", countries=("Germany",), is_forbidden=True), "not a country code"),
        (Preference("x", value_from_minor=5, value_under_minor=5, is_forbidden=True), "must be below"),
        (Preference("x", weight_from_g=-1, is_forbidden=True), "must be below"),
        (Preference("x", penalty_minor=10**16), "within"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_wrong_with_a_preference_is_said(wrong: Preference, problem: str):
    (said,) = check(replace(FIRST, preferences=(wrong,)))

    assert said.startswith("Preference 1: ")
    assert problem in said


def test_a_tag_of_the_order_is_a_condition():
    rule = Preference("gifts go by air", carriers=("post",), tags=("Gift", "vip"), is_forbidden=True)

    assert taken(asked(rule)) == "post"
    assert taken(asked(rule, shipment=replace(BOOK, tags=("gift",)))) == "air"


def test_a_signature_is_asked_of_every_carrier_and_the_choice_says_why():
    rule = Preference("dear books are signed for", value_from_minor=1990, needs_signature=True)
    signed = with_options(BOOK, [rule], currency="EUR")

    assert (signed.needs_signature, signed.is_insured) == (True, False)
    assert "With a signature: dear books are signed for." in decide(asked(rule, shipment=signed)).because
    assert not with_options(replace(BOOK, value_minor=1000), [rule], currency="EUR").needs_signature
    assert {each.removed for each in rate(signed, FIRST, account="mine")} == {"brings no signature back"}


def test_what_has_no_known_value_is_not_insured():
    rule = Preference("everything", is_insured=True)

    assert with_options(BOOK, [rule], currency="EUR").is_insured
    assert not with_options(replace(BOOK, value_minor=None), [rule], currency="EUR").is_insured


def test_a_rule_says_in_words_what_it_does():
    rule = Preference("x", carriers=("post",), countries=("FR",), tags=("vip",), penalty_minor=-250)

    assert sentence(rule, "EUR") == "Post counts EUR 2.50 less for parcels to FR, of orders tagged vip"
    assert list(problems(Preference("x", needs_signature=True))) == []
    assert list(problems(Preference("x"))) == ["it neither forbids nor counts anything"]
