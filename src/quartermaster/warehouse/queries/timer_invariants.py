"""What holds of timers at every moment, however long ago they were looked at last."""

from collections.abc import Callable
from typing import Final

from quartermaster.core import sql

ROWS_MAX: Final = 100
# Each of them from the timer's own moments: a shipment may have moved on since, that is found in a minute.
WRONG: Final = """
with known as (
  select t.*, case when t.picked_at is null then 'pick' when t.packed_at is null then 'pack'
    when t.dispatched_at is null then 'dispatch' else 'done' end as first_open
  from warehouse_timer t),
spans as (
  select t.allocation_id, s.stage, least(s.begun_at, s.done_at) as begun_at, s.done_at
  from warehouse_timer t cross join lateral (values ('pick', t.started_at, t.picked_at),
    ('pack', t.picked_at, t.packed_at), ('dispatch', t.packed_at, t.dispatched_at))
    as s(stage, begun_at, done_at)
  where s.begun_at is not null and s.done_at is not null),
marked as (
  select distinct on (m.allocation_id, m.stage) m.* from warehouse_timer_mark m
  order by m.allocation_id, m.stage, m.id desc)
select allocation_id, 'stands at ' || stage || ', its moments say ' || first_open from known
where stage not in ('dropped', first_open)
union all
select allocation_id, 'is due at another moment than its stage' from known
where stage in ('pick', 'pack', 'dispatch') and paused_at is null and next_due_at is distinct from
  case stage when 'pick' then pick_due_at when 'pack' then pack_due_at else dispatch_due_at end
union all
select allocation_id, 'was late in "' || k.breached || '", kept are "' || coalesce(b.stages, '') || '"'
from known k full join (
  select allocation_id, string_agg(stage, ' ' order by stage) as stages
  from warehouse_timer_breach group by 1) b using (allocation_id)
where coalesce((select string_agg(w, ' ' order by w)
    from unnest(string_to_array(k.breached, ' ')) w where w <> ''), '') <> coalesce(b.stages, '')
union all
select coalesce(s.allocation_id, m.allocation_id), 'is marked for ' || coalesce(s.stage, m.stage)
  || ' with other moments than it has'
from spans s full join (select * from marked where done_at is not null) m using (allocation_id, stage)
where (s.begun_at, s.done_at) is distinct from (m.begun_at, m.done_at)
limit %s
"""


def timers_that_differ() -> list[str]:
    return [f"the timer of allocation {number} {what}" for number, what in sql.run(WRONG, (ROWS_MAX,))]


TIMERS: tuple[tuple[str, str, Callable[[], list[str]]], ...] = (
    (
        "warehouse.timers",
        "A timer stands where its moments say, and what was late and how long it took are kept once.",
        timers_that_differ,
    ),
)
