"""Orders of the past: kept as told, quiet, once, and never over what happened here since."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest

from quartermaster.core import doctor, sql
from quartermaster.core.kept import Became
from quartermaster.orders.actions import edit, hold, release_hold
from quartermaster.orders.actions.remember import remember_refunds
from quartermaster.orders.ports import Address, Buyer
from quartermaster.orders.rules.history import STATES, PastRefund
from quartermaster.testing.builders import a_location, a_sku, flow
from quartermaster.testing.past import LEARNT_AT, PLACED_AT, Past, past_line, past_order, past_tender

pytestmark = pytest.mark.django_db

UNITS = """
select l.open, l.shipped, l.delivered, l.returned, l.cancelled from orders_line l
join orders_order o on o.id = l.order_id where o.external_id = %s order by l.position
"""


@pytest.fixture
def past(db: None) -> Past:
    return Past()


@pytest.fixture(autouse=True)
def _every_invariant_holds_afterwards(db: None) -> Iterator[None]:
    yield
    assert [found for found in doctor.examine() if not found.is_ok] == []


def status(external_id: str) -> str:
    return str(sql.run("select status from orders_order where external_id = %s", (external_id,))[0][0])


@pytest.mark.parametrize(
    ("state", "units", "shown"),
    [
        ("open", (2, 0, 0, 0, 0), "on_hold"),
        ("shipped", (0, 2, 0, 0, 0), "shipped"),
        ("delivered", (0, 2, 2, 0, 0), "delivered"),
        ("returned", (0, 2, 2, 2, 0), "returned"),
        ("cancelled", (0, 0, 0, 0, 2), "cancelled"),
    ],
)
def test_units_and_status_follow_from_the_state_told(
    past: Past, state: str, units: tuple[int, ...], shown: str
) -> None:
    past.sold("A1", state, [past_line("A1", ordered=2)])
    assert sql.run(UNITS, ("A1",)) == [units]
    assert status("A1") == shown


def test_the_same_told_twice_changes_nothing(past: Past) -> None:
    for became in (Became.NEW, Became.SAME):
        assert [kept.became for kept in past.orders(past_order("A1"), past_order("A2"))] == [became] * 2
        assert [kept.became for kept in past.lines(past_line("A1"), past_line("A1", "2"))] == [became] * 2
        assert [kept.became for kept in past.tenders(past_tender("A1"))] == [became]
    assert sql.run("select count(*) from core_event where name = 'OrderAccepted'") == [(2,)]
    assert sql.run("select version from orders_order order by id") == [(3,), (1,)]


@pytest.mark.parametrize("before", STATES)
@pytest.mark.parametrize("after", STATES)
def test_an_order_told_otherwise_is_changed_with_its_units_and_its_hold(
    past: Past, before: str, after: str
) -> None:
    past.sold("A1", before, [past_line("A1", ordered=3)])
    (kept,) = past.orders(past_order("A1", state=after))
    assert kept.became is (Became.SAME if before == after else Became.CHANGED)
    assert status("A1") == {"open": "on_hold"}.get(after, after)
    held = sql.run("select count(*) from orders_hold where released_at is null")
    assert held == [(1 if after == "open" else 0,)]


def test_totals_and_payment_follow_from_lines_and_payments(past: Past) -> None:
    past.orders(past_order("A1"))
    past.lines(
        past_line("A1", ordered=2, unit_price_minor=5890, shipping_minor=1329, discount_minor=90),
        past_line("A1", "2", unit_price_minor=100, tax_minor=19),
    )
    past.tenders(past_tender("A1", amount_minor=10000), past_tender("A1", "2", 3119))
    money = "items_minor, discount_minor, shipping_minor, tax_minor, total_minor, paid_minor, payment_state"
    assert sql.run(f"select {money} from orders_order") == [(11880, 90, 1329, 19, 13119, 13119, "paid")]


def test_totals_that_are_told_stay_as_they_are(past: Past) -> None:
    past.orders(past_order("A1", total_minor=4711, paid_minor=0))
    past.lines(past_line("A1"))
    past.tenders(past_tender("A1"))
    assert sql.run("select items_minor, total_minor, paid_minor from orders_order") == [(1000, 4711, 0)]


def test_what_makes_no_sense_is_taken_as_told(past: Past) -> None:
    """No lines, no payment, cancelled with a payment, paid before it was placed."""
    early = PLACED_AT - timedelta(days=1)
    past.orders(
        past_order("none", state="shipped"),
        past_order("gone", state="cancelled"),
        past_order("new", state="open"),
        past_order("early", paid_at=early),
    )
    past.tenders(past_tender("gone", amount_minor=0))
    shown = {external_id: status(external_id) for external_id in ("none", "gone", "new", "early")}
    assert shown == {"none": "open", "gone": "cancelled", "new": "on_hold", "early": "open"}
    assert sql.run("select paid_at from orders_order where external_id = 'early'") == [(early,)]


def test_events_tell_the_true_times_and_wake_nobody(past: Past) -> None:
    cancelled_at = PLACED_AT + timedelta(hours=3)
    past.orders(past_order("A1"), past_order("A2", state="cancelled", cancelled_at=cancelled_at))
    assert sql.run("select name, at from core_event order by id") == [
        ("OrderAccepted", PLACED_AT),
        ("OrderAccepted", PLACED_AT),
        ("OrderCancelled", cancelled_at),
    ]
    assert sql.run("select count(*) from core_delivery") == [(0,)]
    assert sql.run("select distinct captured_at from orders_order") == [(LEARNT_AT,)]


def test_an_open_order_waits_until_its_hold_is_released_and_is_fulfilled_here_then(past: Past) -> None:
    a_location("BER")
    a_sku("LAMP", BER=5)
    order_id = past.sold("A1", "open")
    flow()
    assert status("A1") == "on_hold"
    release_hold(f"SO-{order_id}", kind="imported", because="we take it", at=LEARNT_AT, by="user:1")
    flow()
    assert status("A1") == "allocated"


def test_what_was_changed_here_is_no_longer_changed_by_history(past: Past) -> None:
    order_id = past.sold("A1", "open")
    hold(f"SO-{order_id}", kind="manual", because="look at it", at=LEARNT_AT, by="user:1")
    (order,) = past.orders(past_order("A1", state="delivered"))
    (line,) = past.lines(past_line("A1", "2"))
    (same,) = past.orders(past_order("A1", state="open"))
    assert "has been changed here" in order.because
    assert "was changed here" in line.because
    assert same.became is Became.SAME
    assert status("A1") == "on_hold"


def test_a_line_nobody_knows_the_sku_of_is_kept_by_its_code(past: Past) -> None:
    sku_id = a_sku("LAMP")
    past.sold("A1", lines=[past_line("A1"), past_line("A1", "2", code="XYZ")])
    assert sql.run("select code, sku_id from orders_line order by position") == [
        ("LAMP", sku_id),
        ("XYZ", None),
    ]


def test_rows_without_their_order_and_rows_that_are_wrong_are_refused_one_by_one(past: Past) -> None:
    good, wrong, twice = past.orders(past_order("A1"), past_order("A2", state="odd"), past_order("A1"))
    assert good.id
    assert "'odd' is none of" in wrong.because
    assert "twice" in twice.because
    lines = past.lines(past_line("A1"), past_line("no such order"), past_line("A1", "2", ordered=0))
    assert [line.became for line in lines] == [Became.NEW, Became.REFUSED, Became.REFUSED]
    assert "there is no order no such order" in lines[1].because
    assert "quantity" in lines[2].because
    (payment,) = past.tenders(past_tender("A1", amount_minor=-1))
    assert "amount" in payment.because


def test_customers_are_recognised_by_their_keys(past: Past) -> None:
    address = Address(city="Franca", region="SP", country="BR")
    ann = Buyer(external_id="7")
    past.orders(past_order("A1", buyer=ann, ship_to=address), past_order("A2", buyer=ann), past_order("A3"))
    assert sql.run("select merge_key from customers_customer") == [("old-shop:customer:7",)]
    assert sql.run("select count(customer_id), count(*) from orders_order") == [(2, 3)]
    assert sql.run("select ship_to->>'city' from orders_order order by id limit 1") == [("Franca",)]


def test_a_batch_costs_the_same_statements_whatever_its_size(past: Past) -> None:
    def cost(prefix: str, count: int) -> int:
        orders = [past_order(f"{prefix}{n}", state="open") for n in range(count)]
        with sql.counted() as statements:
            past.orders(*orders)
            past.lines(*[past_line(order.external_id) for order in orders])
            past.tenders(*[past_tender(order.external_id) for order in orders])
        return len(statements)

    assert cost("small", 1) == cost("large", 200)


def test_a_refund_of_the_past_says_when_why_and_for_which_units_and_is_kept_once(past: Past) -> None:
    order_id = past.sold("A1", "delivered", [past_line("A1", ordered=2, returned=1)])
    refund = PastRefund(
        order="A1", external_id="R1", at=PLACED_AT, amount_minor=1000, because="Too small", line="1", units=1,
        restock="return",
    )  # fmt: skip
    for became in (Became.NEW, Became.SAME):
        (kept,) = remember_refunds([refund], connection_id=past.id, by="test")
        assert kept.became is became
    ((because, lines),) = sql.run("select because, lines from orders_refund where order_id = %s", (order_id,))
    (line,) = json.loads(lines)
    assert (because, line["restock"], line["quantity"]) == ("Too small", "return", 1)
    assert sql.run("select refunded_minor from orders_order where id = %s", (order_id,)) == [(1000,)]
    told = sql.run("select count(*) from core_event where name = 'OrderRefunded'")
    assert told == [(1,)]


def test_a_refund_of_the_past_is_heard_where_our_people_changed_the_order_since(past: Past) -> None:
    past.sold("A1", "open", [past_line("A1", ordered=2)])
    more_units(past, 1)
    past.sold("A2")
    refunds = [
        PastRefund(order=one, external_id="R1", at=PLACED_AT, amount_minor=500) for one in ("A1", "A2")
    ]
    remember_refunds(refunds, connection_id=past.id, by="test")
    heard = sql.run(
        "select o.external_id, (e.body->>'refunded_minor')::bigint from core_event e "
        "join orders_order o on e.subject = 'order:SO-' || o.id where e.name = 'PaymentChanged'"
    )
    assert heard == [("A1", 500)]


def test_a_refund_that_cannot_be_kept_is_refused_and_stops_no_other(past: Past) -> None:
    past.sold("A1")
    good = PastRefund(order="A1", external_id="R1", at=PLACED_AT, amount_minor=500)
    nowhere = PastRefund(order="A2", external_id="R1", at=PLACED_AT, amount_minor=500)
    odd = PastRefund(order="A1", external_id="R2", at=PLACED_AT, amount_minor=-1)
    kept = remember_refunds([nowhere, good, odd], connection_id=past.id, by="test")
    assert [one.became for one in kept] == [Became.REFUSED, Became.NEW, Became.REFUSED]


def more_units(past: Past, wanted: int) -> tuple[int, ...]:
    """So many units of the only line are wanted; what it has then."""
    ((order_id, line_id),) = sql.run("select order_id, id from orders_line")
    edit(f"SO-{order_id}", lines={line_id: wanted}, because="she asked", at=LEARNT_AT, by="user:1")
    names = "open, cancelled, sold, wanted, added, cancelled_here, cancelled_there"
    return sql.run(f"select {names} from orders_line")[0]


def test_more_units_do_not_bring_back_what_the_channel_had_cancelled(past: Past) -> None:
    past.sold("A1", "open", [past_line("A1", ordered=3, cancelled=1)])
    assert more_units(past, 3) == (3, 1, 4, 3, 1, 1, 1)


def test_the_channels_cancellations_are_told_anew_with_their_line_and_their_order(past: Past) -> None:
    past.sold("A1", "cancelled", [past_line("A1", ordered=3)])
    assert sql.run("select cancelled, cancelled_there from orders_line") == [(3, 3)]
    past.orders(past_order("A1", state="open"))
    assert sql.run("select cancelled, cancelled_there from orders_line") == [(0, 0)]
    past.lines(past_line("A1", ordered=3, cancelled=2))
    assert more_units(past, 2) == (2, 2, 4, 2, 1, 2, 2)
