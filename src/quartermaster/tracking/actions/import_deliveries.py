"""Import when parcels of the past left and arrived, told by parcel, by tracking number or by order."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from msgspec.structs import replace

from quartermaster.core import sql
from quartermaster.core.imports import Given, Kind, Made, Step, Taken
from quartermaster.inbox.actions.history import History
from quartermaster.tracking.actions.remember import remember_deliveries, remember_under_way
from quartermaster.tracking.rules import rows
from quartermaster.tracking.rules.history import PastDelivery, PastMoments
from quartermaster.warehouse.actions.remember import remember_hand_overs, remember_parcels
from quartermaster.warehouse.rules.history import WHOLE_ORDER, PastHandOver, PastParcel

BATCH = 4000
# What each row names: its order, and the parcel if it names one.
NAMED: Final = """
with told as (
  select * from jsonb_to_recordset(%(told)s::jsonb) as t(
    n int, "order" text, external_id text, tracking_number text)),
named as (
  select t.*, o.id as order_id from told t
  left join orders_order o on o.connection_id = %(connection)s and o.external_id = t."order"
  where t."order" <> ''
  union all
  select t.*, (
    select p.order_id from warehouse_parcel p join orders_order o on o.id = p.order_id
    where p.tracking_number = t.tracking_number and p.tracking_number <> '' and p.external_id <> ''
      and o.connection_id = %(connection)s order by p.id desc limit 1)
  from told t where t."order" = '')
select t.n, o.external_id, o.detail ? 'history', count(p.id), min(p.external_id)
from named t left join orders_order o on o.id = t.order_id
left join warehouse_parcel p on p.order_id = o.id and p.external_id <> ''
  and t.external_id in ('', p.external_id) and t.tracking_number in ('', p.tracking_number)
group by t.n, o.id order by t.n
"""


class Deliveries(Kind):
    """The kind of import named `deliveries`."""

    columns = rows.COLUMNS
    required = rows.REQUIRED
    moments = rows.MOMENTS
    batch = BATCH
    rows_depend = False

    def __init__(self, history: History) -> None:
        self._history = history

    def steps(self, *, digest: str, name: str) -> Sequence[Step]:
        return [_Deliveries(self._history, f"import {name}")]


class _Deliveries:
    def __init__(self, history: History, source: str) -> None:
        self._connection_id = history.connection_id
        self._as_told: dict[str, Any] = {
            "connection_id": history.connection_id,
            "at": history.at,
            "by": history.by,
            "source": source,
        }

    def wants(self, row: Given) -> bool:
        return True

    def take(self, given: Sequence[Given]) -> list[Taken]:
        taken: dict[int, Taken] = {}
        told: dict[int, PastMoments] = {}
        for n, row in enumerate(given):
            moments, errors = rows.moments(row.cells)
            if moments is None:
                taken[n] = Taken("; ".join(f"{column}: {what}" for column, what in errors.items()))
            elif not moments.is_told:
                taken[n] = Taken(is_new=False)  # nothing left and nothing came: nothing to keep
            else:
                told[n] = moments
        self._name(told, taken)
        made = self._keep(told)
        for n in told:
            new = made.get(n)
            taken[n] = Taken(is_new=new is not None, is_changed=not new, made=tuple(new or ()))
        return [taken[n] for n in range(len(given))]

    def _name(self, told: dict[int, PastMoments], taken: dict[int, Taken]) -> None:
        """Give every row the name of its order and, if it means one, its parcel; refuse what names nothing.
        An order without parcels gets one."""
        asked = [
            {"n": n, "order": x.order, "external_id": x.external_id, "tracking_number": x.tracking_number}
            for n, x in told.items()
        ]
        found = sql.run(NAMED, {"told": sql.rows(asked), "connection": self._connection_id})
        for n, order, is_past, parcels, parcel in found:
            one = told[n]
            if order is None:
                told.pop(n)
                name = one.order or one.tracking_number
                taken[n] = Taken(f"order: nothing is known of {name}; import its order and parcel first")
            elif not is_past:
                told.pop(n)
                taken[n] = Taken(f"order: {order} came in over its connection: its parcels are our own")
            elif not parcels and (one.external_id or one.tracking_number):
                told.pop(n)
                name = one.external_id or one.tracking_number
                taken[n] = Taken(f"parcel: order {order} has no parcel {name}; import it first")
            else:
                named = parcel if one.external_id or one.tracking_number or not parcels else ""
                told[n] = replace(one, order=order, external_id=named or ("" if parcels else WHOLE_ORDER))

    def _keep(self, told: Mapping[int, PastMoments]) -> dict[int, list[Made]]:
        """By row that changed something, what it made."""
        made: dict[int, list[Made]] = {}
        places = list(told)
        whole = [n for n in places if told[n].external_id == WHOLE_ORDER]
        parcels = [PastParcel(order=told[n].order, external_id=WHOLE_ORDER) for n in whole]
        if parcels:
            for n, kept in zip(whole, remember_parcels(parcels, **self._as_told), strict=True):
                if kept.is_new and kept.id:
                    made.setdefault(n, []).append(("parcel", kept.id))
        left = [
            PastHandOver(
                order=x.order,
                external_id=x.external_id,
                at=x.handed_over_at,
                is_delivered=x.delivered_at is not None,
            )
            for x in told.values()
        ]
        hand_overs = remember_hand_overs(left, **self._as_told)
        for n, kept in hand_overs:
            new = made.setdefault(places[n], [])
            if kept.is_new and kept.id:
                new.append(("hand_over", kept.id))
        arrived = [n for n in places if told[n].delivered_at is not None]
        came = [_arrival(told[n]) for n in arrived]
        for n, kept in remember_deliveries(came, **self._as_told):
            new = made.setdefault(arrived[n], [])
            if kept.is_new and kept.id:
                new.append(("delivery", kept.id))
        remember_under_way(kept.id for _, kept in hand_overs if kept.id)
        return made


def _arrival(told: PastMoments) -> PastDelivery:
    assert told.delivered_at is not None
    return PastDelivery(
        order=told.order,
        external_id=told.external_id,
        at=told.delivered_at,
        place=told.place,
        message=told.message,
    )
