"""An order as people and programs read it: one statement for any number of orders."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from quartermaster.core import sql


class Amount(msgspec.Struct, frozen=True):
    """Minor units with the currency as the channel gave it: shown even
    where the currency is not one we know."""

    minor: int
    currency: str


class Totals(msgspec.Struct, frozen=True):
    """As sold and as changed here, together. items is gross of discounts; refundable is what was paid and not
    given back yet, never below zero. adjusted is what our people's changes come to: total less adjusted is
    the total as sold. Of it due is still to be collected, owed to be given back."""

    items: Amount
    discount: Amount
    shipping: Amount
    tax: Amount
    fees: Amount
    tip: Amount
    rounding: Amount
    total: Amount
    paid: Amount
    refunded: Amount
    refundable: Amount
    adjusted: Amount
    due: Amount
    owed: Amount


class AdjustmentShown(msgspec.Struct, frozen=True):
    """A step of what our people changed, signed, with its reason."""

    at: datetime
    actor: str
    because: str
    items: Amount
    discount: Amount
    shipping: Amount
    tax: Amount
    fees: Amount
    total: Amount
    waived: Amount


class HoldShown(msgspec.Struct, frozen=True):
    """A hold that stands now."""

    kind: str
    because: str
    since: datetime
    owner: str
    placed_by: str
    expires_at: datetime | None


class Person(msgspec.Struct, frozen=True):
    name: str = ""
    email: str = ""
    phone: str = ""


class AddressShown(msgspec.Struct, frozen=True):
    name: str = ""
    company: str = ""
    line1: str = ""
    line2: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""
    phone: str = ""


class LineShown(msgspec.Struct, frozen=True):
    """A line. sku is our code, or the channel's own text while it
    `is_known` false. parked: why open units wait. Its amounts are as sold
    and as changed here, together; `is_ours`: our people put it on the order."""

    id: str
    position: int
    sku: str
    is_known: bool
    title: str
    is_shippable: bool
    ordered: int
    open: int
    allocated: int
    picked: int
    packed: int
    shipped: int
    delivered: int
    cancelled: int
    returned: int
    parked: str
    unit_price: Amount
    discount: Amount
    tax: Amount
    is_ours: bool


class OrderShown(msgspec.Struct, frozen=True):
    """The order as sold, with what became of each unit. Its
    allocations are told by the stage that makes them."""

    id: int
    number: str
    connection: str
    external_id: str
    external_name: str
    placed_at: datetime
    captured_at: datetime
    currency: str
    status: str
    payment_state: str
    priority: int
    is_test: bool
    is_tax_included: bool
    shipping_method: str
    cancelled_at: datetime | None
    cancelled_because: str
    holds: tuple[HoldShown, ...]
    totals: Totals
    customer: Person
    ship_to: AddressShown | None
    lines: tuple[LineShown, ...]
    adjustments: tuple[AdjustmentShown, ...]
    version: int


def _amount(expression: str, currency: str = "o.currency") -> str:
    return f"jsonb_build_object('minor', {expression}, 'currency', {currency})"


_TOTALS = ", ".join(
    f"'{name}', {_amount(expression)}"
    for name, expression in {
        **{
            name: f"o.{name}_minor + coalesce(d.{name}_minor, 0)"
            for name in ("items", "discount", "shipping", "tax", "fees", "total")
        },
        **{name: f"o.{name}_minor" for name in ("tip", "rounding", "paid", "refunded")},
        "refundable": "greatest(o.paid_minor - o.refunded_minor, 0)",
        "adjusted": "coalesce(d.total_minor, 0)",
        **{name: f"coalesce(d.{name}_minor, 0)" for name in ("due", "owed")},
    }.items()
)

_STEP = ", ".join(
    f"{_amount(f'{name}_minor')} as {name}"
    for name in ("items", "discount", "shipping", "tax", "fees", "total", "waived")
)
_PRICE = "case when u.price_told_minor = l.unit_price_minor and u.price_minor is not null then u.price_minor "
_PRICE += "else l.unit_price_minor end"

# The lines' own `id` is text, for ids are opaque to whoever reads them.
DOCUMENTS = f"""
select row_to_json(d)::text from (
  select o.id, 'SO-' || o.id as number, c.slug as connection, o.external_id, o.external_name, o.placed_at,
    o.captured_at, o.currency, o.status, o.payment_state, o.priority, o.is_test, o.is_tax_included,
    o.shipping_method, o.cancelled_at, o.cancelled_because, o.version, o.ship_to, o.buyer as customer,
    jsonb_build_object({_TOTALS}) as totals,
    coalesce((
      select json_agg(row_to_json(h) order by h.since, h.kind) from (
        select kind, because, since, owner, placed_by, expires_at from orders_hold
        where order_id = o.id and released_at is null) h), '[]') as holds,
    coalesce((
      select json_agg(row_to_json(x) order by x.position) from (
        select l.id::text as id, l.position, coalesce(s.code, l.code) as sku,
          l.sku_id is not null as is_known, l.title, l.is_shippable, l.ordered, l.open, l.allocated,
          l.picked, l.packed, l.shipped, l.delivered, l.cancelled, l.returned, l.parked,
          {_amount(_PRICE)} as unit_price,
          {_amount("l.discount_minor + coalesce(u.discount_now_minor, 0)")} as discount,
          {_amount("l.tax_minor + coalesce(u.tax_now_minor, 0)")} as tax,
          starts_with(l.external_id, 'here:') as is_ours
        from orders_line l left join catalog_sku s on s.id = l.sku_id
          left join orders_ours u on o.is_edited and u.line_id = l.id
        where l.order_id = o.id) x), '[]') as lines,
    coalesce((
      select json_agg(row_to_json(a) order by a.id) from (
        select id, at, actor, because, {_STEP} from orders_adjustment
        where o.is_edited and order_id = o.id order by id desc limit 100) a), '[]') as adjustments
  from orders_order o join inbox_connection c on c.id = o.connection_id
    left join orders_difference d on o.is_edited and d.order_id = o.id
  where o.id = any(%s) order by o.id desc) d
"""  # noqa: S608 - put together of constants above
_document = msgspec.json.Decoder(OrderShown)


def documents(order_ids: Sequence[int]) -> list[OrderShown]:
    """The orders with these ids, newest first; unknown ids are left out."""
    if not order_ids:
        return []
    return [_document.decode(row[0]) for row in sql.run(DOCUMENTS, (list(order_ids),))]
