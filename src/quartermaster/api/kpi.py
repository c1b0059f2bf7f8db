"""/api/kpi: the KPI document, and the rows behind each of its figures."""

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Query, Router
from pydantic import Field

from quartermaster.api.auth import Bearer
from quartermaster.api.shapes import LIMIT_DEFAULT, Filter, Items, Json, Limit, Moment, Shape, Told, listed
from quartermaster.core.pages import Page
from quartermaster.insight import queries
from quartermaster.insight.queries.facts import Ask
from quartermaster.insight.queries.rows import defined
from quartermaster.insight.rules.days import Period

router = Router(tags=["KPIs"])
READ = Bearer("kpi:read")
First = Annotated[date, Told("First day."), Query(alias="from")]
Last = Annotated[date, Told("Last day, included."), Query(alias="to")]
Zone = Annotated[Filter, Told("Whose days, an IANA zone. Empty: that of the first own site.")]
Known = Annotated[Moment | None, Told("Only what was recorded by then.")]
Cursor = Annotated[str, Field(pattern=r"^(-?[0-9]{1,18})?$"), Told("`next` of the page before.")]


class Row(Shape):
    """One counted row: weight adds to the denominator, value to the numerator, or is what is averaged.

    subject: order:SO-17, sku:LAMP, rating:4. on: the day of the period it belongs to.
    """

    subject: str
    at: str | None
    on: date
    due: str
    weight: float
    value: float
    is_hit: bool
    currency: str


class KpiWeek(Shape):
    """median and p90 of figures in hours, numerator and denominator of ratios, by_currency of money."""

    begins_on: date
    ends_on: date
    value: float | None
    n: int
    unit: str
    median: float | None = None
    p90: float | None = None
    numerator: int | None = None
    denominator: int | None = None
    by_currency: list[Json] | None = None


@router.get("/kpi", auth=READ, response=Json, summary="The KPI document")
def kpi(
    request: HttpRequest, first: First, last: Last, tz: Zone = "", as_known_at: Known = None
) -> dict[str, Any]:
    return queries.document(Period(first, last, tz or queries.shop_zone()), at=now(), known_at=as_known_at)


@router.get("/kpi/{key}/rows", auth=READ, response=Items[Row], summary="The rows a figure counts")
def rows(
    request: HttpRequest,
    key: str,
    first: First,
    last: Last,
    tz: Zone = "",
    as_known_at: Known = None,
    side: Literal["counted", "numerator"] = "counted",
    after: Cursor = "",
    limit: Limit = LIMIT_DEFAULT,
) -> dict[str, Any]:
    period = Period(first, last, tz or queries.shop_zone())
    page = queries.rows(key, Ask(period, now(), as_known_at), side=side, after=after, limit=limit)
    return listed(Page([_told(row, period) for row in page.items], page.next))


@router.get("/kpi/{key}/weeks", auth=READ, response=list[KpiWeek], summary="A figure week by week")
def weeks(
    request: HttpRequest, key: str, first: First, last: Last, tz: Zone = "", as_known_at: Known = None
) -> list[dict[str, Any]]:
    """Weeks are seven days from the first day asked for on; the last may be shorter."""
    period = Period(first, last, tz or queries.shop_zone())
    return queries.by_week([defined(key).key], Ask(period, now(), as_known_at))[key]


def _told(row: queries.Row, period: Period) -> Row:
    return Row(
        subject=row.subject,
        at=row.at.isoformat() if row.at else None,
        on=period.dates[row.day - 1],
        due=row.due,
        weight=float(row.weight),
        value=float(row.value),
        is_hit=row.is_hit,
        currency=row.part,
    )
