"""Say why an order is sent, and what is worth what where no price says it."""

from datetime import datetime

import msgspec
from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.errors import Invalid, NotFound
from quartermaster.core.events import emit
from quartermaster.core.money import MINOR_MAX
from quartermaster.events import ContentsDeclared
from quartermaster.orders.actions.state import load
from quartermaster.shipping.rules.customs import PURPOSES, Contents

SKUS = """
select coalesce(s.code, l.code) from orders_line l left join catalog_sku s on s.id = l.sku_id
where l.order_id = %(id)s
union select p.code from orders_line l join catalog_kit_leaf f on f.kit_id = l.sku_id
join catalog_sku p on p.id = f.part_id where l.order_id = %(id)s
union select s.code from warehouse_parcel q join warehouse_parcel_item i on i.parcel_id = q.id
join catalog_sku s on s.id = i.sku_id where q.order_id = %(id)s
"""
KEEP = """
insert into shipping_content (order_id, purpose, worth, told_at, told_by)
values (%s, %s, %s::jsonb, %s, %s)
on conflict (order_id) do update set purpose = excluded.purpose, worth = excluded.worth,
  told_at = excluded.told_at, told_by = excluded.told_by
"""


def declare_contents(order_id: int, contents: Contents, *, at: datetime, by: str) -> None:
    """For every parcel of the order, from its next paper on. worth: minor units of the order's currency for
    one unit, by SKU. Raises NotFound, Invalid."""
    with transaction.atomic():
        order = load([order_id]).get(order_id)
        if order is None:
            raise NotFound(what="order", which=f"SO-{order_id}")
        known = {code for (code,) in sql.run(SKUS, {"id": order_id})}
        errors = {
            f"worth {sku[:40]}": "more than nothing, in minor units" if sku in known else "not in this order"
            for sku, minor in contents.worth.items()
            if sku not in known or not 0 < minor <= MINOR_MAX
        }
        if contents.purpose not in PURPOSES:
            errors["purpose"] = f"one of: {', '.join(PURPOSES)}"
        if errors:
            raise Invalid(what="What the order holds", errors=errors)
        worth = msgspec.json.encode(contents.worth).decode()
        sql.run(KEEP, (order_id, contents.purpose, worth, at, by))
        told = ContentsDeclared(
            subject=order.subject,
            at=at,
            actor=by,
            order_id=order_id,
            purpose=contents.purpose,
            worth=dict(contents.worth),
            currency=order.currency,
        )
        emit([told])
