"""Orders loaded to be changed: locked, with lines and active holds; and
saved again, a whole batch in one statement."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import msgspec
from msgspec.structs import asdict

from quartermaster.core import sql
from quartermaster.orders.rules.difference import Ours
from quartermaster.orders.rules.holds import Blocks, blocking, gives_back
from quartermaster.orders.rules.status import Seen, derive
from quartermaster.orders.rules.units import Units

OURS = "here:"  # how the external ids of lines begin that our own people put on an order


@dataclass(slots=True)
class LineState:
    """A line while it is changed. `gross_minor` and `discount_minor` are of all `sold` units."""

    id: int
    external_id: str
    code: str
    sku_id: int | None
    is_shippable: bool
    parked: str
    gross_minor: int
    discount_minor: int
    units: Units
    ours: Ours | None = None  # read by `differing.read` for the orders our people changed

    @property
    def is_ours(self) -> bool:
        """Put on the order by our own people: the channel does not know it."""
        return self.external_id.startswith(OURS)

    @property
    def needs(self) -> int:
        """Units a site must still be found for."""
        return self.units.open if self.is_shippable and self.sku_id is not None else 0


@dataclass(slots=True)
class OrderState:
    """An order while it is changed: what actions decide from and write to."""

    id: int
    connection_id: int
    channel: str  # slug of the connection
    currency: str
    total_minor: int
    ship_to: dict[str, object] | None
    detail: dict[str, object]
    tags: tuple[str, ...]
    priority: int
    ships_complete: bool
    promise_days: int | None
    placed_at: datetime
    is_cancelled: bool
    status: str
    version: int
    promised_on: date | None  # told once: a later one does not replace it
    promised_by: datetime | None
    promised_at: datetime | None
    is_edited: bool
    paid_minor: int
    refunded_minor: int
    lines: list[LineState] = field(default_factory=list)
    holds: dict[str, str] = field(default_factory=dict)  # active: kind -> because

    @property
    def number(self) -> str:
        return f"SO-{self.id}"

    @property
    def subject(self) -> str:
        return f"order:SO-{self.id}"

    def is_blocked(self, what: Blocks) -> bool:
        return blocking(set(self.holds), what)

    @property
    def gives_back(self) -> bool:
        """Do its holds want reserved units back in stock?"""
        return gives_back(self.holds)

    def derived(self) -> str:
        seen = [Seen(line.units, line.is_shippable, line.parked) for line in self.lines]
        return derive(seen, is_held=bool(self.holds), is_cancelled=self.is_cancelled)


LOCK = """
select o.id, o.connection_id, c.slug, o.currency, o.total_minor, o.ship_to::text, o.detail::text, o.priority,
  o.ships_complete, o.promise_days, o.placed_at, o.cancelled_at is not null, o.status, o.version,
  o.promised_on, o.promised_by, o.promised_at, o.is_edited, o.paid_minor, o.refunded_minor
from orders_order o join inbox_connection c on c.id = o.connection_id
where o.id = any(%s) order by o.id for no key update of o
"""
LINES = """
select order_id, id, external_id, code, sku_id, is_shippable, parked, gross_minor, discount_minor,
  ordered, open, allocated, picked, packed, labelled, shipped, delivered, cancelled, returned, sold, wanted,
  fulfilled, sent_back, cancelled_here, added, cancelled_there
from orders_line where order_id = any(%s) order by order_id, position
"""
HOLDS = """
select order_id, kind, because from orders_hold where order_id = any(%s) and released_at is null order by id
"""

SAVE = """
with line as (
  update orders_line x set
    ordered = l.ordered, open = l.open, allocated = l.allocated, picked = l.picked, packed = l.packed,
    labelled = l.labelled, shipped = l.shipped, delivered = l.delivered, cancelled = l.cancelled,
    returned = l.returned, sold = l.sold, wanted = l.wanted, fulfilled = l.fulfilled,
    sent_back = l.sent_back, cancelled_here = l.cancelled_here, added = l.added,
    cancelled_there = l.cancelled_there, parked = l.parked, sku_id = l.sku_id
  from jsonb_to_recordset(%(lines)s::jsonb) as l(
    id bigint, ordered bigint, open bigint, allocated bigint, picked bigint, packed bigint, labelled bigint,
    shipped bigint, delivered bigint, cancelled bigint, returned bigint, sold bigint, wanted bigint,
    fulfilled bigint, sent_back bigint, cancelled_here bigint, added bigint, cancelled_there bigint,
    parked text, sku_id bigint)
  where x.id = l.id)
update orders_order o set status = s.status, version = o.version + 1,
  promised_on = coalesce(o.promised_on, s.promised_on), promised_by = coalesce(o.promised_by, s.promised_by),
  promised_at = coalesce(o.promised_at, s.promised_at)
from jsonb_to_recordset(%(orders)s::jsonb) as s(
  id bigint, status text, promised_on date, promised_by timestamptz, promised_at timestamptz)
where o.id = s.id
"""


def load(order_ids: Iterable[int]) -> dict[int, OrderState]:
    """Lock these orders, lowest id first, and return what exists of
    them. Three statements whatever the number."""
    ids = sorted(set(order_ids))
    if not ids:
        return {}
    orders: dict[int, OrderState] = {}
    for row in sql.run(LOCK, (ids,), binary=True):
        ship_to, detail = _loads(row[5]), _loads(row[6]) or {}
        tags = detail.get("tags")
        read: list[Any] = [*row[:5], ship_to, detail, tuple(tags) if isinstance(tags, list) else (), *row[7:]]
        orders[row[0]] = OrderState(*read)
    for row in sql.run(LINES, (ids,), binary=True):
        line: list[Any] = [*row[1:9], Units(*row[9:])]
        orders[row[0]].lines.append(LineState(*line))
    for order_id, kind, because in sql.run(HOLDS, (ids,)):
        orders[order_id].holds[kind] = because
    return orders


def _loads(text: str | None) -> dict[str, object] | None:
    return None if text is None else msgspec.json.decode(text)


def save(orders: Sequence[OrderState], changed: Sequence[LineState] | None = None) -> None:
    """Write changed lines (default: all) and the derived status of
    each order. The CHECKs have the last word."""
    if not orders:
        return
    for order in orders:
        order.status = order.derived()
    lines = [line for order in orders for line in order.lines] if changed is None else changed
    sql.run(
        SAVE,
        {
            "lines": sql.rows(
                {
                    "id": x.id,
                    "parked": x.parked if x.units.open else "",
                    "sku_id": x.sku_id,
                    **asdict(x.units),
                }
                for x in lines
            ),
            "orders": sql.rows(
                {
                    "id": order.id,
                    "status": order.status,
                    "promised_on": order.promised_on,
                    "promised_by": order.promised_by,
                    "promised_at": order.promised_at,
                }
                for order in orders
            ),
        },
    )
