"""Labels follow their orders: parcels that may leave get one, those that may not lose it."""

from collections import defaultdict
from collections.abc import Sequence

from django.db import transaction

from quartermaster.core import sql
from quartermaster.events import HoldReleased, OrderCancelled, OrderChanged, ParcelOpened, ParcelPacked
from quartermaster.orders.actions.state import load
from quartermaster.shipping.actions import void
from quartermaster.shipping.actions.want import want

type Cause = ParcelPacked | ParcelOpened | OrderChanged | OrderCancelled | HoldReleased

# Of a parcel that the carrier has, nothing can be taken back.
UNFIT = """
select l.id, p.order_id,
  case when o.cancelled_at is not null then 'the order was cancelled'
       when p.state <> 'labelled' then 'the parcel was opened'
       else 'the address changed' end
from shipping_label l join warehouse_parcel p on p.id = l.parcel_id join orders_order o on o.id = p.order_id
where p.order_id = any(%s) and l.state = 'bought' and p.state <> 'handed_over'
  and (o.cancelled_at is not null or p.state <> 'labelled' or o.ship_to is distinct from l.ship_to)
order by l.id
"""
BARE = """
select p.id from warehouse_parcel p where p.order_id = any(%s) and p.state = 'packed' order by p.id
"""


def follow(causes: Sequence[Cause]) -> None:
    """Bring labels in line with their orders. It looks at how things stand, so the order of events does not
    matter, nor whether one is heard twice. A constant number of statements for each reason to void."""
    with transaction.atomic():
        orders = load(cause.order_id for cause in causes)
        last = causes[-1]
        unfit: dict[str, list[int]] = defaultdict(list)
        for label_id, _, because in sql.run(UNFIT, (list(orders),)):
            unfit[because].append(label_id)
        for because, label_ids in sorted(unfit.items()):
            void.start(label_ids, because=because, at=last.at, by=last.actor, again=True)
        if unfit:
            void.count_anew(orders.values())
        parcel_ids = [parcel_id for (parcel_id,) in sql.run(BARE, (list(orders),))]
        want(parcel_ids, at=last.at, by="system")
