"""Outside sites: late or silent, cannot be asked, said what cannot be, have other units than we, or do not
say how many they have."""

from quartermaster.console.causes.cause import Cause, Group, Told, When, many
from quartermaster.inbox.rules import GAPS_KNOWN, QUIET_AT_LEAST_S

# The same conditions as outside.queries.board, over rows instead of sites.
ROWS = f"""
select l.code || ' is late' as of, x.id::text as act, 'SO-' || x.order_id as title,
  '/outside/' || l.code as link, x.state as note, x.asked_at as at,
  case when x.state = 'acknowledged' then x.acknowledged_at + t.ship_hours * interval '1 hour'
       else x.asked_at + t.answer_hours * interval '1 hour' end as due_at,
  o.total_minor as minor, o.currency, x.order_id
from outside_order x join outside_site t on t.location_id = x.site_id
join stock_location l on l.id = x.site_id join orders_order o on o.id = x.order_id
where x.state in ('queued', 'sent') and x.asked_at < %(now)s - t.answer_hours * interval '1 hour'
  or x.state = 'acknowledged' and x.acknowledged_at < %(now)s - t.ship_hours * interval '1 hour'
union all
select l.code || ' says what cannot be', x.id::text, 'SO-' || x.order_id, '/orders/SO-' || x.order_id,
  x.because, x.asked_at, null, o.total_minor, o.currency, x.order_id
from outside_order x join stock_location l on l.id = x.site_id join orders_order o on o.id = x.order_id
where x.state in ('queued', 'sent', 'acknowledged') and x.because <> ''
union all
select l.code || ' will not receive something', n.id::text, 'IN-' || n.arrival_id, '/outside/' || l.code,
  n.because, coalesce(n.answered_at, n.asked_at), null, null, '', null
from outside_notice n join stock_location l on l.id = n.site_id
where n.state = 'refused' and n.settled_at is null
union all
select l.code || ' is not understood', u.id::text, u.what, '/outside/' || l.code, u.because, u.told_at, null,
  null, '', null
from outside_unread u join stock_location l on l.id = u.site_id where u.seen_at is null
union all
select l.code || ' has other stock', d.id::text, s.code, '/outside/' || l.code,
  d.theirs || ' there, ' || d.ours || ' here', r.taken_at, null, null, '', null
from outside_drift d join outside_report r on r.id = d.report_id join stock_location l on l.id = r.site_id
join catalog_sku s on s.id = d.sku_id where d.settled_at is null
union all
select l.code || ' cannot be asked', t.location_id::text, l.code, '/outside/' || l.code, t.because,
  coalesce(t.heard_at, t.asked_at, t.next_at), null, null, '', null
from outside_site t join stock_location l on l.id = t.location_id where t.is_active and t.failures > 2
union all
select l.code || ' has not told its stock', t.location_id::text, l.code, '/outside/' || l.code,
  'no report for twice as long as agreed, so nothing was compared', coalesce(t.snapshot_at, h.at), null,
  null, '', null
from outside_site t join stock_location l on l.id = t.location_id
join lateral (select min(at) as at from outside_heard where site_id = t.location_id) h on true
where t.is_active and t.failures <= 2
  and coalesce(t.snapshot_at, h.at) < %(now)s - 2 * t.snapshot_hours * interval '1 hour'
union all
select l.code || ' is silent', t.location_id::text, l.code, '/outside/' || l.code,
  'longer than is usual for it', t.heard_at, null, null, '', null
from outside_site t join stock_location l on l.id = t.location_id
join lateral (
  select count(*) as times, percentile_disc(0.95) within group (order by g.gap_s) as gap_s from (
    select extract(epoch from at - lead(at) over (order by at desc)) as gap_s from outside_heard
    where site_id = t.location_id order by at desc limit 100) g) h on true
where t.is_active and t.failures <= 2 and h.times >= {GAPS_KNOWN}
  and extract(epoch from %(now)s - t.heard_at) >= greatest(2 * h.gap_s, {QUIET_AT_LEAST_S})
"""  # noqa: S608 - constants


def tell(group: Group) -> Told:
    why = f"{many(group, 'thing')} to look at. The newest: {group.note.rstrip('.')}."
    return Told(When.NOW, group.of, why, "See them", clause=group.of)


CAUSE = Cause("outside", "Warehouses of others", ROWS, tell, is_exception=False)
