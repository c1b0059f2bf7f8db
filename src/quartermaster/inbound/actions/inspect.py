"""Units that were set aside to be looked at turn out good, or not."""

from datetime import datetime

from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.errors import Invalid, NotFound
from quartermaster.core.events import emit
from quartermaster.events import UnitsInspected
from quartermaster.inbound.actions.stored import stamp
from quartermaster.stock.actions import Move, State, lock_some, post

RECEIPT = """
select r.sku_id, s.code, p.location_id, p.code, r.arrival_id, r.qc, r.passed, r.failed, r.lot, r.serial
from inbound_receipt r join stock_place p on p.id = r.place_id join catalog_sku s on s.id = r.sku_id
where r.id = %s
"""
DONE = "update inbound_receipt set passed = passed + %s, failed = failed + %s where id = %s"


def inspect(
    receipt_id: int, *, passed: int, failed: int = 0, because: str = "", at: datetime, by: str
) -> None:
    """Of a receipt's units to be looked at, so many are good (they may be put away) and so many are damaged.

    Both are totals: sent again it does nothing. Raises NotFound, Invalid.
    """
    if not sql.run(RECEIPT, (receipt_id,)):
        raise NotFound(what="receipt", which=receipt_id)
    with transaction.atomic():
        sku_id, sku, location, place, arrival_id, *_ = sql.run(RECEIPT, (receipt_id,))[0]
        lock_some([(sku_id, location)])
        *_, qc, was_passed, was_failed, lot, serial = sql.run(RECEIPT, (receipt_id,))[0]
        good, bad = passed - was_passed, failed - was_failed
        errors = {}
        if good < 0 or bad < 0 or passed + failed > qc:
            errors["passed"] = f"of {qc} to look at, {was_passed} passed and {was_failed} failed already"
        if bad > 0 and not because.strip():
            errors["because"] = "say what is wrong with them"
        if errors:
            raise Invalid(what="The inspection", errors=errors)
        if not good and not bad:
            return
        results = ((State.RECEIVED, good, passed), (State.DAMAGED, bad, failed))
        moves = [
            Move(
                key=f"inspect:{receipt_id}:{state}:{total}",
                sku_id=sku_id,
                quantity=units,
                source=place,
                target=place,
                because=because.strip() or "inspected",
                source_state=State.QC,
                target_state=state,
                lot=lot,
                serial=serial,
                document=f"arrival:IN-{arrival_id}",
            )
            for state, units, total in results
            if units
        ]
        post(moves, by=by, at=at)
        sql.run(DONE, (good, bad, receipt_id))
        stamp([arrival_id], at=at)
        fact = UnitsInspected(
            subject=f"arrival:{arrival_id}",
            at=at,
            actor=by,
            arrival_id=arrival_id,
            receipt_id=receipt_id,
            sku=sku,
            passed=good,
            failed=bad,
            because=because.strip(),
        )
        emit([fact])
