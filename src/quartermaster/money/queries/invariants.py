"""What must hold of refunds, each proved by one statement over all of them. Rows come back as sentences."""

from collections.abc import Callable

from quartermaster.core import sql

ROWS_MAX = 100
WAITING = """
not exists (select from core_delivery d where d.listener = 'money.follow' and d.subject = 'order:SO-' || o.id)
"""
MORE = f"""
select 'SO-' || o.id, r.due, o.paid_minor, o.refunded_minor
from (select order_id, sum(amount_minor)::bigint as due from money_refund where state = 'due' group by 1) r
join orders_order o on o.id = r.order_id
where r.due > greatest(0, o.paid_minor - o.refunded_minor) and {WAITING} limit %s
"""  # noqa: S608 - constants only
# A refund for a change is what is owed for changes, but for what other refunds take of what was paid.
OWED = f"""
select 'SO-' || o.id, coalesce(d.owed_minor, 0), coalesce(r.due, 0)
from orders_order o
left join (select order_id, owed_minor from orders_difference where owed_minor > 0) d on d.order_id = o.id
left join (
  select order_id, sum(amount_minor) filter (where cause = 'change')::bigint as due,
    coalesce(sum(amount_minor) filter (where cause <> 'change'), 0)::bigint as others
  from money_refund where state = 'due' group by 1) r on r.order_id = o.id
where o.id in (select order_id from orders_difference where owed_minor > 0
    union select order_id from money_refund where state = 'due')
  and coalesce(r.due, 0) <> greatest(0, least(coalesce(d.owed_minor, 0),
    o.paid_minor - o.refunded_minor - coalesce(r.others, 0)))
  -- what the channel took over without giving money back stays due
  and not (coalesce(r.due, 0) > coalesce(d.owed_minor, 0) and exists (
    select from orders_line l where l.order_id = o.id and l.cancelled_here > 0 and l.cancelled_there > 0))
  and {WAITING} limit %s
"""  # noqa: S608 - constants only
LINES = """
select 'R-' || r.id from money_refund r
join (select refund_id, sum(items_minor) as items, sum(discount_minor) as discount
  from money_refund_line group by 1) l on l.refund_id = r.id
where r.state in ('due', 'nothing') and (r.items_minor, r.discount_minor) <> (l.items, l.discount) limit %s
"""
APART = """
select 'R-' || r.id from money_refund r join orders_refund g on g.id = r.settled_by_id
where g.order_id <> r.order_id or r.state <> 'settled' limit %s
"""


def more_than_paid() -> list[str]:
    return [
        f"{number}: {due} is due to be given back, of {paid} paid and {refunded} given back"
        for number, due, paid, refunded in sql.run(MORE, (ROWS_MAX,))
    ]


def owed_and_not_due() -> list[str]:
    return [
        f"{number}: {owed} is owed for what was changed, {due} is due"
        for number, owed, due in sql.run(OWED, (ROWS_MAX,))
    ]


def lines_that_do_not_add_up() -> list[str]:
    return [f"{row[0]}: its lines do not add up to it" for row in sql.run(LINES, (ROWS_MAX,))]


def taken_for_another() -> list[str]:
    return [f"{row[0]}: a refund of another order settles it" for row in sql.run(APART, (ROWS_MAX,))]


INVARIANTS: tuple[tuple[str, str, Callable[[], list[str]]], ...] = (
    ("money.captured", "No more is due to be given back than was paid and is still here.", more_than_paid),
    ("money.owed", "What is owed for our changes is due to be given back.", owed_and_not_due),
    ("money.apart", "A refund is settled by one of its own order.", taken_for_another),
    ("money.lines", "A refund is the sum of its lines.", lines_that_do_not_add_up),
)
