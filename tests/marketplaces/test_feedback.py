"""What a report says of buyers becomes defects: once, and as long as it says so."""

from datetime import date, datetime, timedelta

from quartermaster.core import sql
from quartermaster.core.models import EventRow
from quartermaster.marketplaces.actions import DefectRow, tell_defects
from quartermaster.marketplaces.actions.keep_reports import keep_feedback
from quartermaster.marketplaces.ports import Feedback, FeedbackTold
from quartermaster.marketplaces.queries.shops import shop

from .conftest import AT, DAY, Seller

SINCE = (AT - 90 * DAY).date()


def said(seller: Seller, *orders: int, stars: int = 1, is_whole: bool = True, at: datetime = AT) -> str:
    rows = tuple(Feedback(external(one), date(2026, 3, 15), stars, "never came") for one in orders)
    return keep_feedback(shop(seller.slug), FeedbackTold(rows, is_whole), SINCE, at)


def external(order_id: int) -> str:
    ((name,),) = sql.run("select external_id from orders_order where id = %s", (order_id,))
    return str(name)


def known() -> list[tuple[object, ...]]:
    found = sql.run("select order_id, stars, outcome, source from marketplaces_defect order by order_id")
    return [tuple(row) for row in found]


def test_feedback_is_kept_once_and_counts_and_what_is_taken_away_does_not(amazon: Seller):
    first, second = amazon.sells(8), amazon.sells(9)

    assert said(amazon, first, second) == "2 buyers, 2 new"
    assert said(amazon, first, second) == "2 buyers, 0 new"
    assert known() == [(first, 1, "open", "report"), (second, 1, "open", "report")]
    assert amazon.stands("odr").bad == 2

    assert said(amazon, second) == "1 buyer, 0 new, 1 taken away"
    assert known() == [(first, 1, "removed", "report"), (second, 1, "open", "report")]
    assert amazon.stands("odr").bad == 1
    assert EventRow.objects.filter(name="DefectTold").count() == 3
    assert said(amazon, second) == "1 buyer, 0 new"


def test_a_report_that_is_not_whole_takes_nothing_away(amazon: Seller):
    order = amazon.sells(8)
    said(amazon, order)
    assert said(amazon, is_whole=False) == "0 buyers, 0 new"
    assert known() == [(order, 1, "open", "report")]


def test_what_lies_before_the_report_or_was_told_by_others_is_not_taken_away(amazon: Seller):
    order, old = amazon.sells(8), amazon.sells(100)
    by_hand = DefectRow(external(order), "feedback", AT - DAY, stars=1)
    tell_defects([by_hand], connection_id=amazon.id, source="user:1", at=AT, by="user:1")
    old_one = DefectRow(external(old), "feedback", AT - timedelta(days=95), stars=1)
    tell_defects([old_one], connection_id=amazon.id, source="report", at=AT, by="system")

    assert said(amazon) == "0 buyers, 0 new"
    assert [row[2] for row in known()] == ["open", "open"]


def test_what_a_person_settled_stays_settled_and_no_order_of_others_is_told_of(amazon: Seller):
    order = amazon.sells(8)
    said(amazon, order)
    struck = DefectRow(external(order), "feedback", AT - DAY, "removed", 1)
    tell_defects([struck], connection_id=amazon.id, source="user:1", at=AT, by="user:1")
    assert said(amazon, order) == "1 buyer, 0 new"
    assert known() == [(order, 1, "removed", "report")]

    unknown = FeedbackTold((Feedback("302-0", date(2026, 3, 15), 1, ""),), is_whole=False, unread=2)
    assert keep_feedback(shop(amazon.slug), unknown, SINCE, AT) == (
        "1 buyer, 0 new, 1 of orders that are not here, 2 rows not read"
    )


def test_neutral_feedback_is_kept_and_does_not_count_and_may_grow_worse(amazon: Seller):
    order = amazon.sells(8)
    said(amazon, order, stars=3)
    assert amazon.stands("odr").bad == 0
    said(amazon, order, stars=2)
    assert amazon.stands("odr").bad == 1
