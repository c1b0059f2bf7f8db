"""A lot is recalled: nobody gets it any more. And lifted, when it is good after all."""

import secrets
from datetime import datetime

import psycopg
from django.db import IntegrityError, transaction

from quartermaster.core import sql
from quartermaster.core.errors import Invalid, NotFound, Refused
from quartermaster.core.events import emit
from quartermaster.core.texts import short, storable
from quartermaster.events import RecallLifted, RecallMade
from quartermaster.stock.actions.lock import lock_some
from quartermaster.stock.actions.post import post
from quartermaster.stock.actions.quarantine import quarantine
from quartermaster.stock.rules.moves import Move, State

SKU = """
select s.id, exists (select from stock_movement m where m.sku_id = s.id and m.lot = %(lot)s)
  or exists (select from stock_lot l where l.sku_id = s.id and l.code = %(lot)s)
from catalog_sku s where s.code = %(sku)s
"""
MAKE = """
insert into stock_recall (sku_id, lot, because, made_at, made_by)
values (%(id)s, %(lot)s, %(because)s, %(at)s, %(by)s) returning id
"""
LIFT = """
update stock_recall set lifted_at = %(at)s, lifted_by = %(by)s, lifted_because = %(because)s where id = %(id)s
"""
# What was carried to quarantine is looked at before it is sold; what still lies in its bin is sold there.
HELD = """
select p.code, b.lot, b.serial, b.quantity, coalesce(k.kind, '') = 'quarantine', p.location_id
from stock_balance b join stock_place p on p.id = b.place_id left join stock_bin k on k.place_id = p.id
where b.sku_id = %(sku)s and b.lot = %(lot)s and b.state = 'recalled' and b.quantity > 0 and p.id > 0
order by p.code, b.serial
"""


class RecalledAlready(Refused):
    code = "recalled-already"
    message = "Lot {lot} of {sku} is recalled already."
    remedy = "Go on with that recall."


def recall(sku: str, lot: str, *, because: str, at: datetime, by: str) -> str:
    """Nobody gets this lot any more: its units cannot be sold from now on, at no site, and promises that do
    not hold are served anew. Returns the recall's number, RC-3. Raises NotFound, Invalid, RecalledAlready."""
    lot, why = storable(lot.strip()), storable(because.strip())
    if not why:
        raise Invalid(what="The recall", errors={"because": "say why"})
    found = sql.run(SKU, {"sku": storable(sku), "lot": lot})
    if not found:
        raise NotFound(what="SKU", which=short(sku, 80))
    ((sku_id, is_known),) = found
    if not lot or not is_known:
        raise NotFound(what=f"lot of {short(sku, 80)}", which=short(lot, 80) or "without a name")
    asked = {"id": sku_id, "lot": lot, "because": why, "at": at, "by": by}
    with transaction.atomic():
        try:
            with transaction.atomic():
                ((made,),) = sql.run(MAKE, asked)
        except (IntegrityError, psycopg.errors.UniqueViolation):
            raise RecalledAlready(lot=lot, sku=sku) from None
        units = quarantine(skus=[sku_id], at=at, by=by)
        fact = RecallMade(
            subject=f"recall:RC-{made}",
            at=at,
            actor=by,
            recall_id=made,
            sku=sku,
            lot=lot,
            units=units,
            because=why,
        )
        emit([fact])
    return f"RC-{made}"


def lift_recall(number: str, *, because: str, at: datetime, by: str) -> None:
    """The lot is good after all: what lies in its bins can be sold again, what is in quarantine is to be
    looked at. Lifted again it does nothing. Raises NotFound, Invalid."""
    if not because.strip():
        raise Invalid(what="The recall", errors={"because": "say why it is lifted"})
    recall_id = recall_id_of(number)
    with transaction.atomic():
        found = sql.run(
            "select r.sku_id, s.code, r.lot, r.lifted_at from stock_recall r "
            "join catalog_sku s on s.id = r.sku_id where r.id = %s for no key update of r",
            (recall_id,),
        )
        if not found:
            raise NotFound(what="recall", which=number[:40])
        ((sku_id, sku, lot, lifted_at),) = found
        if lifted_at is not None:
            return
        asked = {"sku": sku_id, "lot": lot}
        lock_some({(sku_id, row[5]) for row in sql.run(HELD, asked)})
        sql.run(LIFT, {"id": recall_id, "at": at, "by": by, "because": because.strip()})
        run = secrets.token_hex(8)
        moves = [
            Move(
                key=f"lift:{run}:{n}",
                sku_id=sku_id,
                quantity=units,
                source=place,
                target=place,
                because=because.strip()[:200],
                source_state=State.RECALLED,
                target_state=State.QC if is_away else State.AVAILABLE,
                lot=lot,
                serial=serial,
                document=f"recall:RC-{recall_id}",
            )
            for n, (place, lot, serial, units, is_away, _) in enumerate(sql.run(HELD, asked))
        ]
        post(moves, by=by, at=at)
        quarantine(skus=[sku_id], at=at, by=by)  # it may have expired meanwhile
        emit(
            [
                RecallLifted(
                    subject=f"recall:RC-{recall_id}",
                    at=at,
                    actor=by,
                    recall_id=recall_id,
                    sku=sku,
                    lot=lot,
                    because=because.strip(),
                )
            ]
        )


def recall_id_of(number: str) -> int:
    """The id of RC-3. Raises NotFound when that is no recall's number."""
    digits = number.removeprefix("RC-")
    if digits.isascii() and digits.isdecimal() and len(digits) < 19:
        return int(digits)
    raise NotFound(what="recall", which=number[:40])
