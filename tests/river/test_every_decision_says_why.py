"""Whatever orders, stock and rules there are: what was decided by itself says why, and says it again."""

from typing import Any

import msgspec
import pytest
from django.db import connection, transaction
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from quartermaster.allocation.actions import set_lanes, write_rules
from quartermaster.allocation.actions.write_rules import Lane
from quartermaster.allocation.queries import why
from quartermaster.allocation.rules import Otherwise, Rule, RuleSet, Split, check
from quartermaster.catalog.actions import Kit, save_sku, set_kits
from quartermaster.catalog.rules.skus import Draft
from quartermaster.core import doctor, sql
from quartermaster.core.actions.outbox import carry_out
from quartermaster.inbox.actions import Arrival, keep
from quartermaster.shipping.actions import write_tables
from quartermaster.shipping.queries.tables import tables_in_force, tables_of
from quartermaster.shipping.rules import Choice, Inputs, decide, rate
from quartermaster.stock.actions import Move, post
from quartermaster.testing.builders import SOLD_AT, a_connection, a_location, a_sku, flow
from quartermaster.testing.parcels import picked
from quartermaster.testing.shop import Shop
from quartermaster.warehouse.actions import pack_all

SITES, PLAIN = ("BER", "PAR", "WAW"), ("LAMP", "BULB", "SHADE")
EXAMPLES = settings(max_examples=max(6, settings().max_examples // 8))

UNITS = st.integers(1, 4)
ORDERS = st.lists(
    st.tuples(
        st.lists(st.tuples(st.sampled_from([*PLAIN, "SET"]), UNITS), min_size=1, max_size=3),
        st.sampled_from(["DE", "DE", "FR", "US", "XX"]),
        st.sampled_from(["paid", "paid", "pending"]),
    ),
    min_size=1,
    max_size=4,
)
STOCK = st.dictionaries(st.tuples(st.sampled_from(SITES), st.sampled_from(PLAIN)), st.integers(1, 6))
LANES = st.dictionaries(
    st.sampled_from(SITES),
    st.builds(lambda cost, days: Lane("", cost, "EUR", days), st.integers(0, 900), st.integers(0, 5)),
)
RULES = st.lists(
    st.builds(
        Rule,
        st.just(""),
        countries=st.sampled_from([(), (), ("DE",)]),
        sites=st.sampled_from([(), (), ("PAR", "WAW")]),
        filters=st.sampled_from([("active", "stock"), ("country", "hazmat", "stock"), ()]),
        rank=st.permutations(["parcels", "cost", "promise", "distance"]).map(tuple),
        split=st.builds(
            Split,
            is_allowed=st.booleans(),
            parcels_max=st.integers(2, 3),
            value_min_minor=st.sampled_from([0, 1500]),
            ships_partly=st.booleans(),
        ),
        otherwise=st.sampled_from(Otherwise),
    ),
    min_size=1,
    max_size=2,
).map(lambda stack: tuple(replace(rule, name=f"R{n}") for n, rule in enumerate(stack)))
RULES = RULES.filter(lambda stack: not check(RuleSet(1, stack)))  # those that could be saved
WEIGHTS = st.sampled_from([None, 1, 800, 12_000, 90_000])

PROMISED = """
select a.decision_id from stock_reservation r join allocation_allocation a on a.id = r.holder
"""
WAITING = """
select l.order_id from orders_line l join orders_order o on o.id = l.order_id
where l.parked <> '' and not exists (select from allocation_decision d where d.order_id = l.order_id)
"""
LABELS = "select id, state, inputs, decision, because, reference from shipping_label order by id"
UNDECIDED = "select id from shipping_label where state in ('queued', 'unknown')"
DUE = "update core_outbox set due_at = now() - interval '1 second' where settled_at is null"


def sell(shop: Shop, orders: Any) -> None:
    """All of them come in one batch."""
    connection.ensure_connection()
    assert connection.connection is not None
    connection_id = a_connection()
    arrivals = []
    for lines, country, state in orders:
        webhook = shop.sell(*lines, country=country, financial_status=state)
        delivery_id = webhook.headers["x-shopify-webhook-id"]
        arrivals.append(
            Arrival(connection_id, delivery_id, webhook.topic, webhook.headers, webhook.body, SOLD_AT)
        )
    keep(arrivals, connection.connection)
    flow()


def a_company(stock: dict[tuple[str, str], int], lanes: dict[str, Lane], rules: tuple[Rule, ...]) -> None:
    for site in SITES:
        a_location(site, "FR" if site == "PAR" else "DE")
        if site in lanes:
            set_lanes(site, (lanes[site],), at=SOLD_AT, by="test")
    ids = {code: a_sku(code) for code in PLAIN}
    save_sku(Draft(code="SET"), at=SOLD_AT, by="test")
    set_kits([Kit("SET", {"BULB": 2, "SHADE": 1})], at=SOLD_AT, by="test")
    write_rules(rules, because="test", at=SOLD_AT, by="test")
    flow()
    receive(stock, ids, "opening")


def receive(stock: dict[tuple[str, str], int], ids: dict[str, int], key: str) -> None:
    moves = [
        Move(f"{key} {site} {code}", ids[code], units, "world:supplier", site, key)
        for (site, code), units in stock.items()
    ]
    if moves:
        post(moves, by="test", at=SOLD_AT)
    flow()


def pack(order_id: int, weight_g: int | None) -> None:
    """A parcel for each site that serves it, each of this weight."""
    picked(f"SO-{order_id}")
    made = pack_all([order_id], at=SOLD_AT, by="test")
    sql.run("update warehouse_parcel set weight_g = %s where id = any(%s)", (weight_g, made))


def every_routing_says_why() -> None:
    """Every order that was looked at, with each decision asked again as the page does."""
    promised = {decision for (decision,) in sql.run(PROMISED)}
    versions = {version for (version,) in sql.run("select version from allocation_rules")}
    seen = set()
    for (order_id,) in sql.run("select distinct order_id from allocation_decision"):
        for told in why(order_id, limit=100).items:
            seen.add(int(told.id))
            assert told.is_reproducible
            assert told.because
            assert told.trigger
            assert told.rule_version == told.inputs.rules.version
            assert told.rule_version in versions
            assert told.rules
            assert told.inputs.order.wanted
            assert {each.site for each in told.candidates} == {site.code for site in told.inputs.sites}
            assert len(told.candidates) == len(SITES)
            assert all(each.because for each in (*told.candidates, *told.parcels, *told.waiting))
            assert told.parcels or told.waiting
    assert promised <= seen
    assert sql.run(WAITING) == []


def every_label_says_why() -> None:
    """The service was decided with every offer there was; what nobody was asked about says what is wrong."""
    for _, state, inputs_json, decision, because, reference in sql.run(LABELS, binary=True):
        if inputs_json is None:
            assert state in ("refused", "voided")
            assert because, reference
            continue
        inputs = msgspec.json.decode(inputs_json, type=Inputs)
        choice = msgspec.json.decode(decision, type=Choice)
        assert decide(inputs) == choice
        assert inputs.offers == tuple(
            offer
            for version in sorted({offer.tables for offer in inputs.offers})
            for offer in rate(inputs.shipment, tables_of(version).tables, account=inputs.offers[0].account)
        )
        assert choice.version == inputs.version >= 1
        assert choice.because
        assert len(choice.candidates) == len(inputs.offers) > 0
        assert all(each.removed or each.because for each in choice.candidates)
        assert (choice.chosen is None) == (state == "refused")
        assert choice.chosen or because


@pytest.mark.django_db
@pytest.mark.timeout(3600)  # to shrink a failure takes long
@EXAMPLES
@given(
    orders=ORDERS,
    stock=STOCK,
    lanes=LANES,
    rules=RULES,
    changed=RULES,
    more=STOCK,
    late=ORDERS,
    weights=st.lists(WEIGHTS, min_size=8, max_size=8),
    dearer=st.booleans(),
)
@example(
    orders=[([("LAMP", 2)], "DE", "paid"), ([("BULB", 1)], "FR", "paid")],
    stock={("BER", "LAMP"): 2, ("PAR", "BULB"): 1},
    lanes={},
    rules=(Rule("R0"),),
    changed=(Rule("R0", sites=("WAW",)),),
    more={("WAW", "LAMP"): 2},
    late=[([("LAMP", 3)], "DE", "paid")],
    weights=[800, 90_000, None, 1, 1, 1, 1, 1],
    dearer=True,
)
def test_every_automatic_decision_says_why_and_says_it_again(
    orders: Any,
    stock: Any,
    lanes: Any,
    rules: Any,
    changed: Any,
    more: Any,
    late: Any,
    weights: Any,
    dearer: bool,
) -> None:
    with transaction.atomic():
        shop = Shop()
        a_company(stock, lanes, rules)
        sell(shop, orders)
        every_routing_says_why()

        ids = dict(sql.run("select code, id from catalog_sku"))
        write_rules(changed, because="test again", at=SOLD_AT, by="test")
        flow()
        receive(more, ids, "more")
        sell(shop, late)
        every_routing_says_why()

        released = sql.run(
            "select distinct order_id from allocation_allocation where state = 'released' order by 1"
        )
        for (order_id,), weight_g in zip(released, weights, strict=False):
            pack(order_id, weight_g)
        if dearer:
            tables = tables_in_force().tables
            write_tables(replace(tables, late_minor_a_day=1), because="test", at=SOLD_AT, by="test")
        flow()
        sql.run(DUE)
        while carry_out():
            flow()
        every_label_says_why()
        assert sql.run(UNDECIDED) == []
        every_routing_says_why()
        assert [found for found in doctor.examine() if found.rows] == []
        transaction.set_rollback(True)
