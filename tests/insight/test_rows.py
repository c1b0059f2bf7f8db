"""A figure opens to exactly the rows it counts: recomputed from them in Python it is the same."""

import importlib
import statistics
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quartermaster.core import sql
from quartermaster.core.errors import NotFound
from quartermaster.insight.queries import Row, rows
from quartermaster.insight.queries.document import figures
from quartermaster.insight.queries.facts import Ask
from quartermaster.insight.queries.rows import Side
from quartermaster.insight.rules.days import Period
from quartermaster.insight.rules.definitions import KPIS, Fold
from quartermaster.stock.actions import Move, post
from quartermaster.testing.builders import a_location, a_sku
from quartermaster.testing.history import a_delivery, a_parcel, a_rating, a_refund, a_sold_order

parts = importlib.import_module("quartermaster.insight.queries.rows")
pytestmark = pytest.mark.django_db
FIRST = date(2026, 3, 1)
BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
hours = st.integers(0, 14 * 24)
told = st.tuples(
    hours,  # placed
    st.sampled_from(["EUR", "JPY"]),
    st.integers(0, 9000),  # total
    st.sampled_from(["", "test", "unpaid", "cancelled"]),
    st.none() | hours,  # handed over, behind placing
    st.none() | hours,  # delivered, behind that
    st.none() | st.integers(0, 14),  # promised for that day
    st.sampled_from(["", "wrong item", "changed my mind"]),
)


def live(
    placed: int,
    currency: str,
    total: int,
    odd: str,
    gone: int | None,
    there: int | None,
    promise: int | None,
    because: str,
) -> None:
    """One order with all that happened to it."""
    at = BEGIN + placed * HOUR
    different: dict[str, object] = {"currency": currency, "total_minor": total, "is_test": odd == "test"}
    if odd in ("unpaid", "cancelled"):
        different |= {"cancelled_at": at, "paid_minor": 0 if odd == "unpaid" else 1000}
    if promise is not None:
        different |= {"promised_on": FIRST + timedelta(days=promise), "promised_by": at + promise * 24 * HOUR}
    order_id = a_sold_order(at, units=2, gone=0 if gone is None else 2, **different)
    if gone is None:
        return
    parcel_id = a_parcel(order_id, at + gone * HOUR, ship_by=at + 24 * HOUR)
    if there is not None:
        a_delivery(parcel_id, at + (gone + there) * HOUR)
        sql.run("update orders_line set delivered = 2 where order_id = %s", (order_id,))
        if because:
            a_refund(order_id, at + (gone + there + 9) * HOUR, because=because, returned=1)
        a_rating(at + (gone + there) * HOUR, total % 5 + 1, order_id=order_id)
        a_rating(at + (gone + there) * HOUR, total % 11, kind="nps")


def every(key: str, ask: Ask, side: Side = "counted") -> list[Row]:
    found: list[Row] = []
    after = ""
    while True:
        page = rows(key, ask, side=side, after=after, limit=3)
        found += page.items
        if page.next is None:
            return found
        after = page.next


def recomputed(fold: Fold, found: list[Row]) -> object:
    values, weight = [row.value for row in found], sum(row.weight for row in found)
    if not found:
        return None
    if fold is Fold.COUNT:
        return len(found)
    if fold is Fold.RATIO:
        return float(sum(values) / weight)
    if fold in (Fold.MEAN, Fold.HOURS):
        return float(sum(values) / Decimal(len(found)))
    if fold is Fold.NPS:
        return float(100 * sum(values) / Decimal(len(found)))
    return {row.part: sum(one.value for one in found if one.part == row.part) for row in found}


@settings(max_examples=16)
@given(
    st.lists(told, max_size=6), st.sampled_from(["UTC", "Asia/Kolkata", "America/Los_Angeles"]), st.booleans()
)
def test_value_and_n_are_those_of_the_rows(stories: list[tuple[object, ...]], tz: str, is_then: bool):
    for story in stories:
        live(*story)  # type: ignore[arg-type]
    at = BEGIN + timedelta(days=60)
    ask = Ask(
        Period(FIRST, FIRST + timedelta(days=12), tz), at, BEGIN + timedelta(days=20) if is_then else None
    )
    for key, figure in figures(ask).items():
        definition, found = KPIS[key], every(key, ask)
        assert figure["n"] == len(found), key
        assert len({row.id for row in found}) == len(found), key
        assert all(1 <= row.day <= ask.period.days for row in found), key
        numerator = every(key, ask, "numerator")
        assert [row.id for row in numerator] == [row.id for row in found if row.is_hit], key
        value = recomputed(definition.fold, found)
        if definition.fold in (Fold.SUM, Fold.MEAN_MONEY, Fold.RATIO_MONEY):
            told = {one["currency"]: one["n"] for one in figure["by_currency"]}  # type: ignore[attr-defined]
            assert told == {part: sum(row.part == part for row in found) for part in (value or {})}  # type: ignore[attr-defined]
            if definition.fold is Fold.SUM:
                sums = {one["currency"]: one["money"]["minor"] for one in figure["by_currency"]}  # type: ignore[attr-defined]
                assert sums == (value or {})
        else:
            assert figure["value"] == (None if value is None else pytest.approx(value)), key
        if definition.fold is Fold.HOURS and found:
            assert figure["median"] == pytest.approx(statistics.median(float(row.value) for row in found))


@pytest.mark.parametrize("ids_max", [3, 4, 7, 100])
def test_few_that_count_are_found_among_many_that_do_not(ids_max: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(parts, "_FIRST", 1)
    monkeypatch.setattr(parts, "_MORE", 2)
    monkeypatch.setattr(parts, "_IDS_MAX", ids_max)
    made = [a_sold_order(BEGIN, cancelled_at=None if n in (0, 1, 2, 3, 5, 6) else BEGIN) for n in range(12)]
    ask = Ask(Period(FIRST, FIRST), BEGIN + timedelta(days=9))
    assert [row.id for row in every("cancellation_rate", ask)] == made
    assert [row.id for row in every("cancellation_rate", ask, "numerator")] == [made[4], *made[7:]]


def test_rows_of_stock_are_skus():
    a_location("BER")
    sku = a_sku("LAMP")
    sql.run("update catalog_sku set cost_minor = 100, currency = 'EUR'")
    post([Move("a", sku, 3, "world:supplier", "BER", "test")], by="test", at=BEGIN)
    ask = Ask(Period(FIRST, FIRST), BEGIN + timedelta(days=2))
    assert [row.subject for row in every("inventory_turnover", ask)] == ["sku:LAMP"]
    assert [(row.subject, row.weight) for row in every("aging_stock_share", ask)] == [("sku:LAMP", 300)]


def test_an_unknown_figure_has_no_rows():
    with pytest.raises(NotFound):
        rows("happiness", Ask(Period(FIRST, FIRST), BEGIN))
