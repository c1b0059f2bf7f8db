"""Rows of the dock, read to be acted upon."""

from typing import NamedTuple

from quartermaster.core import sql
from quartermaster.core.errors import NotFound, Refused
from quartermaster.core.texts import short, storable


class ArrivalOver(Refused):
    code = "arrival-over"
    message = "IN-{arrival} is {state}: nothing more is received for it."
    remedy = "Receive it as a new arrival, without an order."


class Arrival(NamedTuple):
    id: int
    site: str
    location_id: int
    kind: str
    state: str
    qc_percent: int
    transfer_id: int | None
    transit: str  # the place of a transfer's units under way

    @property
    def subject(self) -> str:
        return f"arrival:{self.id}"


ARRIVAL = """
select a.id, l.code, l.id, a.kind, a.state, a.qc_percent, a.transfer_id,
  coalesce((select s.code || '/IN-TRANSIT/TR-' || t.id from inbound_transfer t
    join stock_location s on s.id = t.source_id where t.id = a.transfer_id), '')
from inbound_arrival a join stock_location l on l.id = a.location_id where a.id = %s
"""


def arrival(arrival_id: int) -> Arrival:
    """As it is now, without a lock. Raises NotFound."""
    for row in sql.run(ARRIVAL, (arrival_id,)):
        return Arrival._make(row)
    raise NotFound(what="arrival", which=f"IN-{arrival_id}")


def locked(arrival_id: int) -> Arrival:
    """The same under its lock, for who holds the levels'. Raises NotFound."""
    sql.run("select from inbound_arrival where id = %s for no key update", (arrival_id,))
    return arrival(arrival_id)


def still_open(found: Arrival) -> None:
    """Raises ArrivalOver."""
    if found.state not in ("expected", "receiving"):
        raise ArrivalOver(arrival=found.id, state=found.state)


def sku_ids(codes: list[str]) -> dict[str, int]:
    """SKU code -> id. Raises NotFound naming the first that is none, or is a kit."""
    wanted = [storable(code) for code in codes]
    found = dict(sql.run("select code, id from catalog_sku where code = any(%s) and not is_kit", (wanted,)))
    for code in wanted:
        if code not in found:
            raise NotFound(what="SKU that is stocked", which=short(code, 80))
    return found
