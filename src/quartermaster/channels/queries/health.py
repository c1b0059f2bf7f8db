"""How each shop stands: what was heard, what waits, what differs, and whether it can be asked."""

from datetime import datetime

import msgspec

from quartermaster.channels.rules.health import Health
from quartermaster.core import plugs, sql
from quartermaster.core.errors import NotFound
from quartermaster.inbox.queries.heard import HEARD, LOOKED_AT
from quartermaster.orders.ports import OrderSource

LOOKED_THROUGH = 1000  # newest messages of a shop: enough to see a share, however many there are
BACKLOG_MAX = 10_000

HEALTH = f"""
select row_to_json(x)::text from (
  select c.slug, c.kind, c.is_active, c.keys_because, s.mode,
    (select min(e.value::date) from jsonb_each_text(c.keys_end) e) as keys_end_on,
    h.last_at as heard_at, h.messages, h.gap_s,
    d.used, d.troubled, d.fetched, b.waiting, b.oldest_at,
    s.asked_at, s.answered_at, coalesce(s.failures, 0) as failures, coalesce(s.because, '') as because,
    t.told_at, coalesce(t.queued, 0) as queued, coalesce(t.refused, 0) as refused,
    coalesce(f.drifts, 0) as drifts, coalesce(f.late, 0) as late, k.ended_at as compared_at,
    p.next_at as full_again_at, coalesce(w.off, '') as hooks_off, g.is_selling,
    coalesce(q.because, '') as queue_because,
    g.waiting as stock_waiting, g.refused as stock_refused
  from inbox_connection c
  left join ({HEARD.replace("where c.is_active", "").replace("order by c.slug", "")}) h on h.slug = c.slug
  left join channels_shop s on s.connection_id = c.id
  join lateral (
    select count(*) filter (where m.state = 'used') as used,
      count(*) filter (where m.state in ('unreadable', 'stuck')) as troubled,
      count(*) filter (where m.state = 'used' and m.headers ->> 'source' = 'fetched') as fetched
    from (select state, headers, received_at from inbox_message where connection_id = c.id
          order by id desc limit %(through)s) m
    where m.received_at > %(at)s - interval '1 day') d on true
  join lateral (
    select count(*) as waiting, min(m.received_at) as oldest_at
    from (select received_at from inbox_message where state = 'received' and connection_id = c.id
            and waits_for is null limit %(backlog)s) m) b on true
  left join lateral (
    select max(settled_at) filter (where state = 'told') as told_at,
      count(*) filter (where state = 'queued') as queued, count(*) filter (where state = 'refused') as refused
    from (
      (select settled_at, state from channels_shipment
       where shop_id = c.id and state = 'told' and settled_at is not null order by settled_at desc limit 1)
      union all
      (select null, state from channels_shipment where shop_id = c.id and state <> 'told')) y) t on true
  left join lateral (
    select (select count(*) from channels_drift where shop_id = c.id and settled_at is null) as drifts,
      (select count(*) from (select kind, found_at from channels_drift where shop_id = c.id
        order by id desc limit %(through)s) n
       where n.kind = 'late' and n.found_at > %(at)s - interval '7 days') as late) f on true
  left join lateral (
    select ended_at from channels_comparison where shop_id = c.id and ended_at is not null
    order by id desc limit 1) k on true
  left join channels_hooks w on w.shop_id = c.id
  left join channels_queue q on q.shop_id = c.id and q.failures > 0
  join lateral (
    select (select name from channels_listing where shop_id = c.id order by name limit 1) is not null
        as is_selling,
      (select count(*) from (select from channels_listing where shop_id = c.id and state = 'due'
        limit %(backlog)s) n) as waiting,
      (select count(*) from (select from channels_listing where shop_id = c.id
        and state in ('refused', 'stuck') limit %(backlog)s) n) as refused) g on true
  left join lateral (
    select max(next_at) as next_at from core_pace where name like c.slug || '/%%') p on true
  where c.kind = any(%(kinds)s) and (%(only)s = '' or c.slug = %(only)s)
  order by c.slug) x
"""  # noqa: S608 - constants only


def health(at: datetime, only: str = "") -> list[Health]:
    """Every connection that sends orders. One statement, on indexes, however many messages there are."""
    asked = {
        "at": at,
        "only": only,
        "kinds": plugs.kinds(OrderSource),
        "through": LOOKED_THROUGH,
        "backlog": BACKLOG_MAX,
        "looked_at": LOOKED_AT,
    }
    return [msgspec.json.decode(row, type=Health) for (row,) in sql.run(HEALTH, asked)]


def one_health(slug: str, at: datetime) -> Health:
    """Raises NotFound."""
    for found in health(at, slug):
        return found
    raise NotFound(what="channel", which=slug)
