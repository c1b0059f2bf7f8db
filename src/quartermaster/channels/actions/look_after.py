"""A shop that hears of a cancellation, or makes one, may count the units in again by itself, past the number
it was told: what it has of them is looked at afterwards."""

from collections.abc import Sequence

from quartermaster.core import sql
from quartermaster.core.events import Event
from quartermaster.core.river import signal
from quartermaster.events import CancellationTold, OrderCancelled, OrderChanged, OrderRefunded

# One that rests is looked at, and one that is to be written to is looked at when it was; one that is being
# written to may have been written to before.
LOOK = """
update channels_listing l set
  state = case when l.state = 'idle' then 'asked' else l.state end,
  asks = case when l.state = 'idle' then 'sample' else l.asks end,
  next_at = case when l.state = 'idle' then %(at)s else l.next_at end,
  tries = case when l.state = 'due' then greatest(l.tries, 1) else l.tries end,
  is_doubted = l.is_doubted or l.state = 'sent'
from (
  select x.id from channels_listing x
  where (x.shop_id, x.sku_id) in (
      select o.connection_id, y.sku_id from orders_order o join orders_line y on y.order_id = o.id
      where o.id = any(%(orders)s) and y.sku_id is not null)
    and x.state in ('idle', 'due', 'sent') and x.is_pushed and x.gone_at is null and x.wanted is not null
  order by x.id for no key update of x) held
where held.id = l.id returning l.id
"""


def look_after(events: Sequence[Event]) -> None:
    """The listener: one statement, and none for what our own people do before the shop knows of it."""
    orders = {
        event.order_id
        for event in events
        if isinstance(event, CancellationTold | OrderRefunded)
        or (isinstance(event, OrderCancelled) and event.actor.startswith("connection:"))
        or (
            isinstance(event, OrderChanged)
            and event.actor.startswith("connection:")
            and "total_minor" in event.changed
        )
    }
    if orders and sql.run(LOOK, {"orders": sorted(orders), "at": events[-1].at}):
        signal.wake()
