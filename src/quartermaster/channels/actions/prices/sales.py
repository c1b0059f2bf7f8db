"""A price for a time: planned with its end, so that nobody has to remember to take it back."""

from datetime import datetime, timedelta

from django.db import transaction
from psycopg.errors import ExclusionViolation

from quartermaster.channels.actions.prices.lists import list_called
from quartermaster.channels.actions.prices.mark import mark_prices
from quartermaster.channels.rules.prices.guards import moved_far
from quartermaster.core import sql
from quartermaster.core.errors import Invalid, NotFound, Refused
from quartermaster.core.events import emit
from quartermaster.core.money import MINOR_MAX, Money
from quartermaster.core.texts import short
from quartermaster.events import SalePlanned, SaleWithdrawn

LONGEST = timedelta(days=366)
PRICE = """
select s.id, v.price_minor from catalog_sku s
join channels_list_price v on v.sku_id = s.id and v.list_id = %s
where s.code = %s for no key update of v
"""
OVERLAPS = """
select id, starts_at, ends_at from channels_sale
where list_id = %s and sku_id = %s and state in ('planned', 'on') and starts_at < %s and ends_at > %s limit 1
"""
PLAN = """
insert into channels_sale (list_id, sku_id, price_minor, starts_at, ends_at, because, made_at, made_by)
values (%s, %s, %s, %s, %s, %s, %s, %s) returning id
"""
WITHDRAW = """
update channels_sale s set state = 'withdrawn' from channels_price_list k, catalog_sku x
where k.id = s.list_id and x.id = s.sku_id and s.id = %s and s.state in ('planned', 'on')
returning k.name, x.code, s.sku_id
"""


class FarSale(Refused):
    code = "sale-goes-far"
    message = "{price} is more than {percent} % off the {regular} it costs."
    remedy = "Look at the price again; plan it with a reason if it is meant."


class SalesOverlap(Refused):
    code = "sales-overlap"
    message = "Sale {sale} of {sku} is on from {starts} to {ends} UTC."
    remedy = "Withdraw that one first, or choose another time."


@transaction.atomic
def plan_sale(
    list_name: str,
    sku: str,
    *,
    price_minor: int,
    starts_at: datetime,
    ends_at: datetime,
    because: str = "",
    at: datetime,
    by: str,
) -> int:
    """From `starts_at` on it costs `price_minor`, and from `ends_at` on what the list says by then. Returns
    its number. One that goes further than the list lets prices move needs a reason. Raises NotFound, Invalid,
    FarSale, SalesOverlap."""
    list_id, name, currency, percent, _, _ = list_called(list_name)
    wrong = {}
    if not 0 < price_minor <= MINOR_MAX:
        wrong["price_minor"] = "more than nothing"
    if ends_at <= max(starts_at, at):
        wrong["ends_at"] = "after it starts, and not in the past"
    elif ends_at - starts_at > LONGEST:
        wrong["ends_at"] = "at most a year after it starts"
    if wrong:
        raise Invalid(what="The sale", errors=wrong)
    found = sql.run(PRICE, (list_id, sku))
    if not found:
        raise NotFound(what=f"price on list {name} of SKU", which=short(sku, 60))
    ((sku_id, regular),) = found
    if moved_far(regular, price_minor, percent) and not because.strip():
        facts = {"price": Money(price_minor, currency), "regular": Money(regular, currency)}
        raise FarSale(percent=percent, **facts)
    values = (list_id, sku_id, price_minor, starts_at, ends_at, because, at, by)
    sale_id = _written(sku, values)
    mark_prices([sku_id])
    told = SalePlanned(
        subject=f"price_list:{name}",
        at=at,
        actor=by,
        price_list=name,
        sku=sku,
        sale_id=sale_id,
        price_minor=price_minor,
        currency=currency,
        starts_at=starts_at,
        ends_at=ends_at,
        because=because,
    )
    emit([told])
    return sale_id


def _written(sku: str, values: tuple[int, int, int, datetime, datetime, str, datetime, str]) -> int:
    """That no two overlap is the database's word, whoever writes; ours is which other one it was."""
    try:
        with transaction.atomic():
            ((sale_id,),) = sql.run(PLAN, values)
    except ExclusionViolation as refused:
        list_id, sku_id, _, starts_at, ends_at, *_ = values
        for other, starts, ends in sql.run(OVERLAPS, (list_id, sku_id, ends_at, starts_at)):
            when = {"starts": f"{starts:%Y-%m-%d %H:%M}", "ends": f"{ends:%Y-%m-%d %H:%M}"}
            raise SalesOverlap(sale=other, sku=sku, **when) from refused
        raise
    return int(sale_id)


@transaction.atomic
def withdraw_sale(sale_id: int, *, at: datetime, by: str) -> None:
    """It does not begin, or ends now. Raises NotFound (none, or over)."""
    for name, sku, sku_id in sql.run(WITHDRAW, (sale_id,)):
        mark_prices([sku_id])
        subject = f"price_list:{name}"
        emit([SaleWithdrawn(subject=subject, at=at, actor=by, price_list=name, sku=sku, sale_id=sale_id)])
        return
    raise NotFound(what="sale that is planned or on", which=str(sale_id))
