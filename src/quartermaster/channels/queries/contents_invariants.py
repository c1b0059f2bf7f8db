"""What must hold of what listings are told to say. Rows come back as sentences."""

from quartermaster.channels.rules.contents import same
from quartermaster.core import sql

ROWS_MAX = 100
FORGOTTEN = """
select c.slug, l.name, x.field, x.state from channels_content x join channels_listing l on l.id = x.listing_id
join inbox_connection c on c.id = x.shop_id join channels_shop s on s.connection_id = x.shop_id
join channels_goods g on g.shop_id = x.shop_id
where s.mode = 'live' and c.is_active and c.keys_refused_at is null and g.content_failures = 0
  and (x.state in ('due', 'asked') and x.next_at < now() - interval '1 day'
    or x.state = 'sent' and x.lease_until < now() - interval '1 day')
order by x.id limit %s
"""
CONFIRMED = """
select c.slug, l.name, x.field, x.wanted, x.has from channels_content x
join channels_listing l on l.id = x.listing_id join inbox_connection c on c.id = x.shop_id
where x.state = 'confirmed' and x.wanted <> x.has order by x.id desc
"""
# Who asked and why stands with the push, and so does its event: in one transaction.
UNASKED = """
select p.id from channels_content_push p
where (p.made_by = '' or not exists (select from channels_content x where x.push_id = p.id))
order by 1 limit %s
"""


def contents_nobody_sends() -> list[str]:
    rows = sql.run(FORGOTTEN, (ROWS_MAX,))
    return [f"{slug}: the {field} of {name} is {state} since a day" for slug, name, field, state in rows]


def contents_confirmed_otherwise() -> list[str]:
    return [
        f"{slug}: the {field} of {name} counts as told, and is {has!r} in place of {wanted!r}"
        for slug, name, field, wanted, has in sql.run(CONFIRMED)
        if not same(field, wanted, has)
    ][:ROWS_MAX]


def contents_nobody_asked_for() -> list[str]:
    return [f"push {push} has no rows, or nobody asked for it" for (push,) in sql.run(UNASKED, (ROWS_MAX,))]


INVARIANTS = (
    (
        "channels.content_queue",
        "Nothing that a listing is to say waits for ever to be sent or looked at.",
        contents_nobody_sends,
    ),
    (
        "channels.content",
        "What counts as told was seen in the shop as it was wanted.",
        contents_confirmed_otherwise,
    ),
    (
        "channels.content_asked",
        "Nothing is told of a listing that nobody asked for.",
        contents_nobody_asked_for,
    ),
)
