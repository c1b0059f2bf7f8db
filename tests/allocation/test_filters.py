"""Every filter by name: whom it removes, and in which words."""

import pytest

from quartermaster.allocation.rules import Rule
from quartermaster.allocation.rules.demand import demand_of
from quartermaster.allocation.rules.filters import ASKS, FILTERS, filters_of, lacking, shortage
from quartermaster.testing.builders import a_site, an_order_to_route, wanted

LAMP = an_order_to_route(wanted("LAMP", 2))
ABROAD = an_order_to_route(wanted("LAMP"), country="FR")
NOWHERE = an_order_to_route(wanted("LAMP"), country="")
NO_BATTERY = an_order_to_route(wanted("BAT-1", 0, is_hazmat=True), wanted("LAMP"))
BATTERY = an_order_to_route(wanted("LAMP"), wanted("BAT-1", is_hazmat=True))
PROMISED = an_order_to_route(wanted("LAMP"), promise_days=3)
ANY = Rule("Any")
OWN = Rule("Own first", site_kinds=("own", "store"))
NAMED = Rule("Two sites", sites=("BER", "HAM"))


@pytest.mark.parametrize(
    ("name", "site", "order", "rule", "because"),
    [
        ("active", a_site("MUC"), LAMP, ANY, None),
        ("active", a_site("MUC", is_active=False), LAMP, ANY, "MUC is not active."),
        ("site_kind", a_site("3PL", kind="3pl"), LAMP, ANY, None),
        ("site_kind", a_site("MUC"), LAMP, OWN, None),
        ("site_kind", a_site("F", kind="3pl"), LAMP, OWN, "F is of kind 3pl, this rule uses own or store."),
        ("site_kind", a_site("BER"), LAMP, NAMED, None),
        ("site_kind", a_site("MUC"), LAMP, NAMED, "MUC is not among the sites of this rule (BER and HAM)."),
        ("country", a_site("MUC"), ABROAD, ANY, None),
        ("country", a_site("MUC", ships_to=("DE", "FR")), ABROAD, ANY, None),
        ("country", a_site("MUC", ships_to=("DE", "AT")), ABROAD, ANY, "MUC does not ship to FR."),
        ("country", a_site("MUC"), NOWHERE, ANY, None),
        (
            "country",
            a_site("MUC", ships_to=("DE", "AT")),
            NOWHERE,
            ANY,
            "MUC ships only to DE and AT, and the order names no country.",
        ),
        ("cutoff", a_site("BER"), LAMP, ANY, None),
        ("cutoff", a_site("BER", is_before_cutoff=False), LAMP, ANY, "BER is past its cut-off today."),
        ("capacity", a_site("3PL"), LAMP, ANY, None),
        ("capacity", a_site("3PL", capacity_left=1), LAMP, ANY, None),
        ("capacity", a_site("3PL", capacity_left=0), LAMP, ANY, "3PL takes no more orders today."),
        ("capacity", a_site("3PL", capacity_left=-4), LAMP, ANY, "3PL takes no more orders today."),
        ("hazmat", a_site("3PL"), BATTERY, ANY, None),
        ("hazmat", a_site("3PL", takes_hazmat=False), LAMP, ANY, None),
        ("hazmat", a_site("3PL", takes_hazmat=False), NO_BATTERY, ANY, None),
        ("hazmat", a_site("3PL", takes_hazmat=False), BATTERY, ANY, "3PL takes no hazardous goods (BAT-1)."),
        ("promise", a_site("WAW", days=5), LAMP, ANY, None),
        ("promise", a_site("WAW", days=3), PROMISED, ANY, None),
        ("promise", a_site("WAW", days=None), PROMISED, ANY, None),
        ("promise", a_site("WAW", days=5), PROMISED, ANY, "WAW needs 5 days, promised: 3 days."),
        ("stock", a_site("BER", {"LAMP": 2}), LAMP, ANY, None),
        ("stock", a_site("BER", {"LAMP": 1}), LAMP, ANY, None),
        ("stock", a_site("BER", {"LAMP": 0}), LAMP, ANY, "BER lacks 2 × LAMP (has 0, wants 2)."),
        ("stock", a_site("BER", {"LAMP": -3}), LAMP, ANY, "BER lacks 2 × LAMP (has 0, wants 2)."),
        ("stock", a_site("BER"), an_order_to_route(), ANY, None),
    ],
)
def test_a_filter_lets_a_site_pass_or_says_why_not(name, site, order, rule, because):
    assert FILTERS[name](site, order, rule, demand_of(order).need) == because


def test_every_filter_can_be_described():
    assert ASKS.keys() == FILTERS.keys()


def test_what_is_lacking_is_counted_once_for_all_lines_and_kits_that_want_it():
    order = an_order_to_route(
        wanted("MUG", 2), wanted("SET", 2, parts={"MUG": 2, "BOX": 1}), wanted("MUG", 1)
    )
    site = a_site("BER", {"MUG": 6, "BOX": 2})

    short = shortage(site, demand_of(order).need)

    assert short == [("MUG", 7, 6)]
    assert lacking(site, short) == "BER lacks 1 × MUG (has 6, wants 7)."


@pytest.mark.parametrize(
    ("kept", "told"),
    [
        (0, "BER lacks 1 × LAMP (has 1, wants 2)."),
        (1, "BER lacks 1 × LAMP (has 1, wants 2; 1 more is safety stock)."),
        (3, "BER lacks 1 × LAMP (has 1, wants 2; 3 more are safety stock)."),
    ],
)
def test_safety_stock_is_named_when_it_is_the_reason(kept, told):
    site = a_site("BER", {"LAMP": 1}, safety={"LAMP": kept})
    assert lacking(site, shortage(site, {"LAMP": 2})) == told


def test_a_long_list_of_what_is_lacking_is_cut_and_counted():
    need = {f"SKU-{number}": 1 for number in range(6)}
    site = a_site("BER")
    assert lacking(site, shortage(site, need)).endswith("1 × SKU-3 (has 0, wants 1) and 2 more.")


@pytest.mark.parametrize(
    ("rule", "names"),
    [
        (Rule("All"), ["active", "restricted", "country", "capacity", "hazmat", "stock"]),
        (Rule("Bare", filters=()), ["active", "restricted", "stock"]),
        (
            Rule("Order kept", filters=("stock", "cutoff", "active")),
            ["stock", "cutoff", "active", "restricted"],
        ),
        (Rule("Twice", filters=("cutoff", "cutoff")), ["active", "restricted", "cutoff", "stock"]),
        (Rule("Sites", filters=(), sites=("BER",)), ["active", "restricted", "site_kind", "stock"]),
        (
            Rule("Kinds", filters=("stock", "site_kind"), site_kinds=("own",)),
            ["active", "restricted", "stock", "site_kind"],
        ),
    ],
)
def test_the_filters_run_in_the_order_of_the_rule_and_four_cannot_be_left_out(rule, names):
    assert [name for name, _ in filters_of(rule)] == names
