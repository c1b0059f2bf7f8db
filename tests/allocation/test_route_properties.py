"""What holds for every order, every set of sites and every rule set that check() lets pass."""

from itertools import combinations, product
from math import inf

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from quartermaster.allocation.rules import (
    Inputs,
    Order,
    Otherwise,
    Routing,
    Rule,
    RuleSet,
    Site,
    Split,
    Wanted,
    assign,
    check,
    route,
    what_would_change,
)
from quartermaster.allocation.rules.filters import FILTERS
from quartermaster.allocation.rules.rank import NAMES
from quartermaster.testing.builders import a_site, an_order_to_route, wanted

SKUS = ("A", "B", "C")
MORE = settings(
    max_examples=4 * settings().max_examples
)  # where what matters is rare and brute force is quick
DEGREES = st.none() | st.floats(-90, 90) | st.sampled_from([float("nan"), float("inf")])


def seldom(value, otherwise):
    """Most sites are open and most rules are for everyone: else little would be left to decide."""
    return st.integers(0, 7).map(lambda drawn: value if drawn == 7 else otherwise)


PARTS = st.dictionaries(st.sampled_from(SKUS), st.integers(1, 2), min_size=1, max_size=2)
LINES = st.builds(
    wanted,
    st.sampled_from(["ONE", "TWO", "THREE"]),
    st.integers(0, 3),
    parts=PARTS,
    value_minor=st.integers(0, 900),
    is_hazmat=seldom(True, False),
)
ORDERS = st.lists(LINES, max_size=4).flatmap(
    lambda lines: st.builds(
        an_order_to_route,
        *map(st.just, lines),
        country=seldom("FR", "DE") | seldom("", "DE"),
        tags=seldom(("vip",), ()),
        ships_complete=seldom(True, False),
        promise_days=st.none() | st.integers(0, 4),
        latitude=DEGREES,
        longitude=DEGREES,
    )
)
STOCKS = st.dictionaries(st.sampled_from(SKUS), st.integers(-1, 6))
SITE = st.builds(
    a_site,
    st.just(""),
    STOCKS,
    kind=st.sampled_from(["own", "3pl"]),
    is_active=seldom(False, True),
    is_before_cutoff=seldom(False, True),
    capacity_left=seldom(0, None) | st.just(1),
    takes_hazmat=seldom(False, True),
    ships_to=seldom(("FR",), ()) | st.just(("FR", "DE")),
    cost_minor=st.none() | st.integers(0, 900),
    days=st.none() | st.integers(0, 6),
    latitude=DEGREES,
    longitude=DEGREES,
    safety=STOCKS,
)


def coded(sites: list[Site]) -> tuple[Site, ...]:
    return tuple(replace(site, code=f"S{place}") for place, site in enumerate(sites))


SITES = st.lists(SITE, max_size=5).map(coded)
SPLITS = st.builds(
    Split,
    is_allowed=st.booleans(),
    parcels_max=st.integers(2, 4),
    value_min_minor=st.sampled_from([0, 0, 100, 400]),
    ships_partly=st.booleans(),
)
RULE = st.builds(
    Rule,
    st.just(""),
    countries=seldom(("DE",), ()),
    tags=seldom(("vip",), ()),
    site_kinds=seldom(("own",), ()),
    sites=seldom(("S0", "S1"), ()),
    filters=st.lists(st.sampled_from(sorted(FILTERS)), unique=True).map(tuple),
    rank=st.lists(st.sampled_from(sorted(NAMES - {"code"})), unique=True, min_size=1).map(tuple),
    split=SPLITS,
    otherwise=st.sampled_from(Otherwise),
)
STACKS = st.lists(RULE, min_size=1, max_size=3).map(
    lambda stack: RuleSet(1, tuple(replace(rule, name=f"R{place}") for place, rule in enumerate(stack)))
)


def taken(routing: Routing, line_id: int) -> int:
    return sum(
        take.quantity for parcel in routing.parcels for take in parcel.takes if take.line_id == line_id
    )


def is_accounted_for(order: Order, sites: tuple[Site, ...], routing: Routing) -> None:
    """Every unit once, never more than there is, one verdict for each site."""
    for line in order.wanted:
        waiting = sum(each.quantity for each in routing.waiting if each.line_id == line.line_id)
        assert taken(routing, line.line_id) + waiting == max(line.quantity, 0)
    assert all(each.quantity > 0 and each.because for each in routing.waiting)
    by_code = {site.code: site for site in sites}
    parts = {line.line_id: line.parts for line in order.wanted}
    assert len({parcel.site for parcel in routing.parcels}) == len(routing.parcels)
    for parcel in routing.parcels:
        assert parcel.takes
        assert parcel.because
        used: dict[str, int] = {}
        for take in parcel.takes:
            assert take.quantity > 0
            for part in parts[take.line_id]:
                used[part.sku] = used.get(part.sku, 0) + take.quantity * part.per_unit
        assert all(units <= by_code[parcel.site].available.get(sku, 0) for sku, units in used.items())
    assert sorted(each.site for each in routing.candidates) == sorted(by_code)
    assert all(each.because for each in routing.candidates)
    assert {each.site for each in routing.candidates if each.is_chosen} == {
        parcel.site for parcel in routing.parcels
    }


@given(ORDERS, SITES, STACKS)
def test_every_order_gets_an_answer_that_accounts_for_every_unit(order, sites, rules):
    routing = route(order, sites, rules)
    is_accounted_for(order, sites, routing)
    assert routing.because
    if order.ships_complete:
        assert not (routing.parcels and routing.waiting)


@given(ORDERS, SITES, STACKS)
def test_the_same_question_gets_the_same_answer_however_it_is_put(order, sites, rules):
    asked = Inputs(order, sites, rules)
    first = msgspec.json.encode(route(order, sites, rules))

    again = msgspec.json.decode(msgspec.json.encode(asked), type=Inputs)

    assert msgspec.json.encode(route(again.order, again.sites, again.rules)) == first
    assert msgspec.json.encode(route(order, sites[::-1], rules)) == first


@given(ORDERS, SITES, STACKS, SITE, st.booleans())
def test_a_site_that_cannot_serve_never_changes_who_does(order, sites, rules, stranger, is_closed):
    useless = (
        replace(stranger, is_active=False) if is_closed else replace(stranger, available={"Z": 9, "A": 0})
    )
    crowd = (*sites, replace(useless, code="A0"), replace(useless, code="Z0"))
    assert route(order, crowd, rules).parcels == route(order, sites, rules).parcels


@given(ORDERS, SITES, STACKS)
def test_the_rule_that_decided_has_its_filters_and_its_split_policy_kept(order, sites, rules):
    routing = route(order, sites, rules)
    rule = next((rule for rule in rules.rules if rule.name == routing.rule), None)
    if rule is None or not routing.parcels:
        return
    by_code = {site.code: site for site in sites}
    worth = {line.line_id: (line.value_minor, line.quantity) for line in order.wanted}
    for parcel in routing.parcels:
        site = by_code[parcel.site]
        assert site.is_active
        assert not rule.sites or site.code in rule.sites
        assert not rule.site_kinds or site.kind in rule.site_kinds
        assert all(FILTERS[name](site, order, rule, {}) is None for name in rule.filters)
        if len(routing.parcels) > 1 or routing.waiting:
            value = sum(
                worth[take.line_id][0] * take.quantity // worth[take.line_id][1] for take in parcel.takes
            )
            assert value >= rule.split.value_min_minor
    assert len(routing.parcels) <= (rule.split.parcels_max if rule.split.is_allowed else 1)
    assert rule.split.ships_partly or not routing.waiting


@given(ORDERS, SITES.filter(len), STACKS)
def test_a_choice_by_hand_accounts_for_every_unit_too(order, sites, rules):
    routing = assign(order, sites, rules, "S0")
    is_accounted_for(order, sites, routing)
    assert {parcel.site for parcel in routing.parcels} <= {"S0"}


@given(ORDERS, SITES.filter(len), STACKS)
def test_asking_what_would_change_never_fails_and_is_needless_for_a_winner(order, sites, rules):
    answer = what_would_change(Inputs(order, sites, rules), "S0")
    is_winner = "S0" in {parcel.site for parcel in route(order, sites, rules).parcels}
    assert answer is None or (not is_winner and answer.startswith("S0 would serve"))


@given(STACKS)
def test_the_rule_sets_tried_here_are_ones_that_could_be_saved(rules):
    assert [problem for problem in check(rules) if "never reached" not in problem] == []


# Against brute force: every way to spread small orders over a few open sites.

SMALL_LINES = st.lists(
    st.builds(
        wanted, st.just("X"), st.integers(1, 2), parts=PARTS, value_minor=st.sampled_from([0, 100, 300, 305])
    ),
    min_size=2,
    max_size=3,
)
OPEN_SITES = st.lists(
    st.builds(
        a_site,
        st.just(""),
        st.fixed_dictionaries({sku: st.integers(0, 4) for sku in SKUS}),
        cost_minor=st.none() | st.integers(1, 3),
        days=st.none() | st.integers(1, 3),
    ),
    min_size=2,
    max_size=3,
).map(coded)


def ways(line: Wanted, sites: int, *, is_all: bool):
    spread = product(range(line.quantity + 1), repeat=sites)
    return [
        units for units in spread if (sum(units) == line.quantity if is_all else sum(units) <= line.quantity)
    ]


def is_there(lines, sites, spread, least) -> bool:
    for at, site in enumerate(sites):
        used: dict[str, int] = {}
        for line, units in zip(lines, spread, strict=True):
            for part in line.parts:
                used[part.sku] = used.get(part.sku, 0) + units[at] * part.per_unit
        worth = sum(
            line.value_minor * units[at] // line.quantity for line, units in zip(lines, spread, strict=True)
        )
        is_used = any(units[at] for units in spread)
        if not is_used or worth < least or any(site.available.get(sku, 0) < n for sku, n in used.items()):
            return False
    return True


def spreads(lines, sites, least, *, is_all):
    """Every allowed way: the sites used and the units of each line by site."""
    for size in range(1, len(sites) + 1):
        for group in combinations(sites, size):
            for spread in product(*(ways(line, size, is_all=is_all) for line in lines)):
                if is_there(lines, group, spread, 0 if is_all and size == 1 else least):
                    yield group, spread


def plan_key(group, promise_days):
    costs = [site.cost_minor for site in group]
    late = [None if site.days is None else max(site.days - promise_days, 0) for site in group]
    return (
        len(group),
        inf if None in costs else sum(costs),
        inf if None in late else max(late),
        sorted(site.code for site in group),
    )


@MORE
@given(SMALL_LINES, OPEN_SITES, st.sampled_from([0, 100, 150]))
def test_fewest_parcels_is_truly_fewest_and_the_plan_the_best_of_them(lines, sites, least):
    rules = RuleSet(1, (Rule("R", split=Split(value_min_minor=least, ships_partly=False)),))
    order = an_order_to_route(*lines, promise_days=2)

    routing = route(order, sites, rules)

    found = [plan_key(group, 2) for group, _ in spreads(order.wanted, sites, least, is_all=True)]
    if found:
        chosen = [site for site in sites if site.code in {parcel.site for parcel in routing.parcels}]
        assert plan_key(chosen, 2) == min(found)
        assert not routing.waiting
    else:
        assert not routing.parcels


@MORE
@given(SMALL_LINES.map(lambda lines: lines[:2]), OPEN_SITES, st.sampled_from([0, 100, 150]))
def test_what_goes_ahead_is_the_most_goods_value_in_the_fewest_parcels(lines, sites, least):
    rules = RuleSet(1, (Rule("R", split=Split(value_min_minor=least)),))
    order = an_order_to_route(*lines, wanted("GONE", value_minor=0), promise_days=2)
    rest = order.wanted[:-1]

    routing = route(order, sites, rules)

    def reached(units):
        counts = [sum(each) for each in units]
        value = sum(line.value_minor * n // line.quantity for line, n in zip(rest, counts, strict=True))
        return -value, -sum(counts)

    found = [
        (reached(spread), plan_key(group, 2)) for group, spread in spreads(rest, sites, least, is_all=False)
    ]
    if found:
        chosen = [site for site in sites if site.code in {parcel.site for parcel in routing.parcels}]
        units = [[taken(routing, line.line_id)] for line in rest]
        assert (reached(units), plan_key(chosen, 2)) == min(found)
    else:
        assert not routing.parcels
