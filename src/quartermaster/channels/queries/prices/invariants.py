"""What must hold of prices. Rows come back as sentences."""

from itertools import batched

from quartermaster.channels.queries.prices.figures import Figure, figures
from quartermaster.core import sql
from quartermaster.core.moment import now

ROWS_MAX, CHECKED = 100, 2000
# Not those that are about to be worked out, nor a sale whose moment has just come.
MAPPED = """
select l.id from channels_listing l join channels_listing_price p on p.listing_id = l.id
where l.sku_id is not null and l.gone_at is null and (%(ids)s::bigint[] is null or l.id = any(%(ids)s))
  and not exists (select from channels_price_dirty d where d.sku_id = l.sku_id)
  and not exists (select from channels_sale s where s.sku_id = l.sku_id and (
    s.state in ('planned', 'on') and s.ends_at <= now() or s.state = 'planned' and s.starts_at <= now()))
order by 1
"""
FORGOTTEN = """
select c.slug, l.name, p.state from channels_listing_price p join channels_listing l on l.id = p.listing_id
join channels_shop s on s.connection_id = l.shop_id join channels_pricing g on g.shop_id = l.shop_id
join inbox_connection c on c.id = l.shop_id
where s.mode = 'live' and c.is_active and g.push_failures = 0
  and ((p.state = 'due' and g.mode = 'live' or p.state = 'asked') and p.next_at < now() - interval '1 day'
    or p.state = 'sent' and p.lease_until < now() - interval '1 day')
order by l.id limit %s
"""
# What was sent of a price that a guard speaks against, and no person let through.
SENT_BLOCKED = """
select c.slug, l.name, p.sent_minor from channels_listing_price p
join channels_listing l on l.id = p.listing_id join inbox_connection c on c.id = l.shop_id
where p.blocked_by <> '' and p.state = 'idle' and p.sent_version = p.version and p.version > 0
  and p.sent_at > p.blocked_at order by l.id limit %s
"""
# A trigger keeps what a listing cost: what stands there now is what its shop said last.
STOOD = """
select c.slug, l.name, p.confirmed_minor, h.price_minor from channels_listing_price p
join channels_listing l on l.id = p.listing_id join inbox_connection c on c.id = l.shop_id
left join channels_price_stood h on h.listing_id = p.listing_id and h.until is null
where (p.confirmed_minor, case when p.confirmed_minor is not null then p.confirmed_currency end)
  is distinct from (h.price_minor, h.currency) order by l.id limit %s
"""
TURNED = """
select s.id, k.name, s.state from channels_sale s join channels_price_list k on k.id = s.list_id
where s.state in ('planned', 'on') and s.ends_at < now() - interval '1 hour'
  or s.state = 'planned' and s.starts_at < now() - interval '1 hour' order by 1 limit %s
"""


def prices_the_rule_does_not_give() -> list[str]:
    """Worked out twice before it counts: prices may change while this looks."""
    found = []
    for part in batched([id_ for (id_,) in sql.run(MAPPED, {"ids": None})], CHECKED):
        off = [one.facts.id for one in figures(part, now()) if _is_off(one)]
        still = [id_ for (id_,) in sql.run(MAPPED, {"ids": off})] if off else []
        found += [
            f"listing {one.facts.id} is to cost {one.facts.was_minor} (before: {one.facts.was_before}), "
            f"and its rule gives {one.minor} (before: {one.was.minor})"
            for one in figures(still, now())
            if _is_off(one)
        ]
    return found[:ROWS_MAX]


def _is_off(one: Figure) -> bool:
    return (one.minor, one.was.minor) != (one.facts.was_minor, one.facts.was_before)


def prices_nobody_sends() -> list[str]:
    rows = sql.run(FORGOTTEN, (ROWS_MAX,))
    return [f"{slug}: the price of {name} is {state} since a day" for slug, name, state in rows]


def prices_sent_past_a_guard() -> list[str]:
    rows = sql.run(SENT_BLOCKED, (ROWS_MAX,))
    return [f"{slug}: {name} was sent {minor}, which a guard holds back" for slug, name, minor in rows]


def sales_nobody_turned() -> list[str]:
    rows = sql.run(TURNED, (ROWS_MAX,))
    return [f"sale {id_} of {name} is {state} past its moment" for id_, name, state in rows]


def prices_that_stood_otherwise() -> list[str]:
    rows = sql.run(STOOD, (ROWS_MAX,))
    return [f"{slug}: {name} costs {minor} there, and {stood} is kept" for slug, name, minor, stood in rows]


INVARIANTS = (
    (
        "channels.prices",
        "A listing is to cost what its list and its rule give now.",
        prices_the_rule_does_not_give,
    ),
    ("channels.price_queue", "No price waits for ever to be sent or read back.", prices_nobody_sends),
    (
        "channels.guards",
        "No price is sent that a guard holds back and nobody let through.",
        prices_sent_past_a_guard,
    ),
    (
        "channels.stood",
        "What a listing cost before a sale is kept as its shop said it.",
        prices_that_stood_otherwise,
    ),
    ("channels.sales", "A sale begins and ends at its moment.", sales_nobody_turned),
)
