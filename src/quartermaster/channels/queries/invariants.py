"""What must hold between parcels that left and what their shops were told. Rows come back as sentences."""

from collections.abc import Callable
from itertools import batched

from quartermaster.channels.queries.contents_invariants import INVARIANTS as CONTENTS
from quartermaster.channels.queries.figures import figures
from quartermaster.channels.queries.prices.invariants import INVARIANTS as PRICES
from quartermaster.core import sql
from quartermaster.core.moment import now

ROWS_MAX = 100
WISHES = """
select x.parcel_id from channels_shipment x
where x.state = 'queued' and not exists (
  select from core_outbox o where o.settled_at is null
    and o.key = 'channel:P-' || x.parcel_id || case when x.asked > 1 then ':' || x.asked else '' end)
order by 1 limit %s
"""
STRANGE = """
select x.parcel_id, p.state from channels_shipment x join warehouse_parcel p on p.id = x.parcel_id
join orders_order o on o.id = p.order_id
where p.state <> 'handed_over' or o.connection_id <> x.shop_id order by 1 limit %s
"""
# Not those that are about to be worked out: of a shop that asks for days, where a site has another day than
# the one that was looked at.
WAITS = """(exists (select from channels_dirty d where d.sku_id = l.sku_id)
  or exists (select from stock_shelf_life h where h.connection_id = l.shop_id and h.days > 0)
    and exists (select from stock_location c left join channels_aged a on a.location_id = c.id
      where a.looked_on is distinct from (%(at)s::timestamptz at time zone c.timezone)::date))"""
MAPPED = f"""
select l.id from channels_listing l where l.sku_id is not null and l.gone_at is null and not {WAITS}
order by 1
"""  # noqa: S608 - constants only
FORGOTTEN = """
select c.slug, l.name, l.state from channels_listing l join channels_shop s on s.connection_id = l.shop_id
join inbox_connection c on c.id = l.shop_id left join channels_goods g on g.shop_id = l.shop_id
where s.mode = 'live' and c.is_active and g.push_failures is not distinct from 0
  and ((l.state in ('due', 'asked') and l.next_at < now() - interval '1 day')
    or (l.state = 'sent' and l.lease_until < now() - interval '1 day')) order by l.id limit %s
"""
AHEAD = """
select c.slug, l.name, l.state, l.wanted, l.confirmed from channels_listing l
join inbox_connection c on c.id = l.shop_id
where (l.state = 'idle' and l.is_pushed and l.gone_at is null and l.wanted is not null
    and l.confirmed_version < l.version and l.confirmed is distinct from l.wanted)
  or (l.state in ('due', 'sent') and (l.wanted is null or l.sku_id is null)) order by l.id limit %s
"""
STILL = f"""
select l.id from channels_listing l where l.id = any(%(ids)s) and not {WAITS} order by 1
"""  # noqa: S608 - constants only
DAYS = """
select c.code, a.looked_on::text from channels_aged a join stock_location c on c.id = a.location_id
where a.looked_on < (%(at)s::timestamptz at time zone c.timezone)::date - 1
  and exists (select from stock_shelf_life where days > 0) order by 1 limit %(most)s
"""
CHECKED = 2000


def parcels_nobody_tells_of() -> list[str]:
    return [f"P-{parcel} waits, and no wish will tell of it" for (parcel,) in sql.run(WISHES, (ROWS_MAX,))]


def parcels_told_too_early() -> list[str]:
    return [f"P-{parcel} is {state}, or of another shop" for parcel, state in sql.run(STRANGE, (ROWS_MAX,))]


def numbers_the_formula_does_not_give() -> list[str]:
    """A number is worked out anew before it counts as wrong: stock may change while this looks."""
    found, at = [], now()
    for part in batched([id_ for (id_,) in sql.run(MAPPED, {"at": at})], CHECKED):
        off = [one.id for one in figures(part, at) if one.wanted != one.published.quantity]
        still = {id_ for (id_,) in sql.run(STILL, {"ids": off, "at": at})} if off else set()
        found += [
            f"listing {one.id} is to have {one.wanted}, and its formula gives {one.published.quantity}"
            for one in figures(sorted(still), at)
            if one.wanted != one.published.quantity
        ]
    return found[:ROWS_MAX]


def days_nobody_looked_at() -> list[str]:
    rows = sql.run(DAYS, {"at": now(), "most": ROWS_MAX})
    return [f"{site}: lots that grew too old for a shop were last looked for on {day}" for site, day in rows]


def numbers_nobody_sends() -> list[str]:
    return [f"{slug}: {name} is {state} since a day" for slug, name, state in sql.run(FORGOTTEN, (ROWS_MAX,))]


def numbers_out_of_step() -> list[str]:
    return [
        f"{slug}: {name} is {state}, is to have {wanted} and has {confirmed}"
        for slug, name, state, wanted, confirmed in sql.run(AHEAD, (ROWS_MAX,))
    ]


CANCELLATIONS = """
select x.id from channels_cancellation x
where x.state = 'queued' and not exists (
  select from core_outbox o where o.key = 'channel:C-' || x.id and o.settled_at is null)
order by 1 limit %s
"""
ELSEWHERE = """
select x.id from channels_cancellation x join orders_order o on o.id = x.order_id
where o.connection_id <> x.shop_id or not exists (
  select from channels_cancelled_line y where y.cancellation_id = x.id)
union select y.cancellation_id from channels_cancelled_line y
join channels_cancellation x on x.id = y.cancellation_id join orders_line l on l.id = y.line_id
where l.order_id <> x.order_id order by 1 limit %s
"""


def cancellations_nobody_tells_of() -> list[str]:
    return [f"C-{one} waits, and no wish will tell of it" for (one,) in sql.run(CANCELLATIONS, (ROWS_MAX,))]


def cancellations_of_others() -> list[str]:
    rows = sql.run(ELSEWHERE, (ROWS_MAX,))
    return [f"C-{one} names no line, or what is of another order or shop" for (one,) in rows]


LEFT_OVER = """
select k.id, c.slug from channels_comparison k join inbox_connection c on c.id = k.shop_id
where k.ended_at is not null and exists (select from channels_seen s where s.comparison_id = k.id)
order by 1 limit %s
"""
PAYOUTS = """
select x.refund_id, x.id from channels_payout x
where x.state = 'queued' and not exists (
  select from core_outbox o where o.settled_at is null and o.key = 'channel:R-' || x.refund_id || '.' || x.id
    || case when x.asked > 1 then ':' || x.asked else '' end)
order by 1, 2 limit %s
"""
# What was paid may be told otherwise later: the larger of then and now.
PAID_TOO_MUCH = """
select x.order_id, sum(x.amount_minor)::bigint, o.paid_minor from channels_payout x
join orders_order o on o.id = x.order_id join money_refund r on r.id = x.refund_id
where x.state <> 'refused' group by x.order_id, o.paid_minor
having sum(x.amount_minor) > greatest(o.paid_minor, max(r.paid_minor))
  or bool_or(r.order_id <> x.order_id or o.connection_id <> x.shop_id)
order by 1 limit %s
"""


HELD_BY_NOTHING = """
select c.slug, l.name, b.id, b.state from (
  select id as listing_id, bulk_id from channels_listing where bulk_id is not null
  union all select listing_id, bulk_id from channels_listing_price where bulk_id is not null) x
join channels_bulk b on b.id = x.bulk_id join channels_listing l on l.id = x.listing_id
join inbox_connection c on c.id = l.shop_id
where b.state = 'over' or b.shop_id <> l.shop_id order by l.id limit %s
"""
UNATTENDED = """
select c.slug, b.id, b.what, b.state from channels_bulk b join inbox_connection c on c.id = b.shop_id
where c.is_active and c.keys_refused_at is null
  and (b.state <> 'over' and b.next_at < now() - interval '1 day'
    or b.state = 'ready' and b.made_at < now() - interval '1 day'
    or b.state in ('beginning', 'open') and b.until < now() - interval '1 day')
order by b.id limit %s
"""


def listings_held_by_nothing() -> list[str]:
    rows = sql.run(HELD_BY_NOTHING, (ROWS_MAX,))
    return [f"{slug}: {name} is held by bulk write {n}, which is {state}" for slug, name, n, state in rows]


def bulk_writes_nobody_looks_after() -> list[str]:
    rows = sql.run(UNATTENDED, (ROWS_MAX,))
    return [f"{slug}: bulk write {n} of {what} is {state} a day too long" for slug, n, what, state in rows]


def comparisons_that_did_not_end() -> list[str]:
    return [f"comparison {n} of {slug} left what it saw" for n, slug in sql.run(LEFT_OVER, (ROWS_MAX,))]


def refunds_nobody_asks_for() -> list[str]:
    rows = sql.run(PAYOUTS, (ROWS_MAX,))
    return [f"R-{refund}.{one} waits, and no wish will ask for it" for refund, one in rows]


def orders_paid_back_too_much() -> list[str]:
    return [
        f"SO-{order}: its shop was made to give back {amount} of {paid}"
        for order, amount, paid in sql.run(PAID_TOO_MUCH, (ROWS_MAX,))
    ]


INVARIANTS: tuple[tuple[str, str, Callable[[], list[str]]], ...] = (
    ("channels.wishes", "A parcel its shop is to be told of is on its way there.", parcels_nobody_tells_of),
    (
        "channels.cancellations",
        "A cancellation its shop is to be told of is on its way there.",
        cancellations_nobody_tells_of,
    ),
    (
        "channels.cancelled",
        "A shop is told of lines of its own orders that are not sent.",
        cancellations_of_others,
    ),
    ("channels.refunds", "A refund its shop is to give back is on its way there.", refunds_nobody_asks_for),
    (
        "channels.paid_back",
        "A shop is made to give back no more of an order than was paid.",
        orders_paid_back_too_much,
    ),
    ("channels.left", "A shop is told of its own parcels, once they left.", parcels_told_too_early),
    (
        "channels.formula",
        "A shop is to have of each listing what the formula gives for the stock there is.",
        numbers_the_formula_does_not_give,
    ),
    ("channels.days", "Lots that grow too old for a shop are looked for every day.", days_nobody_looked_at),
    ("channels.queue", "No number waits for ever to be sent or read back.", numbers_nobody_sends),
    (
        "channels.step",
        "A listing that rests has what it is to have, and none is sent that has no number.",
        numbers_out_of_step,
    ),
    (
        "channels.bulk",
        "A listing is held by a bulk write of its shop that is not over.",
        listings_held_by_nothing,
    ),
    (
        "channels.bulk_writes",
        "A bulk write that is not over is looked after, and its rows are let go in time.",
        bulk_writes_nobody_looks_after,
    ),
    ("channels.seen", "A comparison that ended left nothing behind.", comparisons_that_did_not_end),
    *PRICES,
    *CONTENTS,
)
