"""What must hold of scans, tracks and delivered lines. Rows come back as sentences."""

from collections.abc import Callable

from quartermaster.core import sql
from quartermaster.tracking.queries.delivered import EVERYWHERE, Arrived, counted
from quartermaster.tracking.rules import Scan, Track, fold

ROWS_MAX = 100
FOLDED_AGAIN = 5000  # parcels told of last

TRACKS = """
with newest as (
  select distinct parcel_id from (select parcel_id from tracking_scan order by id desc limit %s) s)
select n.parcel_id, t.status, t.first_scan_at, t.last_scan_at, t.delivered_at, t.delivered_recorded_at
from newest n left join tracking_track t using (parcel_id)
"""
SCANS = "select parcel_id, key, at, status, recorded_at from tracking_scan where parcel_id = any(%s)"
# What a listener is about to count is no news, and of the past we know what its file said.
DELIVERED = f"""
select c.* from ({EVERYWHERE}) c
where c.delivered is distinct from c.counted and not exists (
  select from core_delivery d where d.listener = 'tracking.deliver' and d.subject = 'order:SO-' || c.order_id)
  and not exists (select from orders_order o where o.id = c.order_id and o.detail ? 'history')
"""  # noqa: S608 - constants only


def tracks_that_differ() -> list[str]:
    """Add the scans of the parcels told of last up again."""
    kept = {row[0]: row[1:] for row in sql.run(TRACKS, (FOLDED_AGAIN,))}
    told: dict[int, list[Scan]] = {parcel_id: [] for parcel_id in kept}
    for parcel_id, *scan in sql.run(SCANS, (list(kept),)):
        told[parcel_id].append(Scan(*scan))
    wrong = [
        f"P-{parcel_id}: its scans add up to something else than what is kept"
        for parcel_id, row in sorted(kept.items())
        if row[0] is None or fold(told[parcel_id]) != Track(*row)
    ]
    return wrong[:ROWS_MAX]


def lines_that_differ() -> list[str]:
    """Kits are counted as wholes, by what was promised for them."""
    lines = [Arrived._make(row) for row in sql.run(DELIVERED)]
    units = counted(lines)
    return [
        f"SO-{line.order_id} {line.code}: {line.delivered} delivered, its parcels hold {units[line.line_id]}"
        for line in lines
        if line.delivered != units[line.line_id]
    ][:ROWS_MAX]


# Of parcels that left by us; a warehouse of others receives for itself.
UNEXPECTED = """
select 'P-' || p.id from tracking_track t join warehouse_parcel p on p.id = t.parcel_id
join stock_location c on c.id = p.location_id and c.kind in ('own', 'store')
where t.status = 'return_to_sender' and p.state = 'handed_over' and p.external_id = ''
  and exists (select from warehouse_parcel_item i where i.parcel_id = p.id and i.sku_id is not null)
  and not exists (select from inbound_arrival a where a.kind = 'return_to_origin'
    and a.location_id = p.location_id and a.reference = 'P-' || p.id)
  and not exists (select from core_delivery d where d.listener = 'tracking.expect_back'
    and d.subject = 'order:SO-' || p.order_id)
limit %s
"""


def parcels_nobody_expects() -> list[str]:
    return [f"{row[0]} comes back, and nobody expects it" for row in sql.run(UNEXPECTED, (ROWS_MAX,))]


INVARIANTS: tuple[tuple[str, str, Callable[[], list[str]]], ...] = (
    ("tracking.fold", "What is kept of a parcel is what its scans add up to.", tracks_that_differ),
    (
        "tracking.delivered",
        "What a line has delivered is what its delivered parcels hold, kits as wholes.",
        lines_that_differ,
    ),
    ("tracking.back", "Every parcel that comes back is expected at its site.", parcels_nobody_expects),
)
