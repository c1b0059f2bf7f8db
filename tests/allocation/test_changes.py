"""The smallest change that would bring a site in, each verified by applying it."""

import pytest
from msgspec.structs import replace

from quartermaster.allocation.rules import DEFAULT, Inputs, Rule, RuleSet, Split, route, what_would_change
from quartermaster.core.errors import NotFound
from quartermaster.testing.builders import a_site, an_order_to_route, wanted

LAMPS = an_order_to_route(wanted("LAMP", 3), promise_days=2)
BERLIN = a_site("BER", {"LAMP": 9}, cost_minor=490)
PUNCTUAL = RuleSet(1, (Rule("Punctual", filters=(*Rule("").filters, "cutoff")),))


def asked(*sites, order=LAMPS, rules=PUNCTUAL, code="MUC"):
    return what_would_change(Inputs(order, sites, rules), code)


@pytest.mark.parametrize(
    ("site", "answer"),
    [
        ({"cost_minor": 620}, "MUC would serve this order at EUR 4.89 or less."),
        ({"code": "AAA", "cost_minor": 620}, "AAA would serve this order at EUR 4.90 or less."),
        ({"cost_minor": None}, "MUC would serve this order at EUR 4.89 or less."),
        (
            {"cost_minor": 100, "available": {"LAMP": 1}},
            "MUC would serve this order with 2 more × LAMP.",
        ),
        (
            {"cost_minor": 100, "is_before_cutoff": False},
            "MUC would serve this order before its cut-off.",
        ),
        (
            {"cost_minor": 100, "capacity_left": 0},
            "MUC would serve this order if it took one more order today.",
        ),
        ({"cost_minor": 100, "ships_to": ("FR",)}, "MUC would serve this order if it shipped to DE."),
        ({"cost_minor": 100, "is_active": False}, "MUC would serve this order if it were active."),
        ({"days": 9}, "MUC would serve this order at EUR 4.89 or less."),
        ({"is_active": False, "is_before_cutoff": False}, None),
        ({"cost_minor": 100}, None),
    ],
)
def test_the_change_is_named(site, answer):
    munich = replace(a_site("MUC", {"LAMP": 9}), **site)
    assert asked(BERLIN, munich, code=munich.code) == answer


def test_hazardous_goods_may_be_what_shuts_a_site_out():
    order = an_order_to_route(wanted("BAT-1", is_hazmat=True))
    munich = a_site("MUC", {"BAT-1": 1}, takes_hazmat=False, cost_minor=1)
    assert asked(a_site("BER", {"BAT-1": 1}), munich, order=order) == (
        "MUC would serve this order if it took hazardous goods."
    )


def test_a_faster_lane_is_named_when_the_cost_cannot_help():
    rules = RuleSet(2, (Rule("Promise", rank=("promise", "cost")),))
    munich = a_site("MUC", {"LAMP": 9}, days=5, cost_minor=100)
    assert asked(BERLIN, munich, rules=rules) == "MUC would serve this order if it took 2 days or less."


def test_of_several_missing_skus_the_one_that_needs_the_fewest_units_is_named():
    order = an_order_to_route(wanted("LAMP", 5), wanted("MUG", 2))
    munich = a_site("MUC", {"LAMP": 1})
    assert asked(munich, order=order) is None  # it already sends the one lamp
    assert asked(a_site("MUC"), order=order) == "MUC would serve a part of this order with 1 more × LAMP."


ALL_THREE = {"LAMP": 3, "MUG": 2, "BOWL": 1}


@pytest.mark.parametrize(
    ("rule", "holds", "answer"),
    [
        (Rule("R", sites=("BER",)), ALL_THREE, "MUC would serve this order if rule R named it."),
        (
            Rule("R", site_kinds=("3pl",)),
            ALL_THREE,
            "MUC would serve this order if rule R used sites of kind own.",
        ),
        (
            Rule("R", split=Split(value_min_minor=99999)),
            {"LAMP": 3},
            "MUC would serve a part of this order if rule R set no least worth of a parcel.",
        ),
        (
            Rule("R", split=Split(ships_partly=False)),
            {"LAMP": 3},
            "MUC would serve a part of this order if rule R let a part of the order go.",
        ),
    ],
)
def test_a_more_generous_rule_is_named_last(rule, holds, answer):
    order = an_order_to_route(wanted("LAMP", 3), wanted("MUG", 2), wanted("BOWL"))
    assert asked(a_site("MUC", holds), order=order, rules=RuleSet(2, (rule,))) == answer


def test_a_split_that_the_rule_forbids_is_named():
    rules = RuleSet(2, (Rule("R", split=Split(is_allowed=False, ships_partly=False)),))
    order = an_order_to_route(wanted("A"), wanted("B"), wanted("C"))
    sites = a_site("BER", {"A": 1}), a_site("MUC", {"B": 1}), a_site("HAM", {"C": 1})
    assert asked(*sites, order=order, rules=rules) == (
        "MUC would serve a part of this order if rule R split orders over sites."
    )


def test_a_site_that_would_come_in_beside_another_serves_a_part():
    order = an_order_to_route(wanted("A"), wanted("B"), wanted("C"))
    assert asked(a_site("BER", {"A": 1, "B": 1}), a_site("MUC"), order=order) == (
        "MUC would serve a part of this order with 1 more × C."
    )


def test_a_site_that_serves_already_needs_no_change():
    assert asked(BERLIN, a_site("MUC"), code="BER") is None


def test_the_amount_named_is_the_least_that_does():
    order = an_order_to_route(wanted("LAMP", 10))
    munich = a_site("MUC", {"LAMP": 4}, cost_minor=1)
    assert asked(a_site("BER", {"LAMP": 10}), munich, order=order).endswith("with 6 more × LAMP.")
    one_less = replace(munich, available={"LAMP": 9})
    assert route(order, [a_site("BER", {"LAMP": 10}), one_less], DEFAULT).parcels[0].site == "BER"


def test_a_site_nobody_knows_is_refused():
    with pytest.raises(NotFound):
        asked(BERLIN, code="ROM")
