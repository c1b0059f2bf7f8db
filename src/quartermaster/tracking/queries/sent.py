"""The parcels of orders, each with where it is."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from quartermaster.core import sql


class Sent(NamedTuple):
    """A parcel. state: where the carrier has it, once it has it and said so; else packing, packed, labelled
    or handed_over."""

    id: str
    state: str
    carrier: str
    service: str
    tracking_number: str
    promised_on: date | None


OF_ORDERS = """
select p.order_id, p.id::text,
  case when p.state = 'handed_over' then coalesce(nullif(t.status, 'unknown'), p.state) else p.state end,
  p.carrier, p.service, p.tracking_number, p.promised_on
from warehouse_parcel p left join tracking_track t on t.parcel_id = p.id
where p.order_id = any(%s) and p.state <> 'cancelled' order by p.order_id, p.id
"""


def sent(order_ids: Sequence[int]) -> Mapping[int, list[Sent]]:
    """Order id -> its parcels, the oldest first. One statement; orders without one are absent."""
    found: dict[int, list[Sent]] = {}
    for order_id, *parcel in sql.run(OF_ORDERS, (list(order_ids),)) if order_ids else ():
        found.setdefault(order_id, []).append(Sent(*parcel))
    return found
