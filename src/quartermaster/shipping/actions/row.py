"""One label, locked together with its order: what every change of it begins with."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

import msgspec

from quartermaster.core import sql
from quartermaster.core.errors import NotFound
from quartermaster.orders.actions.state import OrderState, load
from quartermaster.orders.ports import Address
from quartermaster.orders.rules.holds import Blocks
from quartermaster.shipping.rules.decide import ByHand, Choice
from quartermaster.shipping.rules.labels import stands_in_the_way

ORDERS = """
select p.order_id from shipping_label l join warehouse_parcel p on p.id = l.parcel_id where l.id = any(%s)
"""
LOCK = """
select l.id, l.parcel_id, p.order_id, l.reference, l.state, l.carrier, l.service, l.account,
  l.tracking_number, l.cost_minor, l.currency, l.inputs, l.decision, l.by_hand::text, l.ship_to::text,
  l.because, l.asked_at, l.asked_by, p.state, l.manifest_id, l.unclear_at, l.carrier_ref
from shipping_label l join warehouse_parcel p on p.id = l.parcel_id
where l.id = any(%s) order by p.id, l.id for no key update of p, l
"""


class Row(NamedTuple):
    """A label with the state of its parcel."""

    id: int
    parcel_id: int
    order_id: int
    reference: str
    state: str
    carrier: str
    service: str
    account: str
    tracking_number: str
    cost_minor: int | None
    currency: str
    inputs: bytes | None
    decision: bytes | None
    by_hand_json: str | None
    ship_to_json: str
    because: str
    asked_at: datetime
    asked_by: str
    parcel_state: str
    manifest_id: int | None
    unclear_at: datetime | None
    carrier_ref: str

    @property
    def by_hand(self) -> ByHand | None:
        return None if self.by_hand_json is None else msgspec.json.decode(self.by_hand_json, type=ByHand)

    @property
    def choice(self) -> Choice | None:
        return None if self.decision is None else msgspec.json.decode(self.decision, type=Choice)

    @property
    def is_decided(self) -> bool:
        return self.decision is not None


def locked(label_id: int) -> tuple[OrderState, Row]:
    """The label and its order, both locked: the order first. Raises NotFound."""
    found = locked_all([label_id])
    if not found:
        raise NotFound(what="label", which=label_id)
    return found[0]


def locked_all(label_ids: Iterable[int]) -> list[tuple[OrderState, Row]]:
    """`locked` for a batch; labels that do not exist are left out. A constant number of statements."""
    ids = sorted(set(label_ids))
    orders = load(order_id for (order_id,) in sql.run(ORDERS, (ids,)))
    rows = [Row._make(row) for row in sql.run(LOCK, (ids,), binary=True)]
    return [(orders[row.order_id], row) for row in rows]


def in_the_way(order: OrderState, row: Row) -> str:
    """Why this label must not be bought now; "" when nothing is in the way."""
    return stands_in_the_way(
        parcel_state=row.parcel_state,
        is_cancelled=order.is_cancelled,
        is_held=order.is_blocked(Blocks.RELEASE),
        holds=tuple(sorted(order.holds)),
    )


def receiver(order: OrderState) -> Address | None:
    """The address as it stands now."""
    return None if order.ship_to is None else msgspec.convert(order.ship_to, Address, strict=False)
