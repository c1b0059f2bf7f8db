"""What is released at an outside site is not picked by us: it is counted as theirs to ship, and sent."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.actions.outbox import Wish, wish_all
from quartermaster.core.events import emit
from quartermaster.core.moment import now
from quartermaster.events import SentOutside
from quartermaster.orders.actions.state import OrderState, load
from quartermaster.orders.ports import Address
from quartermaster.orders.rules.holds import Blocks
from quartermaster.outside.ports import Item, Order
from quartermaster.stock.actions import lock_some
from quartermaster.warehouse.actions.direct import directed, write
from quartermaster.warehouse.actions.make_pick_list import MAKE, QUEUE, promised
from quartermaster.warehouse.actions.rows import PickRow, left_on_lists
from quartermaster.warehouse.actions.take import Confirmed, take
from quartermaster.warehouse.queries.wave_work import Queued

SEND = "outside.send"
BATCH = 100
BY = "system"

SITES = """
select t.location_id, l.code, c.slug from outside_site t join stock_location l on l.id = t.location_id
join inbox_connection c on c.id = t.connection_id
where t.is_active and c.is_active and exists (
  select from allocation_allocation a where a.location_id = t.location_id and a.state = 'released')
order by t.location_id
"""
MINE = "update warehouse_pick set is_outside = true where pick_list_id = %s"
ALLOCATIONS = """
select id, ship_by, promised_on from allocation_allocation where id = any(%s)
"""
# The end of a reference is drawn by lot: two installations may share an account over there.
ASK = """
insert into outside_order (reference, site_id, order_id, allocation_id, content, asked_at)
select w.reference, %(site)s, w.order_id, w.allocation_id, w.content, %(at)s
from jsonb_to_recordset(%(wanted)s::jsonb)
  as w(reference text, order_id bigint, allocation_id bigint, content jsonb)
order by w.allocation_id returning id, reference, order_id
"""
LOTS = """
select id, 'QM-' || id || '-' || left(replace(gen_random_uuid()::text, '-', ''), 8)
from unnest(%s::bigint[]) as id
"""


def send_released() -> int:
    """The chore: everything released at outside sites goes there. Returns how many orders were taken."""
    return sum(_send(*site, at=now()) for site in sql.run(SITES))


def _send(location_id: int, site: str, slug: str, *, at: datetime) -> int:
    with transaction.atomic():
        asked = {"location": location_id, "orders_max": BATCH, "only": None}
        queue = [Queued._make(row) for row in sql.run(QUEUE, asked)]
        orders = load(one.order_id for one in queue)
        wanted = promised(
            [
                one
                for one in queue
                if not orders[one.order_id].is_blocked(Blocks.RELEASE)
                and not orders[one.order_id].is_cancelled
            ]
        )
        lock_some({(one.sku_id, location_id) for one in wanted})
        picks = directed(wanted, location_id, at=at)
        if not picks:
            return 0
        made = {"location": location_id, "because": sql.rows([{"outside": slug}])[1:-1], "by": BY, "at": at}
        list_id = int(sql.run(MAKE, made)[0][0])
        write(list_id, picks, location_id)
        sql.run(MINE, (list_id,))
        mine = left_on_lists([list_id])
        take([Confirmed(pick, pick.quantity) for pick in mine], orders, tells=False, at=at, by=BY)
        _ask(location_id, site, mine, orders, at=at)
        return len({pick.order_id for pick in mine})


def _ask(
    location_id: int, site: str, picks: Sequence[PickRow], orders: Mapping[int, OrderState], *, at: datetime
) -> None:
    """A row and a wish for each allocation. Constant number of statements."""
    of: defaultdict[int, list[PickRow]] = defaultdict(list)
    for pick in picks:
        of[pick.allocation_id].append(pick)
    promises = {id: (ship_by, on) for id, ship_by, on in sql.run(ALLOCATIONS, (sorted(of),))}
    references = dict(sql.run(LOTS, (sorted(of),)))
    rows, units = [], {}
    for allocation_id, mine in sorted(of.items()):
        order, (ship_by, promised_on) = orders[mine[0].order_id], promises[allocation_id]
        content = Order(
            reference=references[allocation_id],
            number=order.number,
            site=site,
            receiver=receiver(order),
            items=_items(mine),
            ship_by=ship_by,
            promised_on=promised_on,
        )
        units[content.reference] = sum(item.quantity for item in content.items)
        rows.append(
            {
                "reference": content.reference,
                "order_id": order.id,
                "allocation_id": allocation_id,
                "content": msgspec.to_builtins(content),
            }
        )
    made = sql.run(ASK, {"site": location_id, "wanted": sql.rows(rows), "at": at})
    wish_all(
        [
            Wish(f"outside:{reference}", SEND, f"order:SO-{order_id}", {"outside_id": id}, at)
            for id, reference, order_id in made
        ]
    )
    emit(
        SentOutside(
            subject=f"order:SO-{order_id}",
            at=at,
            actor=BY,
            order_id=order_id,
            location=site,
            reference=reference,
            units=units[reference],
        )
        for _, reference, order_id in made
    )


def receiver(order: OrderState) -> Address:
    """The address as it stands now."""
    return Address() if order.ship_to is None else msgspec.convert(order.ship_to, Address, strict=False)


def _items(picks: Sequence[PickRow]) -> tuple[Item, ...]:
    """Units by SKU. Which lot or serial goes is theirs to choose: ours is only a proposal."""
    units: defaultdict[str, int] = defaultdict(int)
    for pick in picks:
        units[pick.sku] += pick.quantity
    return tuple(Item(sku, count) for sku, count in sorted(units.items()))
