"""What is expected is another number of units, or comes another day."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.errors import Invalid, Refused
from quartermaster.core.events import emit
from quartermaster.core.quantities import QUANTITY_MAX
from quartermaster.events import ArrivalAmended
from quartermaster.inbound.actions.arrivals import OPEN_LINES, AlreadyReceived
from quartermaster.inbound.actions.rows import arrival, locked, sku_ids, still_open
from quartermaster.stock.actions import lock_some
from quartermaster.stock.actions.expect import expect

GONE: Final = "delete from inbound_arrival_line where arrival_id = %s and sku_id = any(%s)"
LINES: Final = """
insert into inbound_arrival_line (arrival_id, sku_id, expected)
select %(arrival)s, sku_id, units from jsonb_to_recordset(%(lines)s::jsonb) as w(sku_id bigint, units bigint)
order by sku_id
on conflict (arrival_id, sku_id) do update set expected = excluded.expected
"""
DAY: Final = "update inbound_arrival set expected_on = %s where id = %s"


class LeftAlready(Refused):
    code = "transfer-left"
    message = "IN-{arrival} is what left by a transfer: its units are what they are."
    remedy = "Change the day only; what does not come is short when it is received."


def amend_arrival(
    arrival_id: int,
    *,
    lines: Mapping[str, int] | None = None,
    expected_on: date | None,
    because: str,
    at: datetime,
    by: str,
) -> None:
    """Other lines (SKU code -> units, all of them; None: as they are) and the day it is expected on, before
    anything of it was received. The same again does nothing. Raises NotFound, Invalid, ArrivalOver,
    AlreadyReceived, LeftAlready (other lines of a transfer)."""
    _refuse_wrong(lines, because)
    ids = sku_ids(list(lines or ()))
    with transaction.atomic():
        before = arrival(arrival_id)
        known = [row[0] for row in sql.run(OPEN_LINES, (arrival_id,))]
        lock_some((sku, before.location_id) for sku in {*known, *ids.values()})
        found = locked(arrival_id)
        still_open(found)
        rows = sql.run(OPEN_LINES, (arrival_id,))
        if any(row[3] for row in rows):
            raise AlreadyReceived(arrival=arrival_id)
        ((on,),) = sql.run("select expected_on from inbound_arrival where id = %s", (arrival_id,))
        was = {row[0]: row[2] for row in rows}
        wanted = was if lines is None else {ids[sku]: units for sku, units in lines.items()}
        if wanted == was and expected_on == on:
            return
        if wanted != was and found.transfer_id is not None:
            raise LeftAlready(arrival=arrival_id)
        changes = {sku: wanted.get(sku, 0) - was.get(sku, 0) for sku in {*was, *wanted}}
        expect({(sku, found.location_id): units for sku, units in changes.items() if units}, at=at, by=by)
        sql.run(GONE, (arrival_id, sorted(was.keys() - wanted.keys())))
        told = sql.rows({"sku_id": sku, "units": units} for sku, units in wanted.items())
        sql.run(LINES, {"arrival": arrival_id, "lines": told})
        sql.run(DAY, (expected_on, arrival_id))
        fact = ArrivalAmended(
            subject=found.subject,
            at=at,
            actor=by,
            arrival_id=arrival_id,
            location=found.site,
            units=sum(wanted.values()),
            expected_on=expected_on,
            because=because.strip(),
        )
        emit([fact])


def _refuse_wrong(lines: Mapping[str, int] | None, because: str) -> None:
    errors = {
        f"lines.{sku}": f"1 to {QUANTITY_MAX}"
        for sku, units in (lines or {}).items()
        if not 0 < units <= QUANTITY_MAX
    }
    if lines is not None and not lines:
        errors["lines"] = "say what is expected, or cancel it"
    if not because.strip():
        errors["because"] = "say why"
    if errors:
        raise Invalid(what="The arrival", errors=errors)
