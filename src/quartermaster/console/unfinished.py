"""What the rail counts as exceptions: on indexes alone, and without what somebody acknowledged or snoozed.
Of nearly all nothing was said, which costs a look at an index each; the rest is looked at as its cause lists
it."""

from typing import Final

from quartermaster.console.causes.answered import NEVER, NO_MONEY, TABLE, unanswered

ONE: Final = "c.of"  # an id says which row it is, whatever the rows around it have in common

_ORDER: Final = "(select o.{} from orders_order o where o.id = {})"
_HOLD: Final = unanswered("holds", of="h.kind", act="'SO-' || o.id", at="h.since", minor="o.total_minor")
_LINE: Final = unanswered(
    "unknown-sku",
    of="x.slug || ':' || coalesce(nullif(l.code, ''), l.alias)",
    act="'SO-' || o.id",
    at="o.captured_at",
    minor="o.total_minor",
)
# An order that is held for two reasons counts as long as one of them is not answered for.
HELD: Final = f"""
select from orders_order o where o.status = 'on_hold' and (
  'SO-' || o.id not in (
    select c.act from {TABLE} c where c.cause in ('holds', 'unknown-sku') and c.answer <> '')
  or exists (select from orders_hold h where h.order_id = o.id and h.released_at is null and h.kind <> 'sku'
    and {_HOLD})
  or exists (select from orders_line l join inbox_connection x on x.id = o.connection_id
    where l.order_id = o.id and l.sku_id is null and l.is_shippable and l.wanted > 0 and {_LINE}))
"""  # noqa: S608 - constants only
# Each state is written out: only then does the planner see that the index of open messages serves it.
_MESSAGE: Final = unanswered("messages", of=ONE, act="m.id::text", at="m.received_at", minor=NO_MONEY)
MESSAGES: Final = " union all ".join(
    f"select from inbox_message m where m.state = '{state}' and {_MESSAGE}"
    for state in ("stuck", "unreadable")
)
_SUBJECT: Final = """case when d.subject ~ '^order:SO-[0-9]{1,18}$' then substr(d.subject, 10)::bigint end"""
_STEP: Final = unanswered(
    "steps", of=ONE, act="d.id::text", at="d.stuck_at", minor=_ORDER.format("total_minor", _SUBJECT)
)
_SHORT: Final = unanswered(
    "shortage",
    of="l.parked",
    act="'SO-' || l.order_id",
    at=_ORDER.format("placed_at", "l.order_id"),
    minor=_ORDER.format("total_minor", "l.order_id"),
)
_LAST: Final = "(select y.{} from shipping_label y where y.parcel_id = p.id order by y.id desc limit 1)"
_LABEL: Final = unanswered(
    "labels",
    of=_LAST.format("carrier"),
    act="p.id::text",
    at=_LAST.format("asked_at"),
    minor=_ORDER.format("total_minor", "p.order_id"),
)
UNFINISHED: Final = f"""{HELD}
union all {MESSAGES}
union all select from core_delivery d where d.stuck_at is not null and {_STEP}
union all select from core_outbox w where w.state = 'unknown'
  and {unanswered("effects", of=ONE, act="w.id::text", at="w.created_at", minor=NO_MONEY)}
union all select from channels_listing l where l.state in ('refused', 'stuck')
  and {unanswered("listings", of=ONE, act="l.id::text", at=NEVER, minor=NO_MONEY)}
union all select from (select distinct l.order_id from orders_line l
  where l.parked in ('shortage', 'routing') and l.open > 0 and {_SHORT}) short
union all select from warehouse_parcel p where p.state = 'packed' and {_LAST.format("state")} = 'refused'
  and {_LABEL}"""  # noqa: S608 - constants only
