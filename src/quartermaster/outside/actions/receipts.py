"""Units they say came in are booked, or known to be booked otherwise."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.errors import Invalid, NotFound
from quartermaster.outside.actions.into_arrival import into_arrival
from quartermaster.outside.ports import Item, Receipt
from quartermaster.stock.actions import Move, State, post

RECEIPT = """
select r.id, l.code, r.reference, r.received_at, r.items::text, r.booked_at, r.because
from outside_receipt r join stock_location l on l.id = r.site_id where r.id = %s for update of r
"""
SKUS = "select code, id from catalog_sku where code = any(%s)"
ARRIVAL = """
select 1 from inbound_arrival a join stock_location l on l.id = a.location_id where a.id = %s and l.code = %s
"""
BOOKED = "update outside_receipt set booked_at = %s, booked_by = %s where id = %s"
RECEIVED = """
insert into outside_receipt (site_id, reference, received_at, told_at, items, because, notice)
select %(site)s, reference, received_at, %(at)s, items, because, notice
from jsonb_to_recordset(%(receipts)s::jsonb)
  as r(reference text, received_at timestamptz, items jsonb, because text, notice text)
on conflict (site_id, reference) do nothing returning reference
"""
_items = msgspec.json.Decoder(list[Item]).decode


def keep_receipts(site_id: int, receipts: Sequence[Receipt], *, at: datetime) -> list[str]:
    """What they say came in, each told once. Nothing is posted: whoever books it decides. Returns the
    references of those that are new. The caller holds the transaction."""
    found = sql.run(RECEIVED, {"site": site_id, "receipts": sql.rows(receipts), "at": at})
    return [reference for (reference,) in found]


def book_receipt(
    receipt_id: int,
    *,
    moves: bool = True,
    arrival_id: int | None = None,
    is_last: bool = False,
    at: datetime,
    by: str,
) -> None:
    """What they received is in the ledger from now on; with `moves` false it is already, by another document.

    `arrival_id`: it is (a part of) what was expected there, which is incoming no more; `is_last`: all that
    will come of it. The same again does nothing. Raises NotFound (also for an arrival of another site),
    Invalid (a SKU nobody knows), and what receiving an arrival raises.
    """
    with transaction.atomic():
        found = sql.run(RECEIPT, (receipt_id,))
        if not found:
            raise NotFound(what="receipt", which=receipt_id)
        row_id, site, reference, received_at, items_json, booked_at, because = found[0]
        if booked_at is not None:
            return
        items = _items(items_json)
        ids = dict(sql.run(SKUS, (sorted({item.sku for item in items}),)))
        if unknown := sorted({item.sku for item in items} - set(ids)):
            raise Invalid(what="The receipt", errors=dict.fromkeys(unknown, "no SKU of ours"))
        if moves and arrival_id is not None:
            if not sql.run(ARRIVAL, (arrival_id, site)):
                raise NotFound(what=f"arrival at {site}", which=arrival_id)
            told = f"{site} told it in {reference}" + (f": {because}" if because else "")
            into_arrival(row_id, site, arrival_id, items, because=told, is_last=is_last, at=at, by=by)
        elif moves:
            post(_moves(row_id, site, reference, items, ids), by=by, at=min(received_at, at))
        sql.run(BOOKED, (at, by, row_id))


def _moves(
    row_id: int, site: str, reference: str, items: Sequence[Item], ids: Mapping[str, int]
) -> list[Move]:
    return [
        Move(
            key=f"receipt:{row_id}:{n}",
            sku_id=ids[item.sku],
            quantity=item.quantity,
            source="world:supplier",
            target=site,
            because=f"received at {site}",
            target_state=State.DAMAGED if item.is_damaged else State.AVAILABLE,
            lot=item.lot,
            serial=item.serial,
            document=f"receipt:{reference}",
        )
        for n, item in enumerate(items)
    ]


SEEN = "update outside_unread set seen_at = %s, seen_by = %s where id = %s and seen_at is null"


def see_unread(unread_id: int, *, at: datetime, by: str) -> None:
    """Somebody has looked at what nobody understands, and dealt with it. The same again does nothing."""
    with transaction.atomic():
        sql.run(SEEN, (at, by, unread_id))
