"""The KPI page: tiles that open to their rows, in the days and the zone asked for."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils.timezone import now
from tests.console.conftest import Page

from quartermaster.console.kpi.line import lines
from quartermaster.core import sql
from quartermaster.insight.actions import refresh
from quartermaster.insight.rules.definitions import KPIS
from quartermaster.stock.actions import Move, post
from quartermaster.testing.builders import a_location, a_sku
from quartermaster.testing.history import a_delivery, a_refund, a_sold_order, shipped_order


def read(client: Client, address: str) -> Page:
    answer = client.get(address)
    assert answer.status_code == 200, answer
    page = Page(answer.content.decode())
    page.text = " ".join(page.text.split())
    return page


def yesterday(hour: int = 12) -> datetime:
    return now().astimezone(UTC).replace(hour=hour, minute=0) - timedelta(days=1)


def test_an_empty_shop_has_every_tile_and_no_value(owner: Client):
    page = read(owner, "/kpi")
    assert page.text.count("nothing to count") == len(KPIS)
    assert all(one.title in page.text for one in KPIS.values())


def test_a_tile_opens_to_exactly_the_orders_it_counts(owner: Client):
    made = [a_sold_order(yesterday(hour)) for hour in (9, 10)]
    page = read(owner, "/kpi?range=7")
    (link, *_) = [href for href in page.values("a", "href") if href.startswith("/kpi/orders?")]
    assert read(owner, link).values("a", "data-row") == ["", ""]
    rows = read(owner, link).text
    assert all(f"SO-{order_id}" in rows for order_id in made)


def test_a_figure_that_may_still_change_says_so_and_names_its_reasons(owner: Client):
    order_id, parcel_id = shipped_order(yesterday() - timedelta(days=4))
    a_delivery(parcel_id, yesterday())
    a_refund(order_id, yesterday(), because="too large", returned=1)
    text = read(owner, "/kpi").text
    assert "provisional" in text
    assert "too large" in text


def test_stock_is_told_in_the_units_of_its_currency(owner: Client):
    """Yen have no hundredth; dinars have thousandths."""
    a_location("BER")
    for code, currency in (("LAMP", "JPY"), ("BULB", "KWD")):
        move = Move(code, a_sku(code), 3, "world:supplier", "BER", "test")
        post([move], by="test", at=yesterday() - timedelta(days=200))
        sql.run("update catalog_sku set cost_minor = 1500, currency = %s where code = %s", (currency, code))
    text = read(owner, "/kpi/aging_stock_share").text
    assert "¥4,500 of ¥4,500" in text
    assert "KWD 4.500 of KWD 4.500" in text


def test_days_and_zone_can_be_chosen(owner: Client):
    a_sold_order(datetime(2026, 3, 1, 23, 30, tzinfo=UTC))
    assert "SO-" in read(owner, "/kpi/orders?from=2026-03-02&to=2026-03-02&tz=Europe/Berlin").text
    assert "No row" in read(owner, "/kpi/orders?from=2026-03-02&to=2026-03-02&tz=UTC").text


@pytest.mark.parametrize(
    "query", ["from=2026-03-02", "from=x&to=y", "tz=Mars/Olympus", "from=2026-03-02&to=2026-03-01", "tz=../x"]
)
def test_days_that_cannot_be_are_refused(owner: Client, query: str):
    assert owner.get(f"/kpi?{query}").status_code == 422


def test_an_unknown_figure_is_not_there(owner: Client):
    assert owner.get("/kpi/happiness").status_code == 404


def test_a_page_that_takes_long_shows_what_was_kept_while_it_is_fresh(owner: Client):
    a_sold_order(yesterday())
    refresh(at=now())
    sql.run("update insight_overview set took_ms = 9000")
    a_sold_order(yesterday())
    assert "n = 1 " in read(owner, "/kpi").text
    sql.run("update insight_overview set computed_at = computed_at - interval '3 hours'")
    assert "n = 2 " in read(owner, "/kpi").text


def test_a_page_that_is_quick_is_counted_when_it_is_asked_for(owner: Client):
    refresh(at=now())
    sql.run("update insight_overview set took_ms = 20")
    a_sold_order(yesterday())
    assert "n = 1 " in read(owner, "/kpi").text


def test_a_line_spans_its_box_and_leaves_gaps():
    assert lines([1, 3, 2]) == ["0.0,28.0 100.0,2.0 200.0,15.0"]
    assert lines([1, None, 3, 3]) == ["-1.0,28.0 1.0,28.0", "133.3,2.0 200.0,2.0"]
    assert lines([5, 5]) == ["0.0,15.0 200.0,15.0"]
    assert lines([None, 4]) == []


def test_weeks_are_counted_from_their_rows_and_open_to_them(owner: Client):
    monday = now().astimezone(UTC).replace(hour=12) - timedelta(days=now().weekday())
    for weeks, hours in ((1, 10), (1, 30), (2, 50)):
        shipped_order(monday - timedelta(weeks=weeks), hours=hours)
    page = read(owner, "/kpi/weeks?tz=UTC")
    assert "−60 % from 50.0 h" in page.text  # 20 hours after 50
    first = (monday - timedelta(weeks=1)).date()
    address = f"/kpi/order_processing_hours?from={first}&to={first + timedelta(days=6)}&tz=UTC"
    assert address in page.values("a", "href")
    assert read(owner, address).text.count("SO-") == 2
