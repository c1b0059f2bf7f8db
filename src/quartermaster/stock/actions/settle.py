"""Settle reservations: pending ones become consumed or released. The levels follow in the caller's hands."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from msgspec import Struct

from quartermaster.core import sql
from quartermaster.core.errors import Refused


class NotReserved(Refused):
    code = "not-reserved"
    message = "Claim {claim} has {held} × {sku} reserved, not {quantity}."
    remedy = "Reload: somebody else may have released or shipped them."


class Settle(Struct, frozen=True):
    """Units of a claim's pending reservations, whatever sites they are at; with `holder` only what that one
    holds. Parts that are settled together all name one, or none does."""

    claim: int
    sku_id: int
    quantity: int
    holder: int | None = None


class Taken(NamedTuple):
    """Units taken from one pending reservation; `rest` stays pending."""

    id: int
    sku_id: int
    location_id: int
    claim: int
    units: int
    rest: int


_TAKE = """
with part as materialized ({part}),
queue as (
  select r.id, r.sku_id, r.location_id, r.claim, r.quantity, p.quantity as needed,
    sum(r.quantity) over (partition by {group} order by r.holder {order}, r.id {order}) - r.quantity as before
  from part p join stock_reservation r on {on}
  where {which})
select id, sku_id, location_id, claim, least(quantity, needed - before)::bigint,
  (quantity - least(quantity, needed - before))::bigint
from queue where before < needed
order by id
"""

_OF_CLAIM = {
    "part": "select * from jsonb_to_recordset(%(parts)s::jsonb)"
    " as p(claim bigint, sku_id bigint, quantity bigint)",
    "group": "r.claim, r.sku_id",
    "on": "r.claim = p.claim and r.sku_id = p.sku_id",
    "which": "r.state = 'pending'",
}
OLDEST = _TAKE.format(**_OF_CLAIM, order="asc")
NEWEST = _TAKE.format(**_OF_CLAIM, order="desc")
NEWEST_OF_LEVEL = _TAKE.format(
    part="select * from jsonb_to_recordset(%(parts)s::jsonb)"
    " as p(sku_id bigint, location_id bigint, quantity bigint)",
    group="r.sku_id, r.location_id",
    on="r.sku_id = p.sku_id and r.location_id = p.location_id",
    which="r.state = 'pending'",
    order="desc",
)
OF_HOLDER = _TAKE.format(
    part="select * from jsonb_to_recordset(%(parts)s::jsonb)"
    " as p(claim bigint, holder bigint, sku_id bigint, quantity bigint)",
    group="r.claim, r.holder, r.sku_id",
    on="r.claim = p.claim and r.holder = p.holder and r.sku_id = p.sku_id",
    which="r.state = 'pending'",
    order="asc",
)
PICKED = _TAKE.format(
    **{**_OF_CLAIM, "which": "r.state = 'consumed' and r.settled_by like 'pick:%%'"}, order="desc"
)

# A reservation settled in part is split: the settled units get a row of their own.
MARK = """
with taken as materialized (
  select * from jsonb_to_recordset(%(taken)s::jsonb) as t(id bigint, units bigint, rest bigint)),
whole as (
  update stock_reservation r
  set state = %(state)s, settled_at = %(at)s, settled_by = %(key)s, because = %(because)s
  from taken t where r.id = t.id and t.rest = 0),
part as (
  update stock_reservation r set quantity = t.rest
  from taken t where r.id = t.id and t.rest > 0
  returning r.sku_id, r.location_id, t.units, r.claim, r.holder, r.per_unit, r.at)
insert into stock_reservation
  (sku_id, location_id, quantity, claim, holder, per_unit, at, state, settled_at, settled_by, because)
select sku_id, location_id, units, claim, holder, per_unit, at, %(state)s, %(at)s, %(key)s, %(because)s
from part
"""


def merged(parts: Iterable[Settle]) -> list[Settle]:
    """Parts of the same claim, SKU and holder added up, in lock order."""
    total: Counter[tuple[int, int, int | None]] = Counter()
    for part in parts:
        assert part.quantity > 0, "settle units, not their absence"
        total[part.sku_id, part.claim, part.holder] += part.quantity
    return [
        Settle(claim, sku_id, quantity, holder)
        for (sku_id, claim, holder), quantity in sorted(total.items(), key=_place)
    ]


def _place(part: tuple[tuple[int, int, int | None], int]) -> tuple[int, int, int]:
    (sku_id, claim, holder), _ = part
    return sku_id, claim, holder or 0


def take(parts: Sequence[Settle], *, first: Literal["oldest", "newest"]) -> list[Taken]:
    """Find the pending reservations that these parts come from. Raises NotReserved when a claim has less.

    `parts` are merged, and the caller holds the locks of their SKUs' levels.
    """
    has_holder = any(part.holder is not None for part in parts)
    query = OF_HOLDER if has_holder else OLDEST if first == "oldest" else NEWEST
    found = [Taken._make(row) for row in sql.run(query, {"parts": sql.rows(parts)})]
    needed: Counter[tuple[int, int]] = Counter()
    units: Counter[tuple[int, int]] = Counter()
    for part in parts:
        needed[part.claim, part.sku_id] += part.quantity
    for one in found:
        units[one.claim, one.sku_id] += one.units
    for (claim, sku_id), quantity in needed.items():
        if units[claim, sku_id] < quantity:
            code = sql.run("select code from catalog_sku where id = %s", (sku_id,))
            sku = code[0][0] if code else f"SKU {sku_id}"
            raise NotReserved(claim=claim, sku=sku, held=units[claim, sku_id], quantity=quantity)
    return found


def mark(
    taken: Iterable[Taken],
    state: Literal["consumed", "released"],
    *,
    because: str,
    at: datetime,
    key: str = "",
) -> None:
    """Settle what was taken. One statement."""
    batch = sql.rows({"id": one.id, "units": one.units, "rest": one.rest} for one in taken)
    sql.run(MARK, {"taken": batch, "state": state, "because": because, "at": at, "key": key})
