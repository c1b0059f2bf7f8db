"""Wish labels for parcels that are packed: a row and a wish each, carried out outside every transaction."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

import msgspec

from quartermaster.core import sql
from quartermaster.core.actions.outbox import Wish, wish_all

BUY, VOID = "shipping.label", "shipping.void"

# The end of a reference is drawn by lot: two installations may share a carrier's account.
WANT = """
insert into shipping_label (parcel_id, reference, state, asked_at, asked_by, by_hand)
select p.id, 'P-' || p.id || '-' || left(replace(gen_random_uuid()::text, '-', ''), 10), 'queued',
  %(at)s, %(by)s, %(by_hand)s::jsonb
from warehouse_parcel p join orders_order o on o.id = p.order_id
where p.id = any(%(ids)s) and p.state = 'packed' and o.cancelled_at is null
  and not exists (select from orders_hold h where h.order_id = o.id and h.released_at is null)
order by p.id
on conflict (parcel_id) where state in ('queued', 'bought', 'unknown', 'voiding') do nothing
returning id, reference, parcel_id, (select order_id from warehouse_parcel where id = parcel_id)
"""


class Asked(NamedTuple):
    """A label that was wished."""

    id: int
    reference: str
    parcel_id: int
    order_id: int


def want(
    parcel_ids: Iterable[int], *, at: datetime, by: str, by_hand: Mapping[str, str] | None = None
) -> list[Asked]:
    """Wish a label for each of these parcels that is packed, may leave, and has none under way.

    Two statements. Inside the caller's transaction, which holds the orders' locks.
    """
    ids = sorted(set(parcel_ids))
    if not ids:
        return []
    chosen = None if by_hand is None else msgspec.json.encode(by_hand).decode()
    found = sql.run(WANT, {"ids": ids, "at": at, "by": by, "by_hand": chosen})
    asked = [Asked._make(row) for row in found]
    wish_all(
        [
            Wish(f"label:{each.reference}", BUY, f"order:SO-{each.order_id}", {"label_id": each.id}, at)
            for each in asked
        ]
    )
    return asked
