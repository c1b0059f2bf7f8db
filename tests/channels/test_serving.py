"""Which sites serve a shop."""

from quartermaster.allocation.rules import Otherwise, Rule, RuleSet
from quartermaster.channels.rules import Site, serving

SITES = [Site("BER", "own"), Site("FBA", "fba"), Site("LYO", "3pl"), Site("OLD", "own", is_active=False)]


def served(*rules, shop="acme"):
    return serving(RuleSet(1, rules), shop, SITES)


def test_a_rule_for_all_serves_from_every_active_site():
    assert served(Rule("Everywhere")) == {"BER", "FBA", "LYO"}


def test_a_rule_of_another_shop_counts_for_nothing():
    rules = (Rule("A", channels=("other",), sites=("FBA",)), Rule("B", site_kinds=("own",)))
    assert served(*rules) == {"BER"}
    assert served(*rules, shop="other") == {"BER", "FBA"}


def test_behind_a_rule_that_parks_the_rest_nothing_is_reached():
    parks = Rule("A", channels=("acme",), sites=("LYO",), otherwise=Otherwise.PARK)
    assert served(parks, Rule("B")) == {"LYO"}
    assert served(Rule("A", countries=("FR",), sites=("LYO",), otherwise=Otherwise.PARK), Rule("B")) == {
        "BER",
        "FBA",
        "LYO",
    }
