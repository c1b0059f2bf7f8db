"""What a price was before goes to the shops with it, as one value; and no two sales of a SKU overlap."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from psycopg.errors import ExclusionViolation

from quartermaster.channels.actions import (
    make_list,
    plan_sale,
    prune,
    push_prices,
    put_prices,
    set_list,
    set_pricing,
    withdraw_sale,
    work_out_prices,
)
from quartermaster.channels.actions.prices.push import SENDING
from quartermaster.channels.actions.prices.sales import SalesOverlap
from quartermaster.channels.actions.telling.sending import send, take
from quartermaster.channels.ports import Price, Taken
from quartermaster.channels.queries.prices.shown import price_explained
from quartermaster.channels.rules.prices.rows import PriceRow
from quartermaster.core import sql
from quartermaster.core.errors import Invalid, NotFound
from quartermaster.core.moment import now
from quartermaster.testing.builders import a_sku

from .conftest import AT, Stand, examined
from .priced import LATER, price, put, settle, work

LAMPS = "(select id from channels_listing where name = 'L-LAMP')"
DAY = timedelta(days=1)


def past(*stood: tuple[int, int, int | None]) -> None:
    """What the lamp cost: minor units, since so many days ago, until so many days ago."""
    sql.run(f"delete from channels_price_stood where listing_id in {LAMPS}")
    for minor, since, until in stood:
        sql.run(
            "insert into channels_price_stood (listing_id, price_minor, currency, since, until)"
            f" select id, %s, 'EUR', %s, %s from {LAMPS} l",
            (minor, now() - since * DAY, None if until is None else now() - until * DAY),
        )


def shows(market: str) -> None:
    set_list("Retail", {"market": market, "shows_was": True}, at=AT, by="user:1")


def reduce(minor: int, because: str = "") -> int:
    until = now() + 2 * DAY
    facts = {"price_minor": minor, "starts_at": now(), "ends_at": until, "because": because}
    return plan_sale("Retail", "LAMP", **facts, at=AT, by="user:1")  # type: ignore[arg-type]  # as they are


def both(stand: Stand, slug: str = "east") -> tuple[int, int | None]:
    return stand.shelves.costs(slug, "LAMP"), stand.shelves.was.get(slug, {}).get("LAMP")


def explained(slug: str = "east") -> tuple[int | None, str]:
    why = price_explained(slug, "L-LAMP", now())
    return why.was_minor, why.was_because


def test_in_the_eu_a_sale_shows_the_lowest_price_of_the_days_before_until_it_ends(sold: Stand) -> None:
    shows("DE")
    put({"LAMP": 1200})
    work()
    past((700, 60, 40), (900, 40, 20), (1200, 20, None))
    sale = reduce(850)
    work()
    assert explained() == (900, "EUR 9.00 is the lowest price of the 30 days before.")
    assert (both(sold), both(sold, "west")) == ((850, 900), (850, 900))
    withdraw_sale(sale, at=AT, by="user:1")
    work()
    assert both(sold) == (1200, None)
    assert examined() == {}


def test_what_nobody_knows_of_the_days_before_is_not_shown_unless_the_list_says_it(sold: Stand) -> None:
    shows("EU")
    put({"LAMP": 1000})
    sale = reduce(850)
    work()
    assert both(sold) == (850, None)
    assert explained()[1].endswith("is only known since " + f"{now():%Y-%m-%d}: nothing is shown.")
    withdraw_sale(sale, at=AT, by="user:1")
    put_prices("Retail", [PriceRow("LAMP", 1000, compare_at_minor=1100)], at=AT, by="user:1")
    reduce(840)
    work()
    minor, because = explained()
    assert (minor, both(sold)) == (850, (840, 850)), "it cost 8.50 for a moment, and that is known"
    assert because.endswith("the list's own word counts for the rest.")


def test_elsewhere_the_list_s_own_word_is_shown_and_taken_away_when_the_list_shows_none(sold: Stand) -> None:
    shows("US")
    put_prices("Retail", [PriceRow("LAMP", 1000, compare_at_minor=1300)], at=AT, by="user:1")
    set_pricing("west", {"factor_bp": 11_000}, at=AT, by="user:1")
    work()
    assert (both(sold), both(sold, "west")) == ((1000, 1300), (1100, 1430))
    set_list("Retail", {"shows_was": False}, at=AT, by="user:1")
    settle()
    assert both(sold) == (1000, None)
    sold.shelves.was["east"] = {"LAMP": 1250}  # by somebody's hand, and from now on theirs
    put({"LAMP": 1100})
    settle()
    assert both(sold) == (1100, 1250)
    with pytest.raises(Invalid):
        set_list("Retail", {"market": "", "shows_was": True}, at=AT, by="user:1")
    with pytest.raises(NotFound):
        set_list("None", {"market": "DE"}, at=AT, by="user:1")
    assert examined() == {}


def test_a_shop_without_a_place_for_it_is_told_the_price_alone(sold: Stand) -> None:
    sold.shelves.shows_was = False
    shows("US")
    put({"LAMP": 1000})
    reduce(850)
    work()
    assert both(sold) == (850, None)
    assert explained() == (None, "This shop has no place for what a price was before.")


def test_both_figures_are_read_back_and_told_again_and_a_late_worker_sends_neither(sold: Stand) -> None:
    shows("US")
    put({"LAMP": 1000})
    work()
    sold.shelves.says = {"L-LAMP": Taken("L-LAMP", "accepted")}
    reduce(850)
    work()
    sold.shelves.says, sold.shelves.prices["east"] = {}, {"LAMP": 850}  # one of two figures
    sql.run("update channels_listing_price set sent_at = sent_at - interval '1 hour'")
    settle()
    assert both(sold) == (850, 1000)

    put({"LAMP": 1100})  # what it costs after the sale: the other figure alone changes
    work_out_prices()
    ((shop_id,),) = sql.run("select id from inbox_connection where slug = 'east'")
    held = take(SENDING, shop_id, 10)
    sql.run(LATER)
    put({"LAMP": 1200})
    settle()
    sent = len(sold.shelves.priced)
    send(SENDING, shop_id, "east", held)
    settle()
    assert (both(sold), len(sold.shelves.priced)) == ((850, 1200), sent)
    assert price("LAMP")[:3] == (850, 850, "idle")
    rows = [row for slug, rows, _ in sold.shelves.priced for row in rows if slug == "east"]
    assert rows[-1] == Price("L-LAMP", 850, "EUR", 1200, sets_was=True)
    assert examined() == {}


def test_one_figure_that_stays_otherwise_is_before_a_person_with_both_said(sold: Stand) -> None:
    shows("US")
    put({"LAMP": 1000})
    work()
    sold.shelves.says = {"L-LAMP": Taken("L-LAMP", "accepted")}
    reduce(850)
    work()
    sold.shelves.prices["east"] = {"LAMP": 850}
    for _ in range(8):
        settle()
        sql.run("update channels_listing_price set sent_at = sent_at - interval '1 hour'")
    because = "It costs EUR 8.50 there with nothing beside it; it is to cost EUR 8.50 instead of EUR 10.00."
    assert price("LAMP")[2:] == ("stuck", "", because)


def test_what_a_listing_cost_is_kept_as_long_as_it_may_be_asked_for(sold: Stand) -> None:
    put({"LAMP": 1100})
    work()
    stood = (
        f"select price_minor, until is null from channels_price_stood where listing_id in {LAMPS} order by id"
    )
    assert sorted(sql.run(stood)) == [(1000, False)] * 2 + [(1100, True)] * 2
    prune(at=now() + 399 * DAY)
    assert len(sql.run(stood)) == 4
    prune(at=now() + 401 * DAY)
    assert sql.run(stood) == [(1100, True)] * 2
    sql.run(f"delete from channels_price_stood where listing_id in {LAMPS}")
    assert set(examined()) == {"channels.stood"}


def test_the_database_lets_no_two_sales_overlap_but_one_begin_as_another_ends(sold: Stand) -> None:
    put({"LAMP": 1000})
    sale = reduce(850)
    again = """
    insert into channels_sale (list_id, sku_id, price_minor, starts_at, ends_at, made_at, made_by)
    select list_id, sku_id, price_minor, {since}, ends_at + interval '1 day', made_at, made_by
    from channels_sale where id = %s
    """
    with pytest.raises(ExclusionViolation, match="sales_of_a_sku_do_not_overlap"), transaction.atomic():
        sql.run(again.format(since="ends_at - interval '1 second'"), (sale,))
    sql.run(again.format(since="ends_at"), (sale,))
    assert sql.run("select count(*) from channels_sale") == [(2,)]


@pytest.mark.django_db(transaction=True)
def test_of_two_writers_at_once_one_plans_and_the_other_is_told_whose_sale_it_is() -> None:
    a_sku("LAMP")
    make_list("Retail", "EUR", at=AT, by="user:1")
    put({"LAMP": 1000})

    def plan(minor: int) -> str:
        try:
            reduce(minor)
        except SalesOverlap as refused:
            return refused.code
        finally:
            connection.close()
        return "planned"

    with ThreadPoolExecutor(2) as both_at_once:
        said = sorted(both_at_once.map(plan, (850, 860)))
    assert said == ["planned", "sales-overlap"]
    assert push_prices() == 0
