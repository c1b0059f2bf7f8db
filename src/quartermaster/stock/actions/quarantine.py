"""Units nobody may get any more leave what can be sold, wherever they lie: the expired, the recalled."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.errors import Invalid, NotFound, Refused
from quartermaster.core.events import Event, emit
from quartermaster.events import LotQuarantined, QuarantineCarried, StockArrived
from quartermaster.stock.actions.lock import lock_some
from quartermaster.stock.actions.post import post
from quartermaster.stock.queries.dates import SHELF_DAYS
from quartermaster.stock.rules.moves import Move, State, site_of

FOUND = f"""
select b.sku_id, s.code, p.location_id, p.code, b.state, b.lot, b.serial, b.quantity,
  case when r.id is null then 'expired' else 'recalled' end,
  case when r.id is not null then 'RC-' || r.id || ': ' || r.because
    else 'lot ' || b.lot || ' expires on ' || l.expires_on
      || case when d.days > 0 then ', and ' || d.days || ' days are to be left' else '' end end
from stock_balance b
join stock_place p on p.id = b.place_id and p.id > 0
join stock_location c on c.id = p.location_id
join catalog_sku s on s.id = b.sku_id
cross join lateral (select {SHELF_DAYS} as days) d
left join stock_lot l on l.sku_id = b.sku_id and l.code = b.lot
left join stock_recall r on r.sku_id = b.sku_id and r.lot = b.lot and r.lifted_at is null
where b.lot <> '' and b.quantity > 0 and (%(skus)s::bigint[] is null or b.sku_id = any(%(skus)s))
  and (r.id is not null and b.state in ('available', 'returned', 'expired')
    or r.id is null and b.state = 'available'
      and l.expires_on < (%(at)s::timestamptz at time zone c.timezone)::date + d.days)
order by b.sku_id, p.location_id, p.code, b.lot, b.serial, b.state
"""  # noqa: S608 - constants only
# Where nothing with these SKUs ever expires and nothing is recalled, nobody has to look.
WATCHED = """
select sku_id from stock_recall where sku_id = any(%(skus)s) and lifted_at is null
union select sku_id from stock_lot where sku_id = any(%(skus)s)
"""
LYING = """
select coalesce(sum(b.quantity), 0)::bigint, s.id, p.location_id,
  (select k.kind = 'quarantine' from stock_bin k join stock_place t on t.id = k.place_id
   where t.code = %(target)s)
from catalog_sku s join stock_place p on p.code = %(place)s
left join stock_balance b on b.sku_id = s.id and b.place_id = p.id and b.lot = %(lot)s
  and b.serial = %(serial)s and b.state = %(state)s
where s.code = %(sku)s group by s.id, p.location_id
"""


class NotThere(Refused):
    code = "not-there"
    message = "{held} × {sku} of lot {lot} lie {state} at {place}, not {units}."
    remedy = "Reload: somebody may have carried them already."


class _Found(NamedTuple):
    sku_id: int
    sku: str
    location_id: int
    place: str
    state: str
    lot: str
    serial: str
    units: int
    becomes: str
    because: str


def quarantine(*, skus: Sequence[int] | None = None, at: datetime, by: str) -> int:
    """Expired and recalled units that could be sold can be sold no more; returns how many. Promises that do
    not hold any more are broken, the newest first, and their orders are served anew. `skus`: only these.

    Done again it does nothing. Tells LotQuarantined for each place.
    """
    asked = {"skus": None if skus is None else sorted(set(skus)), "at": at}
    with transaction.atomic():
        seen = [_Found._make(row) for row in sql.run(FOUND, asked)]
        if not seen:
            return 0
        lock_some({(one.sku_id, one.location_id) for one in seen})
        found = [one for one in (_Found._make(row) for row in sql.run(FOUND, asked)) if one in seen]
        run = secrets.token_hex(8)  # what lies there decides, so a key only has to be new
        moves = [
            Move(
                key=f"quarantine:{run}:{n}",
                sku_id=one.sku_id,
                quantity=one.units,
                source=one.place,
                target=one.place,
                because=one.because[:200],
                source_state=one.state,
                target_state=one.becomes,
                lot=one.lot,
                serial=one.serial,
            )
            for n, one in enumerate(found)
        ]
        post(moves, by=by, at=at, breaks_reservations=True)
        emit(
            LotQuarantined(
                subject=f"sku:{one.sku}",
                at=at,
                actor=by,
                source="stock",
                sku_id=one.sku_id,
                sku=one.sku,
                lot=one.lot,
                place=one.place,
                units=one.units,
                state=one.becomes,
                because=one.because,
            )
            for one in found
        )
    return sum(one.units for one in found)


def keep_out(heard: Sequence[StockArrived]) -> None:
    """The listener: units that became free to promise may be of a lot that is not: put back, put away, found
    by a count."""
    watched = [row[0] for row in sql.run(WATCHED, {"skus": sorted({event.sku_id for event in heard})})]
    if watched:
        quarantine(skus=watched, at=heard[-1].at, by="stock")


def carry_to_quarantine(
    sku: str,
    units: int,
    place: str,
    target: str,
    *,
    state: str,
    lot: str,
    serial: str = "",
    key: str,
    at: datetime,
    by: str,
) -> None:
    """Units of a lot in state expired or recalled are carried from where they lie to a quarantine bin of
    their site. The same key again does nothing. Raises NotFound, Invalid, NotThere, KeyReused."""
    if state not in (State.EXPIRED, State.RECALLED):
        raise Invalid(what="The units", errors={"state": "expired or recalled"})
    target = target if target.startswith(f"{site_of(place)}/") else f"{site_of(place)}/{target}"
    asked = {"sku": sku, "place": place, "lot": lot, "serial": serial, "state": state, "target": target}
    move = Move(
        key=f"carry:{key}",
        sku_id=0,
        quantity=units,
        source=place,
        target=target,
        because="carried to quarantine",
        source_state=state,
        target_state=state,
        lot=lot,
        serial=serial,
    )
    with transaction.atomic():
        found = sql.run(LYING, asked)
        if not found:
            raise NotFound(what="units", which=f"{sku} at {place}")
        _, sku_id, location, is_quarantine = found[0]
        if not is_quarantine:
            raise Invalid(what="The place", errors={"target": "a bin of kind quarantine of the same site"})
        lock_some([(sku_id, location)])
        done = sql.run("select from stock_movement where key = %s", (move.key,))
        held = sql.run(LYING, asked)[0][0]
        if not done and held < units:
            raise NotThere(held=held, sku=sku, lot=lot, state=state, place=place, units=units)
        post([Move(**{name: getattr(move, name) for name in Move.__struct_fields__} | {"sku_id": sku_id})],
             by=by, at=at)  # fmt: skip
        facts: list[Event] = [
            QuarantineCarried(
                subject=f"sku:{sku}",
                at=at,
                actor=by,
                sku_id=sku_id,
                sku=sku,
                lot=lot,
                units=units,
                source=place,
                target=target,
            )
        ]
        emit([] if done else facts)
