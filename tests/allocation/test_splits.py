"""Several parcels: the fewest that serve all, what may go ahead of the rest, kits that stay in one piece."""

import pytest

from quartermaster.allocation.rules import DEFAULT, Rule, RuleSet, Split, route
from quartermaster.allocation.rules.splits import SITES_MAX
from quartermaster.testing.builders import a_site, an_order_to_route, wanted


def shipped(routing):
    """Site -> code -> units."""
    return {parcel.site: {take.code: take.quantity for take in parcel.takes} for parcel in routing.parcels}


def waits(routing):
    return {each.code: each.quantity for each in routing.waiting}


def split(**policy):
    return RuleSet(3, (Rule("R", split=Split(**policy)),))


THREE = an_order_to_route(wanted("A"), wanted("B"), wanted("C"))


def test_two_parcels_are_found_before_three_even_when_they_cost_more():
    sites = [
        a_site("A", {"A": 1}, cost_minor=1),
        a_site("B", {"B": 1}, cost_minor=1),
        a_site("C", {"C": 1}, cost_minor=1),
        a_site("BC", {"B": 1, "C": 1}, cost_minor=9000),
    ]
    routing = route(THREE, sites, DEFAULT)
    assert shipped(routing) == {"A": {"A": 1}, "BC": {"B": 1, "C": 1}}
    assert routing.because == (
        "No site has everything; 2 parcels from A and BC are the fewest, EUR 90.01 together.",
    )


@pytest.mark.parametrize(
    ("first", "second", "chosen"),
    [
        ({"cost_minor": 500}, {"cost_minor": 400}, "Y"),
        ({"cost_minor": None}, {"cost_minor": 9999}, "Y"),
        ({"days": 4}, {"days": 2}, "Y"),
        ({"days": 2}, {"days": None}, "X"),
        ({}, {}, "X"),
    ],
)
def test_among_plans_of_as_many_parcels_the_rank_decides(first, second, chosen):
    order = an_order_to_route(wanted("A"), wanted("B"), latitude=52.5, longitude=13.4)
    sites = [a_site("BASE", {"A": 1}), a_site("X", {"B": 1}, **first), a_site("Y", {"B": 1}, **second)]
    assert sorted(shipped(route(order, sites, DEFAULT))) == sorted(["BASE", chosen])


def test_every_site_is_told_its_part_or_what_its_best_plan_would_have_cost():
    order = an_order_to_route(wanted("A", 2), wanted("B"))
    sites = [
        a_site("BER", {"A": 2}),
        a_site("HAM", {"B": 1}),
        a_site("MUC", {"B": 1}, cost_minor=800),
        a_site("ROM", {"A": 1}),
        a_site("WAW", {"B": 1}),
    ]

    routing = route(order, sites, DEFAULT)

    assert {each.site: (each.is_chosen, each.removed_by, each.because) for each in routing.candidates} == {
        "BER": (True, "", "Serves 2 × A, EUR 4.90, 1 day. BER lacks 1 × B (has 0, wants 1)."),
        "HAM": (True, "", "Serves 1 × B, EUR 4.90, 1 day. HAM lacks 2 × A (has 0, wants 2)."),
        "MUC": (
            False,
            "",
            "MUC lacks 2 × A (has 0, wants 2). Together with BER it would do, but that costs EUR 3.10 more.",
        ),
        "ROM": (
            False,
            "",
            "ROM lacks 1 × A (has 1, wants 2) and 1 × B (has 0, wants 1). "
            "No plan of 2 parcels has a use for it.",
        ),
        "WAW": (
            False,
            "",
            "WAW lacks 2 × A (has 0, wants 2). Together with BER it would do, but that comes later by code.",
        ),
    }
    assert {each.site: each.scores["parcels"] for each in routing.candidates} == {
        "BER": 2,
        "HAM": 2,
        "MUC": 2,
        "ROM": None,
        "WAW": 2,
    }


def test_a_line_stays_whole_where_it_can():
    order = an_order_to_route(wanted("A", 2), wanted("B"))
    routing = route(order, [a_site("X", {"A": 1, "B": 1}), a_site("Y", {"A": 2})], DEFAULT)
    assert shipped(routing) == {"X": {"B": 1}, "Y": {"A": 2}}


def test_a_line_is_divided_when_no_site_has_all_of_it():
    routing = route(
        an_order_to_route(wanted("A", 5)), [a_site("X", {"A": 3}), a_site("Y", {"A": 4})], DEFAULT
    )
    assert shipped(routing) == {"X": {"A": 3}, "Y": {"A": 2}}


def test_a_kit_is_never_torn_apart_over_sites():
    order = an_order_to_route(wanted("SET", 1, parts={"MUG": 2, "BOX": 1}))
    routing = route(order, [a_site("X", {"MUG": 2}), a_site("Y", {"BOX": 1, "MUG": 1})], DEFAULT)
    assert routing.parcels == ()
    assert routing.waiting[0].because == "No site has all parts of SET together (2 × MUG and 1 × BOX)."


def test_a_pack_of_two_is_not_made_of_one_piece_here_and_one_there():
    order = an_order_to_route(wanted("PAIR", parts={"MUG": 2}))
    routing = route(order, [a_site("X", {"MUG": 1}), a_site("Y", {"MUG": 1})], DEFAULT)
    assert routing.waiting[0].because == "No site has all parts of PAIR together (2 × MUG)."


def test_kits_of_one_line_may_come_whole_from_different_sites():
    order = an_order_to_route(wanted("SET", 3, parts={"MUG": 2, "BOX": 1}))
    sites = [a_site("X", {"MUG": 5, "BOX": 2}), a_site("Y", {"MUG": 2, "BOX": 9})]
    assert shipped(route(order, sites, DEFAULT)) == {"X": {"SET": 2}, "Y": {"SET": 1}}


def test_a_component_wanted_by_two_kits_and_a_line_is_given_away_once():
    order = an_order_to_route(
        wanted("SET", parts={"MUG": 2, "BOX": 1}, value_minor=3000),
        wanted("DUO", parts={"MUG": 2}, value_minor=2500),
        wanted("MUG", value_minor=1000),
    )
    routing = route(order, [a_site("X", {"MUG": 4, "BOX": 1})], DEFAULT)
    assert shipped(routing) == {"X": {"SET": 1, "DUO": 1}}
    assert waits(routing) == {"MUG": 1}


def test_greed_is_corrected_when_kits_compete_for_a_component():
    """SET first at X would leave DUO nowhere to go: the search goes back."""
    order = an_order_to_route(
        wanted("SET", parts={"MUG": 1, "BOX": 1}), wanted("DUO", parts={"MUG": 2, "TIN": 1})
    )
    sites = [a_site("X", {"MUG": 2, "BOX": 1, "TIN": 1}), a_site("Y", {"MUG": 1, "BOX": 1})]
    assert shipped(route(order, sites, DEFAULT)) == {"X": {"DUO": 1}, "Y": {"SET": 1}}


@pytest.mark.parametrize(
    ("policy", "parcels"),
    [
        ({"value_min_minor": 1000}, {"X": {"A": 9}, "Y": {"A": 1}}),
        ({"value_min_minor": 4000}, {"X": {"A": 6}, "Y": {"A": 4}}),
        ({"value_min_minor": 5001}, {"X": {"A": 9}}),
        ({"value_min_minor": 9001}, {}),
        ({"parcels_max": 1}, {"X": {"A": 9}}),
        ({"is_allowed": False}, {"X": {"A": 9}}),
        ({"is_allowed": False, "ships_partly": False}, {}),
    ],
)
def test_the_policy_bounds_the_number_and_the_worth_of_parcels(policy, parcels):
    """Ten units worth 100.00 in all; X has nine of them, Y five."""
    order = an_order_to_route(wanted("A", 10))
    routing = route(order, [a_site("X", {"A": 9}), a_site("Y", {"A": 5})], split(**policy))
    assert shipped(routing) == parcels
    assert sum(waits(routing).values()) == 10 - sum(units["A"] for units in parcels.values())


@pytest.mark.parametrize(
    ("policy", "because"),
    [
        (
            {"value_min_minor": 9001},
            "There is enough for this line, but not for the order in 3 parcels, "
            "each worth at least EUR 90.01.",
        ),
        (
            {"parcels_max": 1, "ships_partly": False},
            "There is enough for this line, but not for the order in one parcel.",
        ),
        (
            {"is_allowed": False, "ships_partly": False},
            "There is enough, but this rule does not split an order over sites.",
        ),
    ],
)
@pytest.mark.parametrize("ships_complete", [False, True])
def test_units_that_the_policy_keeps_back_say_so(policy, because, ships_complete):
    order = an_order_to_route(wanted("A", 10), ships_complete=ships_complete)
    routing = route(order, [a_site("X", {"A": 9}), a_site("Y", {"A": 5})], split(**policy))
    assert [each.because for each in routing.waiting] == [because]
    assert routing.because == ("Everything is there, but not at sites that may share this order.",)


def test_every_parcel_must_be_worth_its_while_over_all_lines():
    """At X alone A and B are 30.00; C and D could go with them or not."""
    order = an_order_to_route(wanted("A"), wanted("B", 2), wanted("C"), wanted("D", 2))
    sites = [a_site("X", {"A": 1, "B": 2, "C": 1}), a_site("Y", {"B": 2, "C": 1, "D": 2})]
    assert shipped(route(order, sites, split(value_min_minor=3000))) == {
        "X": {"A": 1, "B": 2},
        "Y": {"C": 1, "D": 2},
    }
    assert shipped(route(order, sites, split(value_min_minor=3001))) == {"Y": {"B": 2, "C": 1, "D": 2}}


def test_the_most_goods_value_goes_now_and_the_rest_waits_with_its_reason():
    order = an_order_to_route(
        wanted("CHEAP", value_minor=100), wanted("DEAR", value_minor=9000), wanted("GONE")
    )
    sites = [a_site("X", {"CHEAP": 1}), a_site("Y", {"DEAR": 1})]

    routing = route(order, sites, split(is_allowed=False))

    assert shipped(routing) == {"Y": {"DEAR": 1}}
    assert {each.code: each.because for each in routing.waiting} == {
        "CHEAP": "There is enough, but this rule does not split an order over sites.",
        "GONE": "No site has GONE free.",
    }
    assert routing.because == (
        "Not everything can go now. Most goods value: one parcel from Y; waiting: 1 × CHEAP and 1 × GONE.",
    )
    assert routing.candidates[1].because.endswith("Not in the plan that serves the most goods value now.")


def test_a_long_list_of_what_waits_is_cut_and_counted():
    gone = [wanted(f"GONE-{number}") for number in range(6)]
    routing = route(an_order_to_route(wanted("A"), *gone), [a_site("X", {"A": 1})], DEFAULT)
    assert routing.because[0].endswith("1 × GONE-2, 1 × GONE-3 and 2 more.")


def test_units_given_away_for_nothing_go_too():
    order = an_order_to_route(wanted("GIFT", value_minor=0), wanted("LAMP"), wanted("GONE"))
    routing = route(order, [a_site("X", {"LAMP": 1, "GIFT": 1})], DEFAULT)
    assert shipped(routing) == {"X": {"GIFT": 1, "LAMP": 1}}


def test_a_second_parcel_is_not_made_for_what_one_can_take():
    order = an_order_to_route(wanted("A", 2), wanted("GONE"))
    routing = route(order, [a_site("X", {"A": 1}), a_site("Y", {"A": 2}), a_site("Z", {"A": 1})], DEFAULT)
    assert shipped(routing) == {"Y": {"A": 2}}


def test_everything_in_one_go_may_still_be_several_parcels():
    order = an_order_to_route(wanted("A"), wanted("B"), ships_complete=True)
    assert shipped(route(order, [a_site("X", {"A": 1}), a_site("Y", {"B": 1})], DEFAULT)) == {
        "X": {"A": 1},
        "Y": {"B": 1},
    }


def test_a_five_line_order_with_a_kit_and_a_preorder_goes_in_three_parcels_and_the_preorder_waits():
    order = an_order_to_route(
        wanted("LAMP", 2),
        wanted("SET", parts={"MUG": 2, "BOX": 1}),
        wanted("BOWL"),
        wanted("SPOON", 4),
        wanted("PREORDER"),
    )
    sites = [
        a_site("BER", {"LAMP": 2, "MUG": 1}),
        a_site("MUC", {"MUG": 2, "BOX": 1}),
        a_site("3PL", {"BOWL": 1, "SPOON": 4}),
    ]
    routing = route(order, sites, DEFAULT)
    assert shipped(routing) == {"BER": {"LAMP": 2}, "MUC": {"SET": 1}, "3PL": {"BOWL": 1, "SPOON": 4}}
    assert waits(routing) == {"PREORDER": 1}


def test_the_only_site_with_a_line_is_looked_at_however_badly_it_ranks():
    crowd = [a_site(f"S{number:02}", {"A": 1}, cost_minor=100) for number in range(3 * SITES_MAX)]
    last = a_site("ZZZ", {"B": 1}, cost_minor=9999)
    routing = route(an_order_to_route(wanted("A"), wanted("B")), [*crowd, last], DEFAULT)
    assert shipped(routing) == {"S00": {"A": 1}, "ZZZ": {"B": 1}}


def test_a_contrived_order_is_answered_within_the_steps_allowed():
    """Twelve kits compete for four components at eight sites, where almost nothing may be left over."""
    kits = [
        wanted(f"KIT-{number}", 3, parts={f"P{number % 4}": 2, f"P{(number + 1) % 4}": 3})
        for number in range(12)
    ]
    sites = [a_site(f"S{at}", {f"P{number}": 6 for number in range(4)}) for at in range(8)]

    routing = route(an_order_to_route(*kits), sites, split(parcels_max=8))

    taken = sum(sum(units.values()) for units in shipped(routing).values())
    assert taken >= 8
    assert taken + sum(waits(routing).values()) == 12 * 3


def test_an_order_of_thousands_of_lines_is_answered():
    order = an_order_to_route(*[wanted(f"SKU-{number}", 2) for number in range(3000)])
    sites = [a_site("X", {f"SKU-{number}": 1 for number in range(3000)})]
    routing = route(order, sites, DEFAULT)
    assert len(routing.parcels[0].takes) == len(routing.waiting) == 3000
