"""What is wrong with a rule set in words, and every rule in one sentence."""

import pytest

from quartermaster.allocation.rules import DEFAULT, Otherwise, Rule, RuleSet, Split, check, describe

FILTER_NAMES = "active, site_kind, country, cutoff, capacity, hazmat, restricted, promise and stock"


def test_the_rule_set_we_start_with_is_in_order():
    assert check(DEFAULT) == []
    assert (DEFAULT.version, [rule.name for rule in DEFAULT.rules]) == (1, ["Everywhere"])


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        (Rule(""), "Rule number 1: a rule needs a name."),
        (Rule("x" * 81), f"Rule {'x' * 81}: the name is longer than 80 characters."),
        (
            Rule("By hand"),
            'Rule By hand: "by hand" names what a person decided, so no rule can be called that.',
        ),
        (Rule("R", filters=("weather",)), f'Rule R: "weather" is not a filter; there are {FILTER_NAMES}.'),
        (
            Rule("R", rank=("luck",)),
            'Rule R: "luck" is not a criterion; there are parcels, cost, promise, days, distance and code.',
        ),
        (Rule("R", rank=()), "Rule R: rank names no criterion, so sites would be chosen by code alone."),
        (
            Rule("R", rank=("code", "cost")),
            'Rule R: "code" decides for good, so what follows it in rank is never looked at.',
        ),
        (Rule("R", filters=("stock", "stock")), 'Rule R: filters names "stock" more than once.'),
        (Rule("R", tags=("vip", "vip")), 'Rule R: tags names "vip" more than once.'),
        (Rule("R", sites=(" ",)), "Rule R: sites has an empty entry."),
        (Rule("R", countries=("de",)), 'Rule R: "de" is not a country code of two capital letters.'),
        (
            Rule("R", site_kinds=("moon",)),
            'Rule R: "moon" is not a kind of site; there are own, 3pl, store, dropship and fba.',
        ),
        (Rule("R", value_min_minor=-1), "Rule R: value_min_minor must be 0 or more, in minor units."),
        (Rule("R", split=Split(parcels_max=0)), "Rule R: split.parcels_max must be from 1 to 8."),
        (Rule("R", split=Split(parcels_max=9)), "Rule R: split.parcels_max must be from 1 to 8."),
        (
            Rule("R", split=Split(parcels_max=1)),
            "Rule R: split.is_allowed with split.parcels_max 1 splits nothing: "
            "raise the one or turn off the other.",
        ),
        (
            Rule("R", split=Split(value_min_minor=-1)),
            "Rule R: split.value_min_minor must be 0 or more, in minor units.",
        ),
    ],
)
def test_a_rule_that_cannot_be_meant_is_named_with_its_problem(rule, problem):
    assert check(RuleSet(1, (rule,))) == [problem]


@pytest.mark.parametrize(
    ("rules", "problem"),
    [
        (RuleSet(0, (Rule("R"),)), "The version must be 1 or more."),
        (RuleSet(1, ()), "There is no rule, so every order would wait."),
        (RuleSet(1, (Rule("R"), Rule("R"))), "The name R is used more than once."),
        (
            RuleSet(1, tuple(Rule(f"R{number}") for number in range(101))),
            "There are 101 rules; at most 100 can be kept in one's head.",
        ),
        (
            RuleSet(1, (Rule("All", otherwise=Otherwise.PARK), Rule("Late"), Rule("Later"))),
            "Rule All takes every order and parks the rest; never reached: Late and Later.",
        ),
    ],
)
def test_a_stack_that_cannot_be_meant_is_named_with_its_problem(rules, problem):
    assert check(rules) == [problem]


@pytest.mark.parametrize(
    "rule",
    [
        Rule("Last may park", otherwise=Otherwise.PARK),
        Rule("No split", split=Split(is_allowed=False, parcels_max=1)),
        Rule("Full", countries=("DE",), channels=("acme",), tags=("vip",), value_min_minor=0, sites=("BER",)),
    ],
)
def test_a_sensible_rule_has_no_problem(rule):
    assert check(RuleSet(2, (Rule("For some", countries=("FR",), otherwise=Otherwise.PARK), rule))) == []


@pytest.mark.parametrize(
    ("rule", "currency", "sentence"),
    [
        (
            DEFAULT.rules[0],
            "",
            "Everywhere: every order; from sites that are active, ship to the country, "
            "take orders today, may handle hazardous goods if there are any and have stock; "
            "best first by fewest parcels, then lowest cost, then promise kept, then shortest distance, "
            "then site code; "
            "in at most 3 parcels; what is missing waits; else the next rule.",
        ),
        (
            Rule(
                "Own first",
                countries=("DE", "AT"),
                channels=("acme",),
                tags=("vip",),
                value_min_minor=5000,
                site_kinds=("own", "store"),
                sites=("BER", "HAM"),
                filters=("active", "site_kind", "stock"),
                rank=("promise",),
                split=Split(value_min_minor=2000, parcels_max=2, ships_partly=False),
                otherwise=Otherwise.PARK,
            ),
            "EUR",
            "Own first: orders to DE or AT from acme tagged vip worth at least EUR 50.00; "
            "from own or store sites among BER and HAM that are active and have stock; "
            "best first by promise kept, then site code; "
            "in at most 2 parcels worth at least EUR 20.00 each; nothing goes until everything is there; "
            "else the order waits.",
        ),
        (
            Rule("One", value_min_minor=5000, filters=(), rank=("cost",), split=Split(is_allowed=False)),
            "",
            "One: orders worth at least 5000 minor units; from sites that are active and have stock; "
            "best first by lowest cost, then site code; never split over sites; what is missing waits; "
            "else the next rule.",
        ),
    ],
)
def test_a_rule_reads_as_one_sentence(rule, currency, sentence):
    assert describe(rule, currency) == sentence
