"""A person's choice goes before the rules; what the rules say stays on record."""

import pytest

from quartermaster.allocation.rules import BY_HAND, DEFAULT, Rule, RuleSet, assign
from quartermaster.core.errors import NotFound
from quartermaster.testing.builders import a_site, an_order_to_route, wanted

ORDER = an_order_to_route(wanted("LAMP", 2), wanted("MUG"))
PUNCTUAL = RuleSet(1, (Rule("Punctual", filters=("active", "cutoff")),))
BERLIN = a_site("BER", {"LAMP": 9, "MUG": 9})


def test_everything_goes_where_a_person_says_even_past_a_filter():
    closed = a_site("MUC", {"LAMP": 2, "MUG": 1}, is_before_cutoff=False)

    routing = assign(ORDER, [BERLIN, closed], PUNCTUAL, "MUC")

    assert routing.rule == BY_HAND
    assert [(take.code, take.quantity) for take in routing.parcels[0].takes] == [("LAMP", 2), ("MUG", 1)]
    assert routing.parcels[0].because == ("Chosen by hand.",)
    assert routing.waiting == ()
    assert routing.because == ("MUC was chosen by hand.", "The rules would have chosen BER.")
    assert {each.site: (each.is_chosen, each.removed_by, each.because) for each in routing.candidates} == {
        "BER": (
            False,
            "",
            "Chosen by the rules: Has everything, one parcel, EUR 4.90, 1 day. "
            "The only site with everything.",
        ),
        "MUC": (True, "cutoff", "Chosen by hand. The rules say: MUC is past its cut-off today."),
    }


def test_what_the_chosen_site_lacks_waits():
    routing = assign(ORDER, [BERLIN, a_site("MUC", {"LAMP": 1})], DEFAULT, "MUC")
    assert [(take.code, take.quantity) for take in routing.parcels[0].takes] == [("LAMP", 1)]
    assert [(each.code, each.quantity, each.because) for each in routing.waiting] == [
        ("LAMP", 1, "MUC was chosen by hand and can serve 1 of 2 × LAMP."),
        ("MUG", 1, "MUC was chosen by hand and can serve 0 of 1 × MUG."),
    ]


def test_a_site_with_nothing_gets_no_parcel_and_is_told_so():
    routing = assign(ORDER, [BERLIN, a_site("MUC")], DEFAULT, "MUC")
    assert routing.parcels == ()
    assert [each.quantity for each in routing.waiting] == [2, 1]
    assert routing.candidates[-1].because.startswith("Chosen by hand, but it has nothing to send.")
    assert not any(each.is_chosen for each in routing.candidates)


@pytest.mark.parametrize(
    ("sites", "told"),
    [
        ([BERLIN], "The rules would have chosen it too."),
        ([a_site("BER", {"LAMP": 2}, is_active=False)], "The rules would have let the order wait."),
    ],
)
def test_the_difference_to_the_rules_is_told(sites, told):
    assert assign(ORDER, sites, DEFAULT, "BER").because[1] == told


def test_a_component_wanted_twice_is_not_taken_twice():
    order = an_order_to_route(
        wanted("MUG", 2), wanted("SET", 2, parts={"MUG": 1, "BOX": 1}, value_minor=9000)
    )
    routing = assign(order, [a_site("BER", {"MUG": 3, "BOX": 9})], DEFAULT, "BER")
    assert [(take.code, take.quantity) for take in routing.parcels[0].takes] == [("MUG", 1), ("SET", 2)]


def test_an_order_with_nothing_left_stays_empty():
    routing = assign(an_order_to_route(), [BERLIN], DEFAULT, "BER")
    assert (routing.parcels, routing.waiting) == ((), ())


def test_a_site_nobody_knows_is_refused():
    with pytest.raises(NotFound) as refusal:
        assign(ORDER, [BERLIN], DEFAULT, "ROM")
    assert str(refusal.value) == "There is no site ROM."
