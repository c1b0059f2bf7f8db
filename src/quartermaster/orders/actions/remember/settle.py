"""What follows in an order of the past from its lines and payments: units, totals, status."""

from collections.abc import Sequence
from typing import Final

from quartermaster.core import sql

# The same shape as rules.units.balanced gives, for orders in which every unit has one fate.
UNITS: Final = """
with o as (
  select id, detail->'history'->>'state' as state from orders_order where id = any(%(ids)s)),
meant as (
  select l.id, o.state, l.sold,
    -- a line that came back as a whole did so with its order
    case when l.sent_back >= l.wanted then 0 else l.sent_back end as sent_back,
    case o.state when 'cancelled' then 0 else
      case when l.cancelled = l.sold and l.wanted = 0 then l.sold else l.wanted end end as wanted
  from orders_line l join o on o.id = l.order_id)
update orders_line l set
  wanted = m.wanted, cancelled = m.sold - m.wanted, ordered = m.sold, cancelled_there = m.sold - m.wanted,
  open = case when m.state = 'open' then m.wanted else 0 end,
  shipped = case when m.state in ('shipped', 'delivered', 'returned') then m.wanted else 0 end,
  fulfilled = case when m.state in ('shipped', 'delivered', 'returned') then m.wanted else 0 end,
  delivered = case when m.state in ('delivered', 'returned') then m.wanted else 0 end,
  sent_back = case m.state when 'returned' then m.wanted else least(m.sent_back, m.wanted) end,
  returned = case when m.state = 'returned' then m.wanted
    when m.state in ('shipped', 'delivered') then least(m.sent_back, m.wanted) else 0 end
from meant m where l.id = m.id
"""
# The status is that of rules.status.derive; `./qm doctor` holds the two against each other. An order changed
# here since is left as it is.
SETTLE: Final = """
with o as (
  select id, version, currency, cancelled_at, items_minor, discount_minor, shipping_minor, tax_minor,
    total_minor, paid_minor, is_tax_included, paid_at, payment_state, status, detail,
    detail->'history'->'totals' as told
  from orders_order where id = any(%(ids)s) and (detail->'history'->>'version')::int = version
  order by id for no key update),
line as (
  select order_id, count(*) as lines, sum(gross_minor)::bigint as items,
    sum(discount_minor)::bigint as discount,
    sum(shipping_minor)::bigint as shipping, sum(tax_minor)::bigint as tax,
    coalesce(sum(open) filter (where is_shippable), 0) as opened,
    coalesce(sum(shipped) filter (where is_shippable), 0) as shipped,
    coalesce(sum(delivered) filter (where is_shippable), 0) as delivered,
    coalesce(sum(returned) filter (where is_shippable), 0) as returned,
    sum(open) > 0 as has_rest
  from orders_line where order_id = any(%(ids)s) group by order_id),
tender as (
  select order_id, sum(amount_minor)::bigint as paid from orders_tender
  where order_id = any(%(ids)s) and state = 'captured' group by order_id),
sums as (
  select o.*, line.*,
    case when o.told ? 'items_minor' then o.items_minor else coalesce(line.items, 0) end as items_now,
    case when o.told ? 'discount_minor' then o.discount_minor else coalesce(line.discount, 0) end
      as discount_now,
    case when o.told ? 'shipping_minor' then o.shipping_minor else coalesce(line.shipping, 0) end
      as shipping_now,
    case when o.told ? 'tax_minor' then o.tax_minor else coalesce(line.tax, 0) end as tax_now,
    case when o.told ? 'paid_minor' then o.paid_minor else coalesce(tender.paid, 0) end as paid_now,
    exists (select from orders_hold h where h.order_id = o.id and h.released_at is null) as is_held
  from o left join line on line.order_id = o.id left join tender on tender.order_id = o.id),
now as (
  select s.*,
    case when told ? 'total_minor' then total_minor else
      items_now - discount_now + shipping_now + case when is_tax_included then 0 else tax_now end end
      as total_now
  from sums s),
follows as (
  select n.*,
    case when paid_at is not null or (paid_now > 0 and paid_now >= total_now) then 'paid'
      when paid_now > 0 then 'partly_paid' else 'unknown' end as payment_now,
    case
      when lines is null and cancelled_at is not null then 'cancelled'
      when lines is null and is_held then 'on_hold'
      when lines is null then 'open'
      when opened + shipped = 0 then
        case when has_rest and cancelled_at is null then 'shipped' else 'cancelled' end
      when opened = 0 then case when returned = shipped then 'returned'
        when delivered = shipped then 'delivered' else 'shipped' end
      when is_held then 'on_hold'
      else 'open' end as status_now
  from now n)
update orders_order x set
  items_minor = f.items_now, discount_minor = f.discount_now, shipping_minor = f.shipping_now,
  tax_minor = f.tax_now, total_minor = f.total_now, paid_minor = f.paid_now, payment_state = f.payment_now,
  status = f.status_now, version = x.version + 1,
  detail = jsonb_set(x.detail, '{history,version}', to_jsonb(x.version + 1))
from follows f
where x.id = f.id and (
    f.items_minor, f.discount_minor, f.shipping_minor, f.tax_minor, f.total_minor, f.paid_minor,
    f.payment_state, f.status)
  is distinct from (
    f.items_now, f.discount_now, f.shipping_now, f.tax_now, f.total_now, f.paid_now, f.payment_now,
    f.status_now)
"""


def settle_units(order_ids: Sequence[int | None]) -> None:
    """Put the units of all lines where the state of their order says."""
    sql.run(UNITS, {"ids": list(order_ids)})


def settle(order_ids: Sequence[int | None]) -> None:
    """Totals, payment and status of these orders, as far as they were not told themselves."""
    if order_ids:
        sql.run(SETTLE, {"ids": sorted({one for one in order_ids if one is not None})})
