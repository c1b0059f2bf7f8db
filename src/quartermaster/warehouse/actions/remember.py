"""Remember parcels of the past, in batches of plain structs: nothing moves in the ledger, nobody is woken.

Each call is one transaction and a constant number of statements, for thousands of parcels at once.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.events import record
from quartermaster.core.kept import Became, Kept, refused
from quartermaster.events import ParcelHandedOver
from quartermaster.warehouse.rules import history as rules
from quartermaster.warehouse.rules.history import PastHandOver, PastParcel

# It has left when somebody says when, or when its order is said to have been shipped. One that never left
# is not in our house: should its order be fulfilled here, it gets parcels of its own.
REMEMBER: Final = """
with told as (
  select t.*, o.id as order_id, o.placed_at, s.id as location_id, case when t.handed_over_at is not null
      or o.detail->'history'->>'state' in ('shipped', 'delivered', 'returned') then 'handed_over'
    else 'cancelled' end as state,
    coalesce(t.promised_on, o.promised_on) as on_day, coalesce(t.promised_by, o.promised_by) as by_moment,
    o.detail ? 'history' as is_past
  from jsonb_to_recordset(%(parcels)s::jsonb) as t(
    n int, "order" text, external_id text, location text, carrier text, service text, tracking_number text,
    weight_g int, promised_on date, promised_by timestamptz, ship_by timestamptz, packed_at timestamptz,
    handed_over_at timestamptz)
  left join orders_order o on o.connection_id = %(connection)s and o.external_id = t."order"
  left join stock_location s on s.code = t.location),
sound as (
  select * from told where is_past and (location = '' or location_id is not null)),
old as (
  select s.n, p.id, p.handed_over_at from sound s join warehouse_parcel p
    on p.order_id = s.order_id and p.external_id = s.external_id),
meant as (
  select p.id, coalesce(s.location_id, p.location_id) as location_id,
    coalesce(nullif(s.carrier, ''), p.carrier) as carrier,
    coalesce(nullif(s.service, ''), p.service) as service,
    coalesce(nullif(s.tracking_number, ''), p.tracking_number) as tracking_number,
    coalesce(s.weight_g, p.weight_g) as weight_g, coalesce(s.on_day, p.promised_on) as promised_on,
    coalesce(s.by_moment, p.promised_by) as promised_by, greatest(p.ship_by, s.ship_by) as ship_by,
    coalesce(s.packed_at, p.packed_at) as packed_at,
    coalesce(s.handed_over_at, p.handed_over_at) as handed_over_at,
    case when p.state = 'handed_over' then p.state else s.state end as state
  from sound s join old using (n) join warehouse_parcel p on p.id = old.id),
fresh as (
  insert into warehouse_parcel (
    order_id, external_id, location_id, state, weight_g, carrier, service, tracking_number, promised_on,
    promised_by, ship_by, made_at, packed_at, handed_over_at, handed_over_recorded_at, recorded_at)
  select order_id, external_id, location_id, state, weight_g, carrier, service, tracking_number, on_day,
    by_moment, ship_by, coalesce(packed_at, handed_over_at, placed_at), packed_at, handed_over_at,
    case when handed_over_at is not null then %(at)s end, %(at)s
  from sound s where not exists (select from old where old.n = s.n) order by n
  returning id, order_id, external_id),
changed as (
  update warehouse_parcel p set
    location_id = m.location_id, carrier = m.carrier, service = m.service, weight_g = m.weight_g,
    tracking_number = m.tracking_number, promised_on = m.promised_on, promised_by = m.promised_by,
    ship_by = m.ship_by, packed_at = m.packed_at, handed_over_at = m.handed_over_at, state = m.state,
    handed_over_recorded_at = case when m.handed_over_at is distinct from p.handed_over_at then %(at)s
      else p.handed_over_recorded_at end
  from meant m
  where p.id = m.id and (
      p.location_id, p.carrier, p.service, p.tracking_number, p.weight_g, p.promised_on, p.promised_by,
      p.ship_by, p.packed_at, p.handed_over_at, p.state)
    is distinct from (
      m.location_id, m.carrier, m.service, m.tracking_number, m.weight_g, m.promised_on, m.promised_by,
      m.ship_by, m.packed_at, m.handed_over_at, m.state)
  returning p.id)
select t.n, t.order_id, coalesce(fresh.id, old.id), case
  when t.order_id is null then 'lost'
  when not t.is_past then 'live'
  when t.location <> '' and t.location_id is null then 'nowhere'
  when fresh.id is not null then 'new'
  when changed.id is not null then 'changed'
  else 'same' end,
  t.handed_over_at is not null and old.handed_over_at is null
from told t left join fresh on fresh.order_id = t.order_id and fresh.external_id = t.external_id
  left join old using (n) left join changed on changed.id = old.id
order by t.n
"""
ITEMS: Final = """
with told as (
  select t.parcel_id, t.line, l.id as line_id, l.sku_id, coalesce(t.quantity, l.ordered) as quantity
  from jsonb_to_recordset(%s::jsonb) as t(parcel_id bigint, line text, quantity bigint)
  join warehouse_parcel p on p.id = t.parcel_id
  left join orders_line l on l.order_id = p.order_id and l.external_id = t.line),
fresh as (
  insert into warehouse_parcel_item (parcel_id, line_id, sku_id, quantity)
  select parcel_id, line_id, sku_id, quantity from told
  where line_id is not null and not exists (
    select from warehouse_parcel_item i where i.parcel_id = told.parcel_id and i.line_id = told.line_id)
  order by parcel_id, line_id
  returning parcel_id)
select parcel_id, line, '' from told where line_id is null
union all select distinct parcel_id, '', 'new' from fresh
"""
HANDED_OVER: Final = """
with found as materialized (
  select t.n, t.at, p.id, p.order_id, p.handed_over_at,
    o.detail ? 'history' and p.external_id <> '' and t.external_id in ('', p.external_id) as is_meant
  from jsonb_to_recordset(%(told)s::jsonb) as t(
    n int, "order" text, external_id text, at timestamptz, is_delivered boolean)
  join orders_order o on o.connection_id = %(connection)s and o.external_id = t."order"
  join warehouse_parcel p on p.order_id = o.id),
old as materialized (select * from found where is_meant)
update warehouse_parcel p set
  state = 'handed_over', handed_over_at = coalesce(old.at, p.handed_over_at),
  handed_over_recorded_at = case when old.at is not null then %(at)s else p.handed_over_recorded_at end
from old
where p.id = old.id
  and (p.state <> 'handed_over' or p.handed_over_at is distinct from coalesce(old.at, p.handed_over_at))
returning old.n, p.id, p.order_id, p.carrier, p.tracking_number,
  old.at is not null and old.handed_over_at is null
"""


@transaction.atomic
def remember_parcels(
    parcels: Sequence[PastParcel], *, connection_id: int, at: datetime, by: str, source: str = ""
) -> list[Kept]:
    """Keep parcels of orders that are remembered already, one answer for each.

    Several that name the same parcel are one: with all their lines, to be shipped by the latest of their
    times. `at` is when we learn of them.
    """
    answers: dict[int, Kept] = {}
    groups: dict[tuple[str, str], list[int]] = {}
    for n, parcel in enumerate(parcels):
        if wrong := rules.wrong_with(parcel):
            answers[n] = refused(wrong)
        else:
            groups.setdefault((parcel.order, parcel.external_id), []).append(n)
    merged = {group[0]: rules.together(parcels[n] for n in group) for group in groups.values()}
    rows = [{"n": n, **_row(parcel)} for n, parcel in merged.items()]
    left, items = [], []
    for n, order_id, parcel_id, became, has_left in sql.run(
        REMEMBER, {"parcels": sql.rows(rows), "connection": connection_id, "at": at}
    ):
        parcel = merged[n]
        answers[n] = _answer(parcel, order_id, parcel_id, became)
        if answers[n].id is None:
            continue
        if has_left:
            left.append((order_id, parcel_id, parcel.carrier, parcel.tracking_number, parcel.handed_over_at))
        items += [{"parcel_id": parcel_id, "line": line, "quantity": count} for line, count in parcel.lines]
    _keep_items(items, parcels, groups, answers)
    _tell(left, by=by, source=source)
    return [answers[n] for n in range(len(parcels))]


@transaction.atomic
def remember_hand_overs(
    told: Sequence[PastHandOver], *, connection_id: int, at: datetime, by: str, source: str = ""
) -> list[tuple[int, Kept]]:
    """Keep when carriers took parcels that are remembered already. Answers with each parcel that it changed
    something about, and the place in `told` it was told at; one that names no parcel changes nothing."""
    rows = [{"n": n, **msgspec.structs.asdict(one)} for n, one in enumerate(told)]
    changed = sql.run(HANDED_OVER, {"told": sql.rows(rows), "connection": connection_id, "at": at})
    left = [
        (order_id, parcel_id, carrier, number, told[n].at)
        for n, parcel_id, order_id, carrier, number, has_left in changed
        if has_left
    ]
    _tell(sorted(left, key=lambda one: one[:2]), by=by, source=source)
    return [
        (n, Kept(parcel_id, Became.NEW if has_left else Became.CHANGED))
        for n, parcel_id, _, _, _, has_left in sorted(changed)
    ]


def _row(parcel: PastParcel) -> dict[str, Any]:
    row = msgspec.structs.asdict(parcel)
    del row["lines"]
    return row


def _answer(parcel: PastParcel, order_id: int | None, parcel_id: int | None, became: str) -> Kept:
    match became:
        case "lost":
            return refused(f"order: there is no order {parcel.order}; import it first")
        case "live":
            return refused(f"SO-{order_id} came in over its connection: its parcels are our own")
        case "nowhere":
            return refused(f"location: there is no location {parcel.location[:80]}")
    return Kept(parcel_id, Became(became))


def _keep_items(
    items: Sequence[dict[str, Any]],
    parcels: Sequence[PastParcel],
    groups: dict[tuple[str, str], list[int]],
    answers: dict[int, Kept],
) -> None:
    """What is in the parcels; and for each of the rows told, what became of it."""
    lost: dict[int, set[str]] = {}
    grown = set()
    for parcel_id, line, became in sql.run(ITEMS, (sql.rows(items),)) if items else ():
        if became:
            grown.add(parcel_id)
        else:
            lost.setdefault(parcel_id, set()).add(line)
    for first, *others in groups.values():
        kept = answers[first]
        if kept.became is Became.SAME and kept.id in grown:
            kept = answers[first] = Kept(kept.id, Became.CHANGED)
        for n in others:
            answers[n] = kept if kept.id is None else Kept(kept.id, Became.SAME)
        for n in (first, *others) if kept.id in lost else ():
            missing = [line for line, _ in parcels[n].lines if line in lost[kept.id or 0]]
            if missing:
                why = f"line: {parcels[n].order} has no line {missing[0]}; import the order lines first"
                answers[n] = Kept(kept.id if kept.is_new and n == first else None, Became.REFUSED, why)


def _tell(left: Sequence[tuple[int, int, str, str, datetime | None]], *, by: str, source: str) -> None:
    record(
        ParcelHandedOver(
            subject=f"order:SO-{order_id}",
            at=handed_over_at,
            actor=by,
            source=source,
            order_id=order_id,
            parcel_id=parcel_id,
            carrier=carrier,
            tracking_number=tracking_number,
        )
        for order_id, parcel_id, carrier, tracking_number, handed_over_at in left
        if handed_over_at is not None
    )
