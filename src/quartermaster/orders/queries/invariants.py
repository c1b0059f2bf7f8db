"""What must hold of orders, each proved by one statement over all of them. Rows come back as sentences."""

from collections.abc import Callable

from quartermaster.core import sql
from quartermaster.orders.rules.status import Seen, derive
from quartermaster.orders.rules.units import Units

ROWS_MAX = 100
ORDERS_A_PAGE = 5_000

UNITS = """
select 'SO-' || order_id, code, ordered, open, allocated, picked, shipped, cancelled from orders_line
where ordered <> open + allocated + picked + shipped + cancelled or least(open, allocated, picked,
  shipped, cancelled) < 0
limit %s
"""
REFUNDS = """
select 'SO-' || o.id, o.refunded_minor, sum(r.amount_minor)::bigint
from orders_order o join orders_refund r on r.order_id = o.id
group by o.id having o.refunded_minor < sum(r.amount_minor) limit %s
"""
UNHEARD = """
select 'SO-' || o.id from orders_order o
where not exists (select from core_event e where e.subject = 'order:SO-' || o.id and e.name = 'OrderAccepted')
limit %s
"""
# What is to be collected or given back is derived from what is told; here, that what is kept ties.
DIFFERENCES = """
select 'SO-' || d.order_id from orders_difference d join orders_order o on o.id = d.order_id
where (d.items_minor, d.discount_minor, d.shipping_minor, d.tax_minor, d.fees_minor, d.total_minor,
       d.waived_minor) <> (
    select coalesce(sum(a.items_minor), 0), coalesce(sum(a.discount_minor), 0),
      coalesce(sum(a.shipping_minor), 0), coalesce(sum(a.tax_minor), 0), coalesce(sum(a.fees_minor), 0),
      coalesce(sum(a.total_minor), 0), coalesce(sum(a.waived_minor), 0)
    from orders_adjustment a where a.order_id = d.order_id)
  or (d.items_minor, d.discount_minor) <> (
    select coalesce(sum(u.items_now_minor), 0), coalesce(sum(u.discount_now_minor), 0)
    from orders_ours u join orders_line l on l.id = u.line_id where l.order_id = d.order_id)
  or d.total_minor <> d.items_minor - d.discount_minor + d.shipping_minor + d.fees_minor
    + case when o.is_tax_included then 0 else d.tax_minor end
  or not o.is_edited
limit %s
"""
# Order by order in pages by id: the status is derived by the rule itself, not by a copy of it in SQL.
STATUS = """
select o.id, o.status, o.cancelled_at is not null,
  exists (select from orders_hold h where h.order_id = o.id and h.released_at is null),
  coalesce(array_agg(l.open order by l.id) filter (where l.id is not null), '{}'),
  array_agg(l.allocated order by l.id), array_agg(l.picked order by l.id), array_agg(l.packed order by l.id),
  array_agg(l.shipped order by l.id), array_agg(l.delivered order by l.id),
  array_agg(l.returned order by l.id), array_agg(l.is_shippable order by l.id),
  array_agg(l.parked order by l.id)
from (select * from orders_order where id > %s order by id limit %s) o left join orders_line l on
  l.order_id = o.id
group by o.id, o.status, o.cancelled_at order by o.id
"""


def units_that_do_not_add_up() -> list[str]:
    return [
        f"{number} {code}: {ordered} ordered is not {' + '.join(map(str, places))}"
        for number, code, ordered, *places in sql.run(UNITS, (ROWS_MAX,))
    ]


def refunds_that_are_not_counted() -> list[str]:
    return [
        f"{number}: {counted} counted as refunded, its refunds are {told}"
        for number, counted, told in sql.run(REFUNDS, (ROWS_MAX,))
    ]


def differences_that_do_not_add_up() -> list[str]:
    return [
        f"{row[0]}: what was changed here does not add up to its difference"
        for row in sql.run(DIFFERENCES, (ROWS_MAX,))
    ]


def orders_nobody_was_told_of() -> list[str]:
    return [f"{row[0]} has no OrderAccepted in the log" for row in sql.run(UNHEARD, (ROWS_MAX,))]


def statuses_that_do_not_follow() -> list[str]:
    wrong: list[str] = []
    after = 0
    while len(wrong) < ROWS_MAX:
        page = sql.run(STATUS, (after, ORDERS_A_PAGE), binary=True)
        if not page:
            break
        after = page[-1][0]
        for order_id, status, is_cancelled, is_held, opened, *columns in page:
            lines = zip(opened, *columns, strict=True) if opened else ()
            seen = [
                Seen(
                    Units(open=o, allocated=a, picked=p, packed=k, shipped=s, delivered=d, returned=r),
                    is_shippable,
                    parked,
                )
                for o, a, p, k, s, d, r, is_shippable, parked in lines
            ]
            right = derive(seen, is_held=is_held, is_cancelled=is_cancelled)
            if status != right:
                wrong.append(f"SO-{order_id}: its status is {status}, its lines and holds say {right}")
    return wrong[:ROWS_MAX]


INVARIANTS: tuple[tuple[str, str, Callable[[], list[str]]], ...] = (
    (
        "orders.units",
        "Every unit ordered is open, allocated, picked, shipped or cancelled, and in one of them only.",
        units_that_do_not_add_up,
    ),
    ("orders.status", "Every status follows from the order's lines and holds.", statuses_that_do_not_follow),
    (
        "orders.refunds",
        "What is refunded is at least the sum of the refunds told.",
        refunds_that_are_not_counted,
    ),
    (
        "orders.differences",
        "What our people changed about an order's money is the sum of its steps, and of its lines.",
        differences_that_do_not_add_up,
    ),
    ("orders.told", "Every captured order was told to its listeners.", orders_nobody_was_told_of),
)
