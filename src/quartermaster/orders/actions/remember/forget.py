"""Take back what was remembered by mistake. Each runs in the caller's transaction, and answers with what
stands in the way: then the caller takes everything back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from quartermaster.core import sql
from quartermaster.customers.actions import forget_customers
from quartermaster.orders.actions.remember.settle import settle

TOUCHED: Final = """
select 'SO-' || o.id || ' has been changed here since' from orders_order o
where o.id = any(%s) and (o.detail->'history'->>'version')::int is distinct from o.version
order by o.id limit 20
"""
HANGING: Final = """
select 'SO-' || o.id || ' has ' || x.what || ' of another import or of its own: withdraw those first'
from orders_order o join lateral (
  select 'lines' as what where exists (select from orders_line l where l.order_id = o.id)
  union all select 'payments' where exists (select from orders_tender t where t.order_id = o.id)
  union all select 'refunds' where exists (select from orders_refund r where r.order_id = o.id)) x on true
where o.id = any(%s) order by o.id limit 20
"""
OWNERS_OF_LINES: Final = "select distinct order_id from orders_line where id = any(%s)"
OWNERS_OF_TENDERS: Final = "select distinct order_id from orders_tender where id = any(%s)"
HOLDS: Final = "delete from orders_hold where order_id = any(%s)"
ORDERS: Final = """
with gone as (delete from orders_order where id = any(%(ids)s) returning id, customer_id)
select customer_id, count(*) from gone where customer_id is not null
  and not exists (select from orders_order o where o.customer_id = gone.customer_id and o.id <> all(%(ids)s))
group by customer_id
"""
OF_CUSTOMERS: Final = """
select 'SO-' || min(id) || ' and ' || count(*) - 1 || ' others are of customer ' || customer_id
  || ': withdraw those first'
from orders_order where customer_id = any(%s) group by customer_id order by customer_id limit 20
"""
LINES: Final = "delete from orders_line where id = any(%s)"
TENDERS: Final = "delete from orders_tender where id = any(%s)"


def forget_orders(ids: Sequence[int], *, made_at: datetime) -> list[str]:
    """Orders, their holds, and customers that were made with them at `made_at` and have no other order."""
    blocked = [text for (text,) in sql.run(TOUCHED, (list(ids),))]
    blocked += [text for (text,) in sql.run(HANGING, (list(ids),))]
    if blocked:
        return blocked
    sql.run(HOLDS, (list(ids),))
    lonely = [customer_id for customer_id, _ in sql.run(ORDERS, {"ids": list(ids)})]
    return forget_customers(lonely, made_at=made_at)


def forget_lines(ids: Sequence[int]) -> list[str]:
    return _forget(ids, OWNERS_OF_LINES, LINES)


def forget_tenders(ids: Sequence[int]) -> list[str]:
    return _forget(ids, OWNERS_OF_TENDERS, TENDERS)


def orders_of_customers(ids: Sequence[int]) -> list[str]:
    """Why these customers cannot be forgotten: they have orders."""
    return [text for (text,) in sql.run(OF_CUSTOMERS, (list(ids),))]


def _forget(ids: Sequence[int], owners_of: str, forget: str) -> list[str]:
    owners = [order_id for (order_id,) in sql.run(owners_of, (list(ids),))]
    if blocked := [text for (text,) in sql.run(TOUCHED, (owners,))]:
        return blocked
    sql.run(forget, (list(ids),))
    settle(owners)
    return []
