"""Import parcels of the past, with the days they left and arrived."""

from collections.abc import Sequence
from datetime import datetime

from quartermaster.core.imports import Given, Kind, Made, PastRows, Step, Taken
from quartermaster.core.kept import Became, Kept
from quartermaster.inbox.actions.history import History
from quartermaster.tracking.actions.remember import remember_deliveries, remember_under_way
from quartermaster.tracking.rules.history import PastDelivery
from quartermaster.warehouse.actions.remember import remember_hand_overs, remember_parcels
from quartermaster.warehouse.rules import rows
from quartermaster.warehouse.rules.history import PastHandOver, PastParcel

BATCH = 4000


class Shipments(Kind):
    """The kind of import named `shipments`."""

    columns = rows.COLUMNS
    required = rows.REQUIRED
    moments = rows.MOMENTS
    days = ("promised_on",)
    batch = BATCH
    rows_depend = False

    def __init__(self, history: History) -> None:
        self._history = history

    def steps(self, *, digest: str, name: str) -> Sequence[Step]:
        return [_Shipments(self._history, f"import {name}")]


class _Shipments:
    def __init__(self, history: History, source: str) -> None:
        self._told, self._source = history, source

    def wants(self, row: Given) -> bool:
        return True

    def take(self, given: Sequence[Given]) -> list[Taken]:
        told, source = self._told, self._source
        connection_id, at, by = told.connection_id, told.at, told.by

        touched: set[int] = set()

        def remember(parcels: Sequence[PastParcel]) -> list[Kept]:
            kept = remember_parcels(parcels, connection_id=connection_id, at=at, by=by, source=source)
            touched.update(one.id for one in kept if one.id and one.became is not Became.SAME)
            return kept

        taken = PastRows("parcel", rows.parcel, remember).take(given)
        came: dict[tuple[str, str], tuple[int, str]] = {}
        for n, (row, one) in enumerate(zip(given, taken, strict=True)):
            if row.cells["delivered_at"] and not one.why:
                name = row.cells["parcel"] or row.cells["tracking_number"]
                came[row.cells["order"], name] = n, row.cells["delivered_at"]
        taken = _delivered(taken, came, told, source)
        remember_under_way(touched)
        return taken


def _delivered(
    taken: list[Taken], came: dict[tuple[str, str], tuple[int, str]], told: History, source: str
) -> list[Taken]:
    """The parcels that arrived, as tracking keeps it; what that made is added to what became of the rows."""
    if not came:
        return taken
    places = [n for n, _ in came.values()]
    left = [PastHandOver(order=o, external_id=p, at=None, is_delivered=True) for o, p in came]
    arrived = [
        PastDelivery(order=o, external_id=p, at=datetime.fromisoformat(text))
        for (o, p), (_, text) in came.items()
    ]
    remember_hand_overs(left, connection_id=told.connection_id, at=told.at, by=told.by, source=source)
    for n, kept in remember_deliveries(
        arrived, connection_id=told.connection_id, at=told.at, by=told.by, source=source
    ):
        row = taken[places[n]]
        made: tuple[Made, ...] = (("delivery", kept.id),) if kept.is_new and kept.id else ()
        is_changed = row.is_changed or not row.is_new
        taken[places[n]] = row._replace(is_new=True, is_changed=is_changed, made=(*row.made, *made))
    return taken
