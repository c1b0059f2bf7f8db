"""Every criterion by name, unknown values, ties, and what several sites score together."""

import pytest

from quartermaster.allocation.rules import rank
from quartermaster.testing.builders import a_site, an_order_to_route, wanted

BERLIN = {"latitude": 52.52, "longitude": 13.405}
MUNICH = {"latitude": 48.137, "longitude": 11.575}
LAMP = an_order_to_route(wanted("LAMP"), **BERLIN)
PROMISED = an_order_to_route(wanted("LAMP"), promise_days=2)


def best_first(names, order, *sites):
    criteria = rank.criteria_of(names)
    return [
        site.code
        for site in sorted(sites, key=lambda it: rank.key(rank.scores(order, it, criteria), it.code))
    ]


@pytest.mark.parametrize(
    ("name", "site", "order", "score"),
    [
        ("parcels", a_site("BER"), LAMP, 1),
        ("cost", a_site("BER", cost_minor=490), LAMP, 490),
        ("cost", a_site("BER", cost_minor=None), LAMP, None),
        ("promise", a_site("BER", days=2), PROMISED, 0),
        ("promise", a_site("BER", days=5), PROMISED, 3),
        ("promise", a_site("BER", days=None), PROMISED, None),
        ("promise", a_site("BER", days=5), LAMP, 5),
        ("days", a_site("BER", days=5), PROMISED, 5),
        ("days", a_site("BER", days=None), LAMP, None),
        ("distance", a_site("BER", **BERLIN), LAMP, 0),
        ("distance", a_site("MUC", **MUNICH), LAMP, 504),
        ("distance", a_site("MUC"), LAMP, None),
        ("distance", a_site("MUC", **MUNICH), PROMISED, None),
        ("distance", a_site("MUC", latitude=float("nan"), longitude=1.0), LAMP, None),
        ("distance", a_site("MUC", latitude=float("inf"), longitude=1.0), LAMP, None),
        ("distance", a_site("ANTIPODE", latitude=-52.52, longitude=-166.595), LAMP, 20015),
    ],
)
def test_a_criterion_scores_a_site(name, site, order, score):
    assert rank.CRITERIA[name].score(order, site) == score


@pytest.mark.parametrize(
    ("names", "order", "sites", "codes"),
    [
        (("cost",), LAMP, [a_site("A", cost_minor=500), a_site("B", cost_minor=400)], ["B", "A"]),
        (("cost",), LAMP, [a_site("A", cost_minor=None), a_site("B", cost_minor=10**9)], ["B", "A"]),
        (("cost",), LAMP, [a_site("B"), a_site("A")], ["A", "B"]),
        ((), LAMP, [a_site("B"), a_site("A")], ["A", "B"]),
        (
            ("promise", "cost"),
            PROMISED,
            [
                a_site("LATE", days=5, cost_minor=100),
                a_site("UNKNOWN", days=None, cost_minor=50),
                a_site("DEAR", days=1, cost_minor=900),
                a_site("FINE", days=2, cost_minor=490),
            ],
            ["FINE", "DEAR", "LATE", "UNKNOWN"],
        ),
        (("code", "cost"), LAMP, [a_site("B", cost_minor=1), a_site("A", cost_minor=9)], ["A", "B"]),
    ],
)
def test_sites_are_sorted_by_the_list_with_unknown_last_and_the_code_at_the_end(names, order, sites, codes):
    assert best_first(names, order, *sites) == codes


def test_what_follows_the_code_is_never_looked_at():
    assert [it.name for it in rank.criteria_of(("parcels", "code", "cost"))] == ["parcels"]


def test_a_plan_adds_up_costs_and_distances_and_is_as_slow_as_its_slowest_parcel():
    criteria = rank.criteria_of(("parcels", "cost", "promise", "days", "distance"))
    sites = [a_site("A", cost_minor=400, days=1, **BERLIN), a_site("B", cost_minor=500, days=4, **MUNICH)]
    each = [rank.scores(LAMP, site, criteria) for site in sites]

    assert rank.together(each, criteria) == {
        "parcels": 2,
        "cost": 900,
        "promise": 4,
        "days": 4,
        "distance": 504,
    }


def test_one_unknown_makes_the_whole_plan_unknown():
    criteria = rank.criteria_of(("cost",))
    each = [rank.scores(LAMP, site, criteria) for site in (a_site("A"), a_site("B", cost_minor=None))]
    assert rank.together(each, criteria) == {"cost": None}


@pytest.mark.parametrize(
    ("winner", "other", "name"),
    [
        ({"cost": 1, "days": 2}, {"cost": 3, "days": 1}, "cost"),
        ({"cost": 1, "days": 2}, {"cost": 1, "days": None}, "days"),
        ({"cost": 1}, {"cost": 1}, "code"),
    ],
)
def test_the_first_difference_decides(winner, other, name):
    assert rank.decider(winner, other) == name
