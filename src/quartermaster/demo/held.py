"""What the company holds its own shops to: no looser than Amazon would. And what buyers were angry about."""

from datetime import datetime

from quartermaster.core import sql
from quartermaster.demo.company.found import BY
from quartermaster.marketplaces.actions import DefectRow, count, tell_defects, write_terms
from quartermaster.marketplaces.queries.terms import written
from quartermaster.marketplaces.rules.terms import Counts, Dated, Measure, Terms

KIND, BECAUSE = "shopify", "Our own promise: no looser than Amazon's."
TERMS = {
    Measure.ODR: Terms((60,), 10_000, 7_500, is_strict=True),
    Measure.LSR: Terms((10, 30), 40_000, 30_000, is_strict=True),
    Measure.CR: Terms((30,), 25_000, 18_000, is_strict=True),
    Measure.VTR: Terms((30,), 50_000, 40_000, Dated.LEFT, Counts.PARCEL, reads_good=True, ends_days_ago=4),
    Measure.OTDR: Terms(
        (14,), 100_000, 70_000, Dated.PROMISED, Counts.UNIT, reads_good=True, ends_days_ago=7
    ),
}
ANGRY = """
select 'SO-' || r.order_id, r.comment, r.at from support_rating r join orders_order o on o.id = r.order_id
join inbox_connection c on c.id = o.connection_id
where r.kind = 'csat' and r.score = 1 and c.kind = %s order by r.id desc limit 40
"""


def hold(*, at: datetime) -> None:
    """Done twice it is done once."""
    if not written(KIND):
        for measure, terms in TERMS.items():
            write_terms(KIND, "", measure, terms, from_on=None, because=BECAUSE, at=at, by=BY)
    rows = [
        DefectRow(order, "feedback", happened_at, stars=1, note=note)
        for order, note, happened_at in sql.run(ANGRY, (KIND,))
    ]
    tell_defects(rows, connection_id=None, source=BY, at=at, by=BY)
    count(at=at)
