"""What still differs between a shop and us once everything it lists has been read."""

from datetime import datetime, timedelta

import msgspec
from django.db import transaction

from quartermaster.channels.actions.prices.differing import priced_otherwise
from quartermaster.channels.rules.gaps import gaps
from quartermaster.core import sql
from quartermaster.core.currencies import EXPONENT
from quartermaster.core.events import emit
from quartermaster.events import ShopCompared

EXPONENTS = msgspec.json.encode(EXPONENT).decode()
GRACE = timedelta(minutes=15)  # what a shop told last may be newer than what it listed
PATIENCE = timedelta(hours=1)  # what happened here since then may not show there yet

LOCK = """
select k.shop_id, c.slug, k.since, k.began_at, k.listed, k.late from channels_comparison k
join inbox_connection c on c.id = k.shop_id
where k.id = %(id)s and k.phase = 'settling' for update of k
"""
# Orders that are looked at: those of the time compared, and those that differed before.
AGAIN = """
select d.order_id from channels_drift d where d.shop_id = %(shop)s and d.kind = '{}' and d.settled_at is null
"""
AMOUNT = "o.currency || ' ' || round({} / power(10::numeric, e.places), e.places) || ' given back'"
MISSING = """
select 'missing', m.external_id, null::bigint, 'it lists the order',
  'there is no order of it: see why among the messages', null::timestamptz
from (
  select external_id from channels_seen where comparison_id = %(id)s
  union select reference from channels_drift
  where shop_id = %(shop)s and kind = 'missing' and settled_at is null) m
where not exists (
  select from orders_order o where o.connection_id = %(shop)s and o.external_id = m.external_id)
"""
VANISHED = f"""
select 'vanished', 'SO-' || o.id, o.id, 'it does not list the order', 'the order stands', o.placed_at
from orders_order o
where o.connection_id = %(shop)s and o.captured_at < %(began)s and o.cancelled_at is null
  and (o.placed_at >= %(since)s or o.id in ({AGAIN.format("vanished")}))
  and not exists (
    select from channels_seen s where s.comparison_id = %(id)s and s.external_id = o.external_id)
"""  # noqa: S608 - constants only
UNSHIPPED = f"""
select 'unshipped', 'SO-' || o.id, o.id, u.fulfilled || ' units have left', u.shipped || ' units have left',
  t.at
from (
  select p.order_id, max(x.settled_at) as at from channels_shipment x
  join warehouse_parcel p on p.id = x.parcel_id
  where x.shop_id = %(shop)s and x.state = 'told' and (x.settled_at >= %(since)s
    or p.order_id in ({AGAIN.format("unshipped")}))
  group by 1 having max(x.settled_at) < %(patience)s) t
join orders_order o on o.id = t.order_id and o.cancelled_at is null
join lateral (
  select sum(l.open + l.allocated + l.picked) as waiting, sum(l.shipped)::bigint as shipped,
    sum(l.fulfilled)::bigint as fulfilled
  from orders_line l where l.order_id = o.id and l.is_shippable) u on true
-- some shops show nothing of a parcel until the last one has left
where u.waiting = 0 and u.fulfilled < u.shipped
"""  # noqa: S608 - constants only
UNCANCELLED = f"""
select 'uncancelled', 'SO-' || o.id, o.id, 'the order stands',
  'the order is cancelled: ' || o.cancelled_because, o.cancelled_at
from orders_order o
join lateral (
  select sum(l.wanted + l.shipped) as left, sum(l.cancelled_here) as here, sum(l.cancelled_there) as there
  from orders_line l where l.order_id = o.id) u on true
where o.connection_id = %(shop)s and o.status = 'cancelled' and o.cancelled_at < %(patience)s
  and (o.placed_at >= %(since)s or o.id in ({AGAIN.format("uncancelled")}))
  and not o.detail ? 'removed' and u.left = 0 and u.here > u.there
"""  # noqa: S608 - constants only
# What it lists is held against what it told of before, unless that is of the last minutes and may be newer;
# and against what it said it gave back for us.
REFUNDED = f"""
select 'refund', 'SO-' || o.id, o.id, {AMOUNT.format("x.theirs")}, {AMOUNT.format("x.ours")}, x.at
from (
  select o.id, coalesce(s.refunded_minor, o.refunded_minor) as theirs,
    greatest(o.refunded_minor, coalesce(t.minor, 0)) as ours, t.at
  from orders_order o
  left join channels_seen s on s.comparison_id = %(id)s and s.external_id = o.external_id
    and (s.version >= o.source_version or left(o.source_version, 19)
      < to_char(%(began)s at time zone 'UTC' - %(grace)s::interval, 'YYYY-MM-DD"T"HH24:MI:SS'))
  left join (
    select order_id, max(told_minor + amount_minor) as minor, max(settled_at) as at from channels_payout
    where shop_id = %(shop)s and state = 'told' group by 1 having max(settled_at) < %(patience)s) t
    on t.order_id = o.id
  where o.connection_id = %(shop)s
    and (s.external_id is not null or t.at >= %(since)s or o.id in ({AGAIN.format("refund")}))) x
join orders_order o on o.id = x.id
cross join lateral (select coalesce((%(exponents)s::jsonb ->> o.currency)::int, 2) as places) e
where x.theirs <> x.ours
"""  # noqa: S608 - constants only
NAMES = """
select o.external_name, o.captured_at < %(began)s from orders_order o
where o.connection_id = %(shop)s and o.placed_at >= %(since)s
"""
KNOWN = (
    "select external_name from orders_order where connection_id = %(shop)s and external_name = any(%(names)s)"
)
GAPS = """
select 'gap', n, null::bigint, 'the numbers around it are orders', 'no order has this number',
  null::timestamptz
from unnest(%(gaps)s::text[]) n
"""
PRICES = """
select 'price', r.reference, null::bigint, r.theirs, r.ours, r.since
from jsonb_to_recordset(%(prices)s::jsonb) as r(reference text, theirs text, ours text, since timestamptz)
"""
OPEN_GAPS = (
    "select reference from channels_drift where shop_id = %(shop)s and kind = 'gap' and settled_at is null"
)
FOUND = " union all ".join((MISSING, VANISHED, UNSHIPPED, UNCANCELLED, REFUNDED, GAPS, PRICES))
KEEP = f"""
with found (kind, reference, order_id, theirs, ours, since) as ({FOUND}), fresh as (
  insert into channels_drift (shop_id, kind, reference, order_id, theirs, ours, since, found_at)
  select %(shop)s, f.kind, f.reference, f.order_id, f.theirs, f.ours, f.since, %(at)s from found f
  where not exists (  -- what a person has let be stays so while it is the same
    select from channels_drift d where d.shop_id = %(shop)s and d.kind = f.kind and d.reference = f.reference
      and (d.settled_at is null or d.settled_by <> 'system' and d.theirs = f.theirs and d.ours = f.ours))
  on conflict do nothing returning id
), gone as (
  update channels_drift d set settled_at = %(at)s, settled_by = 'system',
    settled_because = 'it is no longer so'
  where d.shop_id = %(shop)s and d.settled_at is null
    and not exists (select from found f where f.kind = d.kind and f.reference = d.reference)
  returning id
)
select (select count(*) from fresh), (select count(*) from gone)
"""  # noqa: S608 - constants only
END = """
update channels_comparison set phase = 'done', ended_at = %(at)s, found = %(found)s, settled = %(settled)s
where id = %(id)s
"""
FORGET = "delete from channels_seen where comparison_id = %(id)s"


@transaction.atomic
def judge(comparison_id: int, *, at: datetime) -> None:
    """End a comparison that has been read: what differs now is kept, what does no more is settled."""
    for shop_id, slug, since, began_at, listed, late in sql.run(LOCK, {"id": comparison_id}):
        asked = {"id": comparison_id, "shop": shop_id, "since": since, "began": began_at, "at": at}
        more = {"patience": at - PATIENCE, "grace": GRACE, "gaps": _gaps(asked), "exponents": EXPONENTS}
        more["prices"] = sql.rows(priced_otherwise(shop_id))
        found, settled = sql.run(KEEP, {**asked, **more})[0]
        sql.run(END, {"id": comparison_id, "at": at, "found": found, "settled": settled})
        sql.run(FORGET, {"id": comparison_id})
        emit(
            [
                ShopCompared(
                    subject=f"connection:{slug}",
                    at=at,
                    actor="system",
                    connection=slug,
                    listed=listed,
                    late=late,
                    found=found,
                    settled=settled,
                )
            ]
        )


def _gaps(asked: dict[str, object]) -> list[str]:
    """Numbers no order has, those of before included: a name may be older than the time compared."""
    names = sql.run(NAMES, asked)
    everything = {name for name, _ in names}
    wanted = [*gaps((name for name, is_old in names if is_old), everything)]
    wanted += [name for (name,) in sql.run(OPEN_GAPS, asked)]
    known = {name for (name,) in sql.run(KNOWN, {**asked, "names": wanted})}
    return sorted(set(wanted) - known)
