"""Write the planned past: orders and parcels by the history writers, stock through its ledger."""

from collections.abc import Callable, Iterable, Sequence
from itertools import batched, groupby

from quartermaster.core import sql
from quartermaster.core.kept import Became, Kept
from quartermaster.demo.company.found import BY
from quartermaster.demo.past import rows
from quartermaster.demo.past.ledger import days
from quartermaster.demo.past.plan import Past
from quartermaster.demo.past.story import Story
from quartermaster.inbox import queries
from quartermaster.orders.actions.remember import (
    remember_lines,
    remember_orders,
    remember_refunds,
    remember_tenders,
)
from quartermaster.stock.actions import Move, post
from quartermaster.support.actions.remember import remember_ratings
from quartermaster.tracking.actions.remember import remember_deliveries
from quartermaster.warehouse.actions.remember import remember_parcels

BATCH = 1000
type Tell = Callable[[float, str], None]


class NotKept(Exception):
    """A history writer refused what the demo planned: a defect of the plan."""


def write_stock(past: Past, tell: Tell) -> None:
    """Ninety days of the ledger, a transaction a moment. What is there already is left alone."""
    ids: dict[str, int] = dict(sql.run("select code, id from catalog_sku where not is_kit"))
    written = list(days(past))
    for n, day in enumerate(written):
        moves = [
            Move(
                one.key, ids[one.code], one.units, one.source, one.target, one.because, document=one.document
            )
            for one in day.moves
        ]
        post(moves, by=BY, at=day.at)
        tell(n / len(written), f"stock of {day.at:%d %B}")


def write_orders(past: Past, tell: Tell) -> None:
    """Every story, shop by shop, the oldest first."""
    by_shop = sorted(past.stories, key=lambda story: (story.sale.shop, story.sale.placed_at))
    done = 0
    for slug, told in groupby(by_shop, key=lambda story: story.sale.shop):
        connection_id = queries.connection(slug).pk
        for batch in batched(told, BATCH):
            _write(batch, slug, connection_id)
            done += len(batch)
            tell(done / len(by_shop), f"{done:,} orders")


def _write(stories: Sequence[Story], slug: str, connection_id: int) -> None:
    at = stories[-1].sale.placed_at
    kept = [
        remember_orders(
            [rows.order(story) for story in stories], connection_id=connection_id, slug=slug, at=at, by=BY
        ),
        remember_lines(
            [line for story in stories for line in rows.lines(story)], connection_id=connection_id
        ),
        remember_tenders([rows.tender(story) for story in stories], connection_id=connection_id),
        remember_parcels(
            [parcel for story in stories for parcel in rows.parcels(story)],
            connection_id=connection_id,
            at=at,
            by=BY,
        ),
    ]
    _check(answer for answers in kept for answer in answers)
    told = [one for story in stories for one in rows.deliveries(story)]
    remember_deliveries(told, connection_id=connection_id, at=at, by=BY)
    _check(
        remember_refunds(
            [refund for story in stories for refund in rows.refunds(story)],
            connection_id=connection_id,
            by=BY,
        )
    )
    _check(
        remember_ratings(
            [rating for story in stories for rating in rows.ratings(story)],
            connection_id=connection_id,
            slug=slug,
            at=at,
        )
    )


def _check(answers: Iterable[Kept]) -> None:
    for answer in answers:
        if answer.became is Became.REFUSED:
            raise NotKept(answer.because)
