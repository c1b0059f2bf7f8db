"""Keep what a report of a marketplace says, in the caller's transaction; each answers what it brought."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from quartermaster.core import sql
from quartermaster.marketplaces.actions.tell_defects import DefectRow, tell_defects
from quartermaster.marketplaces.actions.tell_official import tell_official
from quartermaster.marketplaces.ports import FeedbackTold, Figure
from quartermaster.marketplaces.queries.shops import Shop
from quartermaster.marketplaces.rules.defects import DefectKind, Outcome
from quartermaster.marketplaces.rules.official import Told, wrong_with
from quartermaster.marketplaces.rules.terms import Measure

SOURCE: Final = "report"
BY: Final = "system"
_EDGE: Final = timedelta(days=2)  # by whose clock the first days of a report begin is not said
# What somebody settled stays settled: a report may list what was struck through.
SETTLED: Final = """
select o.external_id from marketplaces_defect d join orders_order o on o.id = d.order_id
where o.connection_id = %(connection)s and o.external_id = any(%(orders)s) and d.kind = 'feedback'
  and d.external_id = '' and d.outcome <> 'open'
"""
GONE: Final = """
select o.external_id, d.stars, d.happened_at
from marketplaces_defect d join orders_order o on o.id = d.order_id
where o.connection_id = %(connection)s and d.kind = 'feedback' and d.external_id = '' and d.outcome = 'open'
  and d.source = %(source)s and d.happened_at >= %(since)s and o.external_id <> all(%(orders)s)
order by d.order_id
"""


def keep_figures(shop: Shop, figures: Sequence[Figure], since: date, at: datetime) -> str:
    told = [one for one in map(_told, figures) if one is not None]
    news = tell_official(shop, told, source=SOURCE, at=at, by=BY)
    return f"{_many(len(told), 'figure')}, {news} new"


def keep_feedback(shop: Shop, told: FeedbackTold, since: date, at: datetime) -> str:
    """The newest word about an order holds. What we know by an earlier report, and this one has no more, was
    taken away."""
    by_order = {one.order: one for one in sorted(told.rows, key=lambda one: one.told_on)}
    asked = {"connection": shop.id, "orders": list(by_order), "source": SOURCE}
    settled = {order for (order,) in sql.run(SETTLED, asked)}
    rows = [
        DefectRow(
            one.order,
            DefectKind.FEEDBACK,
            min(_moment(one.told_on), at),
            stars=one.stars,
            note=one.comment,
        )
        for one in by_order.values()
        if one.order not in settled
    ]
    if told.is_whole:
        gone = sql.run(GONE, {**asked, "since": _moment(since) + _EDGE})
        rows += [
            DefectRow(order, DefectKind.FEEDBACK, happened_at, Outcome.REMOVED, stars)
            for order, stars, happened_at in gone
        ]
    became = tell_defects(rows, connection_id=shop.id, source=SOURCE, at=at, by=BY)
    removed = sum(
        one.became == "changed" and row.outcome == Outcome.REMOVED
        for row, one in zip(rows, became, strict=True)
    )
    said = [_many(len(by_order), "buyer"), f"{sum(one.became == 'new' for one in became)} new"]
    said += [f"{removed} taken away"] if removed else []
    if unknown := sum(one.became == "refused" for one in became):
        said.append(f"{unknown} of orders that are not here")
    if told.unread:
        said.append(f"{_many(told.unread, 'row')} not read")
    return ", ".join(said)


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _many(count: int, one: str) -> str:
    return f"{count:,} {one}{'' if count == 1 else 's'}"


def _told(figure: Figure) -> Told | None:
    """None for a measure we have no word for, or a figure that cannot be."""
    if figure.measure not in list(Measure):
        return None
    told = Told(
        Measure(figure.measure),
        figure.country,
        figure.first_on,
        figure.last_on,
        figure.numerator,
        figure.denominator,
    )
    return None if wrong_with(told) else told
