"""One site sends another units: they leave, are under way, and are received like any other goods."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.errors import Invalid, NotFound, Refused
from quartermaster.core.events import emit
from quartermaster.core.quantities import QUANTITY_MAX
from quartermaster.events import TransferCancelled, TransferMade, TransferShipped
from quartermaster.inbound.actions.arrivals import UNDER_WAY, NewArrival, expect_arrival
from quartermaster.inbound.actions.rows import sku_ids
from quartermaster.stock.actions import Move, NotEnoughStock, State, post
from quartermaster.stock.actions.expect import expect
from quartermaster.stock.actions.lock import open_levels
from quartermaster.stock.queries.locations import location_id


class TransferOver(Refused):
    code = "transfer-over"
    message = "TR-{transfer} is {state}: it cannot be {wanted} any more."
    remedy = "Make another transfer, or close the arrival it became."


class Line(NamedTuple):
    sku_id: int
    sku: str
    wanted: int
    shipped: int


class Transfer(NamedTuple):
    id: int
    source: str
    source_id: int
    target: str
    target_id: int
    state: str
    arrival_id: int | None

    @property
    def transit(self) -> str:
        return f"{self.source}/IN-TRANSIT/TR-{self.id}"


TRANSFER = """
select t.id, s.code, s.id, g.code, g.id, t.state, a.id from inbound_transfer t
join stock_location s on s.id = t.source_id join stock_location g on g.id = t.target_id
left join inbound_arrival a on a.transfer_id = t.id where t.id = %s
"""
LINES = """
select l.sku_id, s.code, l.wanted, l.shipped from inbound_transfer_line l
join catalog_sku s on s.id = l.sku_id where l.transfer_id = %s order by l.sku_id
"""
SAVE = """
insert into inbound_transfer (source_id, target_id, because, made_at, made_by)
values (%s, %s, %s, %s, %s) returning id
"""
SAVE_LINES = """
insert into inbound_transfer_line (transfer_id, sku_id, wanted)
select %s, sku_id, units from jsonb_to_recordset(%s::jsonb) as w(sku_id bigint, units bigint) order by sku_id
"""
# What expires first leaves first.
SPOTS = """
select b.sku_id, p.code, b.lot, b.serial, b.quantity from stock_balance b
join stock_place p on p.id = b.place_id
left join stock_lot t on t.sku_id = b.sku_id and t.code = b.lot
where p.location_id = %(location)s and b.sku_id = any(%(skus)s) and b.state = 'available' and b.quantity > 0
order by b.sku_id, t.expires_on nulls last, p.code, b.lot, b.serial
"""
SHIPPED = """
update inbound_transfer_line l set shipped = w.units
from jsonb_to_recordset(%(lines)s::jsonb) as w(sku_id bigint, units bigint)
where l.transfer_id = %(id)s and l.sku_id = w.sku_id
"""
CLOSED = """
update inbound_arrival set state = 'cancelled', closed_at = %s, closed_because = %s where id = %s
"""


def make_transfer(
    source: str, target: str, lines: Mapping[str, int], *, because: str, at: datetime, by: str
) -> int:
    """Plan to send units (SKU code -> units) from one site to another. Nothing moves and nothing is promised
    by it before it is shipped. Returns its id. Raises NotFound, Invalid."""
    origin, goal = location_id(source), location_id(target)
    errors = {f"lines.{sku}": f"1 to {QUANTITY_MAX}" for sku, n in lines.items() if not 0 < n <= QUANTITY_MAX}
    if origin == goal:
        errors["target"] = "another site than the source"
    if not lines:
        errors["lines"] = "say what is to go"
    if not because.strip():
        errors["because"] = "say why"
    if errors:
        raise Invalid(what="The transfer", errors=errors)
    ids = sku_ids(list(lines))
    with transaction.atomic():
        made = int(sql.run(SAVE, (origin, goal, because.strip(), at, by))[0][0])
        rows = sql.rows({"sku_id": ids[sku], "units": units} for sku, units in lines.items())
        sql.run(SAVE_LINES, (made, rows))
        fact = TransferMade(
            subject=f"transfer:{made}",
            at=at,
            actor=by,
            transfer_id=made,
            source_site=source,
            target_site=target,
            units=sum(lines.values()),
            because=because.strip(),
        )
        emit([fact])
    return made


def ship_transfer(transfer_id: int, *, at: datetime, by: str) -> int:
    """All of it leaves: the units are under way, at no site to be sold, and incoming at the other. Returns
    the arrival they are received by. Shipped again it does nothing.

    Raises NotFound, TransferOver, NotEnoughStock, StockIsPromised (units that orders were promised stay).
    """
    with transaction.atomic():
        found, lines = _locked(transfer_id)
        if found.state != "open" and found.arrival_id is not None and found.state != "cancelled":
            return found.arrival_id
        if found.state != "open":
            raise TransferOver(transfer=transfer_id, state=found.state, wanted="shipped")
        post(_leaving(found, lines), by=by, at=at)
        rows = sql.rows({"sku_id": line.sku_id, "units": line.wanted} for line in lines)
        sql.run(SHIPPED, {"id": transfer_id, "lines": rows})
        sql.run(
            "update inbound_transfer set state = 'shipped', shipped_at = %s where id = %s", (at, transfer_id)
        )
        new = NewArrival(
            site=found.target,
            kind="transfer",
            lines={line.sku: line.wanted for line in lines},
            supplier=found.source,
            reference=f"TR-{transfer_id}",
            transfer_id=transfer_id,
        )
        arrival = expect_arrival(new, at=at, by=by)
        units = sum(line.wanted for line in lines)
        subject = f"transfer:{transfer_id}"
        emit([TransferShipped(subject=subject, at=at, actor=by, transfer_id=transfer_id, units=units)])
    return arrival


def cancel_transfer(transfer_id: int, *, because: str, at: datetime, by: str) -> None:
    """It does not go, or comes back before anything of it was received: then its units lie at their site
    again. Cancelled again it does nothing. Raises NotFound, Invalid, TransferOver."""
    if not because.strip():
        raise Invalid(what="The transfer", errors={"because": "say why"})
    with transaction.atomic():
        found, lines = _locked(transfer_id)
        if found.state == "cancelled":
            return
        if found.arrival_id is not None:
            sql.run("select from inbound_arrival where id = %s for no key update", (found.arrival_id,))
            begun = sql.run("select from inbound_receipt where arrival_id = %s limit 1", (found.arrival_id,))
            if found.state != "shipped" or begun:
                raise TransferOver(transfer=transfer_id, state=found.state, wanted="cancelled")
            post(_coming_back(found), by=by, at=at)
            sql.run("update inbound_transfer_line set shipped = 0 where transfer_id = %s", (transfer_id,))
            over = CLOSED
            sql.run(over, (at, because.strip(), found.arrival_id))
            expect({(line.sku_id, found.target_id): -line.shipped for line in lines}, at=at, by=by)
        sql.run(
            "update inbound_transfer set state = 'cancelled', done_at = %s where id = %s", (at, transfer_id)
        )
        fact = TransferCancelled(
            subject=f"transfer:{transfer_id}",
            at=at,
            actor=by,
            transfer_id=transfer_id,
            because=because.strip(),
        )
        emit([fact])


def _locked(transfer_id: int) -> tuple[Transfer, list[Line]]:
    """With the levels at both sites locked, then itself. Raises NotFound."""
    rows = sql.run(TRANSFER, (transfer_id,))
    if not rows:
        raise NotFound(what="transfer", which=f"TR-{transfer_id}")
    found = Transfer._make(rows[0])
    lines = [Line._make(row) for row in sql.run(LINES, (transfer_id,))]
    open_levels((line.sku_id, site) for line in lines for site in (found.source_id, found.target_id))
    sql.run("select from inbound_transfer where id = %s for no key update", (transfer_id,))
    now = Transfer._make(sql.run(TRANSFER, (transfer_id,))[0])
    return now, [Line._make(row) for row in sql.run(LINES, (transfer_id,))]


def _leaving(found: Transfer, lines: list[Line]) -> list[Move]:
    asked = {"location": found.source_id, "skus": [line.sku_id for line in lines]}
    spots = sql.run(SPOTS, asked)
    moves: list[Move] = []
    for line in lines:
        left = line.wanted
        for sku_id, place, lot, serial, held in spots:
            units = min(left, held) if sku_id == line.sku_id else 0
            if units:
                left -= units
                moves.append(
                    _move(found, f"ship:TR-{found.id}:{len(moves)}", sku_id, units, place, lot, serial)
                )
        if left:
            raise NotEnoughStock(
                source=found.source,
                quantity=line.wanted,
                sku=line.sku,
                held=line.wanted - left,
                move=f"TR-{found.id}",
            )
    return moves


def _move(found: Transfer, key: str, sku_id: int, units: int, place: str, lot: str, serial: str) -> Move:
    return Move(
        key=key,
        sku_id=sku_id,
        quantity=units,
        source=place,
        target=found.transit,
        because="sent to another site",
        target_state=State.IN_TRANSIT,
        lot=lot,
        serial=serial,
        document=f"transfer:TR-{found.id}",
    )


def _coming_back(found: Transfer) -> list[Move]:
    return [
        Move(
            key=f"back:TR-{found.id}:{n}",
            sku_id=sku_id,
            quantity=units,
            source=found.transit,
            target=found.source,
            because="came back",
            source_state=State.IN_TRANSIT,
            lot=lot,
            serial=serial,
            document=f"transfer:TR-{found.id}",
        )
        for n, (sku_id, lot, serial, units) in enumerate(sql.run(UNDER_WAY, (found.transit,)))
    ]
