"""Steps of the river that failed for good, with what waits behind them."""

from quartermaster.console.causes.cause import Cause, Group, Told, When, many

ROWS = """
select d.listener as of, d.id::text as act, d.subject || ' · ' || e.name as title,
  case when d.subject like 'order:%%' then '/orders/' || substr(d.subject, 7) else '/stuck' end as link,
  d.because as note, d.stuck_at as at, null::timestamptz as due_at, o.total_minor as minor,
  coalesce(o.currency, '') as currency, o.id as order_id
from core_delivery d join core_event e on e.id = d.event_id
left join orders_order o on o.id = case when d.subject ~ '^order:SO-[0-9]{1,18}$'
  then substr(d.subject, 10)::bigint end
where d.stuck_at is not null
"""


def tell(group: Group) -> Told:
    title = f"{many(group, 'step')} stuck in {group.of}"
    return Told(When.NOW, title, f"{group.note.rstrip('.')}.", "Try again", clause=title)


CAUSE = Cause("steps", "Stuck steps", ROWS, tell, fix="retry")
