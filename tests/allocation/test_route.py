"""Which site with everything an order goes to, and what each site is told. Splits: test_splits."""

import pytest

from quartermaster.allocation.rules import DEFAULT, Otherwise, Rule, RuleSet, Split, route
from quartermaster.testing.builders import a_site, an_order_to_route, wanted

PROMISE_FIRST = RuleSet(2, (Rule("Promise first", rank=("promise", "cost")),))


def rules(*stack):
    return RuleSet(7, stack)


def told(routing):
    return {candidate.site: candidate.because for candidate in routing.candidates}


def sites_of(routing):
    return [parcel.site for parcel in routing.parcels]


def test_the_cheapest_site_with_everything_wins_and_every_site_is_told_why():
    order = an_order_to_route(wanted("HB-204", 2), wanted("MG-011"), promise_days=2)
    holds_all = {"HB-204": 5, "MG-011": 5}
    munich = a_site("MUC", holds_all, cost_minor=620)
    berlin = a_site("BER", holds_all, cost_minor=490)
    third_party = a_site("3PL", {"HB-204": 1, "MG-011": 5}, kind="3pl", cost_minor=450)

    routing = route(order, [munich, berlin, third_party], DEFAULT)

    assert [(take.code, take.quantity) for take in routing.parcels[0].takes] == [("HB-204", 2), ("MG-011", 1)]
    assert sites_of(routing) == ["BER"]
    assert [(each.site, each.is_chosen) for each in routing.candidates] == [
        ("BER", True),
        ("MUC", False),
        ("3PL", False),
    ]
    assert routing.waiting == ()
    assert told(routing) == {
        "BER": "Has everything, one parcel, EUR 4.90, 1 day. Cheapest of 2.",
        "MUC": "Has everything and keeps the promise, but costs EUR 1.30 more.",
        "3PL": "3PL lacks 1 × HB-204 (has 1, wants 2). Would need a second parcel.",
    }
    assert routing.because == ("BER: Has everything, one parcel, EUR 4.90, 1 day. Cheapest of 2.",)
    assert (routing.rule, routing.rule_version) == ("Everywhere", 1)


def test_the_cheapest_is_passed_over_when_it_would_be_late():
    order = an_order_to_route(wanted("LAMP", 2), promise_days=3)
    slow_and_cheap = a_site("WAW", {"LAMP": 9}, days=5, cost_minor=290)
    fast_and_dear = a_site("BER", {"LAMP": 9}, days=1, cost_minor=490)

    routing = route(order, [slow_and_cheap, fast_and_dear], PROMISE_FIRST)

    assert sites_of(routing) == ["BER"]
    assert told(routing)["WAW"] == "Has everything, but needs 5 days, promised: 3 days."


@pytest.mark.parametrize(
    ("rule", "order", "sites", "winner", "loser"),
    [
        (
            Rule("R"),
            {},
            [a_site("A", {"LAMP": 1}, days=1), a_site("B", {"LAMP": 1}, days=3)],
            "Has everything, one parcel, EUR 4.90, 1 day. Soonest of 2.",
            "Has everything, but takes 2 days longer.",
        ),
        (
            Rule("R"),
            {},
            [a_site("A", {"LAMP": 1}), a_site("B", {"LAMP": 1}, cost_minor=None)],
            "Has everything, one parcel, EUR 4.90, 1 day. Cheapest of 2.",
            "Has everything, but has no known cost.",
        ),
        (
            Rule("R", rank=("days",)),
            {},
            [a_site("A", {"LAMP": 1}, cost_minor=None), a_site("B", {"LAMP": 1}, days=None)],
            "Has everything, one parcel, cost unknown, 1 day. Soonest of 2.",
            "Has everything, but has no known days.",
        ),
        (
            Rule("R"),
            {"latitude": 52.52, "longitude": 13.405},
            [
                a_site("A", {"LAMP": 1}, latitude=52.52, longitude=13.405),
                a_site("B", {"LAMP": 1}, latitude=48.137, longitude=11.575),
            ],
            "Has everything, one parcel, EUR 4.90, 1 day. Nearest of 2.",
            "Has everything, but is 504 km farther.",
        ),
        (
            Rule("R"),
            {},
            [a_site("A", {"LAMP": 1}), a_site("B", {"LAMP": 1})],
            "Has everything, one parcel, EUR 4.90, 1 day. As good as B, and first by code.",
            "Has everything and is as good as A, which comes first by code.",
        ),
        (
            Rule("R"),
            {"promise_days": 1},
            [a_site("A", {"LAMP": 1}, days=3, cost_minor=100), a_site("B", {"LAMP": 1}, days=3)],
            "Has everything, one parcel, EUR 1.00, 3 days (promised: 1 day). Cheapest of 2.",
            "Has everything, but costs EUR 3.90 more.",
        ),
    ],
)
def test_the_sentences_name_what_decided(rule, order, sites, winner, loser):
    routing = route(an_order_to_route(wanted("LAMP"), **order), sites, rules(rule))
    assert told(routing) == {"A": winner, "B": loser}


def test_only_sites_equal_until_then_are_counted_as_rivals():
    order = an_order_to_route(wanted("LAMP"), promise_days=2)
    sites = [
        a_site("A", {"LAMP": 1}, cost_minor=490),
        a_site("B", {"LAMP": 1}, cost_minor=600),
        a_site("LATE", {"LAMP": 1}, cost_minor=100, days=4),
    ]
    assert told(route(order, sites, PROMISE_FIRST))["A"].endswith("Cheapest of 2 that keep the promise.")

    none_promised = an_order_to_route(wanted("LAMP"))
    assert told(route(none_promised, sites, PROMISE_FIRST))["A"].endswith("Cheapest of the 2 best.")


def test_the_only_site_with_everything_is_called_that():
    routing = route(an_order_to_route(wanted("LAMP")), [a_site("A", {"LAMP": 1}), a_site("B")], DEFAULT)
    assert told(routing) == {
        "A": "Has everything, one parcel, EUR 4.90, 1 day. The only site with everything.",
        "B": "B lacks 1 × LAMP (has 0, wants 1).",
    }


def test_scores_stand_in_the_order_of_the_rank_for_sites_that_were_ranked():
    order = an_order_to_route(wanted("LAMP", 2), promise_days=1)
    sites = [
        a_site("A", {"LAMP": 2}),
        a_site("B", {"LAMP": 1}, days=4),
        a_site("C", {"LAMP": 2}, is_active=False),
    ]

    full, short, removed = route(order, sites, DEFAULT).candidates

    assert list(full.scores.items()) == [("parcels", 1), ("cost", 490), ("promise", 0), ("distance", None)]
    assert short.scores == {"parcels": 2, "cost": 490, "promise": 3, "distance": None}
    assert (removed.removed_by, removed.scores) == ("active", {})


def test_a_site_that_has_parts_of_a_kit_but_no_whole_one_would_not_help():
    order = an_order_to_route(wanted("SET", parts={"MUG": 2, "BOX": 1}))
    routing = route(order, [a_site("A", {"MUG": 2, "BOX": 1}), a_site("B", {"BOX": 9})], DEFAULT)
    assert told(routing)["B"] == "B lacks 2 × MUG (has 0, wants 2)."
    assert routing.candidates[1].scores["parcels"] is None


def test_the_order_of_the_sites_given_changes_nothing():
    order = an_order_to_route(wanted("LAMP"))
    sites = [a_site("A", {"LAMP": 1}), a_site("B", {"LAMP": 1}), a_site("C"), a_site("D", is_active=False)]
    assert route(order, sites, DEFAULT) == route(order, sites[::-1], DEFAULT)


@pytest.mark.parametrize(
    ("conditions", "is_match"),
    [
        ({}, True),
        ({"countries": ("AT", "DE")}, True),
        ({"countries": ("AT",)}, False),
        ({"channels": ("acme",)}, True),
        ({"channels": ("other",)}, False),
        ({"tags": ("vip", "gift")}, True),
        ({"tags": ("vip",)}, False),
        ({"value_min_minor": 1000}, True),
        ({"value_min_minor": 1001}, False),
        ({"countries": ("DE",), "channels": ("other",)}, False),
    ],
)
def test_all_conditions_of_a_rule_must_hold(conditions, is_match):
    order = an_order_to_route(wanted("LAMP"), tags=("gift",))
    routing = route(order, [a_site("A", {"LAMP": 1})], rules(Rule("Some", **conditions)))
    assert (routing.rule == "Some") is is_match


def test_no_matching_rule_lets_everything_wait_and_says_so():
    routing = route(
        an_order_to_route(wanted("LAMP", 3)), [a_site("A", {"LAMP": 9})], rules(Rule("R", tags=("x",)))
    )
    assert (routing.rule, routing.parcels) == ("", ())
    assert [(each.code, each.quantity, each.because) for each in routing.waiting] == [
        ("LAMP", 3, "No rule matches this order.")
    ]
    assert told(routing) == {"A": "No rule matches this order."}


def test_the_next_rule_is_tried_when_one_finds_no_site():
    stack = rules(Rule("Own sites", site_kinds=("own",)), Rule("Anyone"))
    routing = route(an_order_to_route(wanted("LAMP")), [a_site("3PL", {"LAMP": 1}, kind="3pl")], stack)
    assert (routing.rule, sites_of(routing)) == ("Anyone", ["3PL"])
    assert routing.because[0] == "Rule Own sites found no site."


def test_a_rule_that_parks_keeps_the_order_from_later_rules():
    stack = rules(Rule("Own sites", site_kinds=("own",), otherwise=Otherwise.PARK), Rule("Anyone"))
    routing = route(an_order_to_route(wanted("LAMP")), [a_site("3PL", {"LAMP": 1}, kind="3pl")], stack)
    assert (routing.rule, routing.parcels) == ("Own sites", ())
    assert routing.waiting[0].because == "3PL has LAMP, but: 3PL is of kind 3pl, this rule uses own."
    assert routing.because == ("No site may serve this order now.",)


@pytest.mark.parametrize(
    ("order", "sites", "rule", "because"),
    [
        ({}, [a_site("A"), a_site("B")], Rule("R"), "No site has LAMP free."),
        ({}, [], Rule("R"), "No site has LAMP free."),
        (
            {},
            [a_site("A", {"LAMP": 9}, is_before_cutoff=False), a_site("B", {"LAMP": 9}, is_active=False)],
            Rule("R", filters=("active", "cutoff")),
            "A has LAMP, but: A is past its cut-off today. B may not serve it either.",
        ),
        (
            {"ships_complete": True},
            [a_site("A", {"LAMP": 1})],
            Rule("R"),
            "4 × LAMP wanted, 1 free at sites that may serve this order.",
        ),
        (
            {"ships_complete": True},
            [a_site("A", {"LAMP": 1}, near={"LAMP": (2, 60)}), a_site("B", near={"LAMP": (3, 60)})],
            Rule("R"),
            "4 × LAMP wanted, 1 free at sites that may serve this order; 5 × LAMP at A and B, too old for "
            "a channel that asks for 60 days.",
        ),
        (
            {},
            [a_site("A", over={"LAMP": 9}), a_site("B", over={"LAMP": 1}, is_active=False)],
            Rule("R", filters=("active",)),
            "All there is: 9 × LAMP at A, too near the last day.",
        ),
    ],
)
def test_waiting_units_name_their_reason(order, sites, rule, because):
    routing = route(an_order_to_route(wanted("LAMP", 4), **order), sites, rules(rule))
    assert routing.parcels == ()
    assert [(each.quantity, each.because) for each in routing.waiting] == [(4, because)]


def test_a_line_that_could_go_waits_for_the_rest_when_the_customer_wants_it_in_one_go():
    order = an_order_to_route(wanted("LAMP"), wanted("MUG", 2), ships_complete=True)
    routing = route(order, [a_site("A", {"LAMP": 1, "MUG": 1})], DEFAULT)
    assert routing.waiting[0].because == "The customer wants everything in one go; missing: 1 × MUG."
    assert routing.because == ("The customer wants everything in one go; missing: 1 × MUG.",)


def test_a_rule_may_keep_what_is_there_until_the_rest_has_come():
    rule = Rule("R", split=Split(ships_partly=False))
    order = an_order_to_route(wanted("LAMP"), wanted("MUG", 2))
    routing = route(order, [a_site("A", {"LAMP": 1, "MUG": 1})], rules(rule))
    assert routing.parcels == ()
    assert routing.waiting[0].because == (
        "This rule ships nothing until everything is there; missing: 1 × MUG."
    )


def test_an_order_with_nothing_left_is_answered_without_a_parcel():
    routing = route(an_order_to_route(wanted("LAMP", 0)), [a_site("A", {"LAMP": 9})], DEFAULT)
    assert (routing.parcels, routing.waiting) == ((), ())
    assert routing.because == ("Nothing is left to serve.",)
    assert told(routing) == {"A": "Nothing is wanted of A."}


def test_a_line_made_of_no_known_part_waits_and_does_not_stop_the_others():
    order = an_order_to_route(wanted("LAMP"), wanted("GHOST", parts={"GHOST": 0}))
    routing = route(order, [a_site("A", {"LAMP": 1, "GHOST": 5})], DEFAULT)
    assert sites_of(routing) == ["A"]
    assert [(each.code, each.because) for each in routing.waiting] == [
        ("GHOST", "GHOST is made of no known part.")
    ]
    assert told(routing)["A"].endswith("A has all but GHOST.")


def test_money_of_a_currency_nobody_knows_still_makes_a_sentence():
    routing = route(an_order_to_route(wanted("LAMP"), currency="???"), [a_site("A", {"LAMP": 1})], DEFAULT)
    assert "490 minor units of ???" in told(routing)["A"]
