"""An import from the command line or a benchmark: its kind, its record, and how it is undone."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

from django.db import transaction

from quartermaster.catalog.actions.import_products import Products
from quartermaster.catalog.actions.import_restrictions import Restrictions
from quartermaster.catalog.actions.withdraw import withdraw_skus
from quartermaster.core.errors import Refused
from quartermaster.core.events import record
from quartermaster.core.imports import Columns, Kind, Report, run, runs
from quartermaster.core.imports.run import Told
from quartermaster.customers.actions import forget_customers
from quartermaster.customers.actions.import_customers import Customers
from quartermaster.events import HistoryImported, HistoryWithdrawn
from quartermaster.inbox.actions.history import History, history
from quartermaster.insight.jobs import refresh_soon
from quartermaster.orders.actions import remember as orders
from quartermaster.shipping.actions.import_invoices import Invoices
from quartermaster.shipping.actions.write_tariff import Tariff
from quartermaster.stock.actions.import_bins import Bins
from quartermaster.stock.actions.import_counts import Counts
from quartermaster.stock.actions.import_locations import Locations
from quartermaster.stock.actions.withdraw_bins import withdraw_bins
from quartermaster.stock.actions.withdraw_counts import withdraw_counts
from quartermaster.stock.actions.withdraw_sites import withdraw_sites
from quartermaster.support.actions.forget import forget_ratings, ratings_of_orders
from quartermaster.support.actions.import_reviews import Reviews
from quartermaster.tracking.actions.forget import (
    deliveries_of_parcels,
    forget_deliveries,
    forget_hand_overs,
    forget_parcels,
)
from quartermaster.tracking.actions.import_deliveries import Deliveries
from quartermaster.tracking.actions.import_shipments import Shipments
from quartermaster.warehouse.actions.forget import (
    parcels_of_lines,
    parcels_of_orders,
)

type Blocked = Sequence[str]
PLAIN: Final[Mapping[str, Callable[..., Kind]]] = {
    "locations": Locations,
    "bins": Bins,
    "products": Products,
    "stock": Counts,
    "restrictions": Restrictions,
    "tariff": Tariff,
    "carrier_invoices": Invoices,
}
PAST: Final[Mapping[str, Callable[[History], Kind]]] = {
    "customers": Customers,
    "orders": orders.Orders,
    "order_lines": orders.Lines,
    "payments": orders.Payments,
    "shipments": Shipments,
    "deliveries": Deliveries,
    "reviews": Reviews,
}
CONNECTION: Final = "history"


class NotUndone(Refused):
    code = "import-in-use"
    message = "Import {number} of {file} cannot be undone: {because}."
    remedy = "Nothing was changed. Undo what builds on it first, or correct it with another import."


class NoUndo(Refused):
    code = "no-undo"
    message = "Import {number} of {file} cannot be undone: {kind} are never deleted."
    remedy = "Import the file as it should have been, or switch off what is too much (active: no)."


def kind_named(name: str, *, connection: str, at: datetime, by: str) -> Kind:
    """A kind of import, made for now and for whoever asked."""
    if name in PLAIN:
        return PLAIN[name](at=at, by=by)
    return PAST[name](history(connection, at=at, by=by))


def bring_in(
    kind: Kind,
    name: str,
    path: Path,
    *,
    columns: Columns,
    errors: Path,
    at: datetime,
    by: str,
    tell: Told = lambda done, rows, refused: None,
) -> tuple[int, Report]:
    """Import a file and keep the record of it; answers its number and what came of it."""
    import_id = runs.begin(name, path.name, at=at, by=by)
    keep = partial(runs.keep, import_id)
    report = run(kind, path, columns=columns, errors=errors, tell=tell, keep=keep)
    with transaction.atomic():
        runs.finish(import_id, report)
        told = HistoryImported(
            subject=f"import:{import_id}",
            at=at,
            actor=by,
            import_id=import_id,
            what=name,
            rows=report.taken,
            file=path.name,
        )
        record([told])
        refresh_soon()
    return import_id, report


@transaction.atomic
def undo(import_id: int, *, at: datetime, by: str) -> runs.ToUndo:
    """Take back everything an import of the past made, or nothing. What it changed stays as it is now.

    Of products, locations, bins and stock those rows are taken back on which nothing stands by now; the
    others are `left`, each with its reason, and can be asked for again. Nothing of them is deleted: products,
    locations and bins are switched off, stock is posted back. Raises NotFound, TooLateToUndo, UndoneBefore,
    NoUndo, and NotUndone naming what stands in the way.
    """
    done = runs.to_undo(import_id, at=at)
    if done.kind in PLAIN:
        return _withdraw(done, at=at, by=by)
    for what, checks, forget in _forgetting(done.at):
        ids = done.made.get(what, ())
        blocked = [sentence for check in checks for sentence in check(ids)] if ids else []
        if blocked := [*blocked, *(forget(ids) if ids and not blocked else ())]:
            raise NotUndone(number=done.id, file=done.file, because="; ".join(blocked[:20]))
    return _undone(done, [one for some in done.made.values() for one in some], at=at, by=by)


def _withdraw(done: runs.ToUndo, *, at: datetime, by: str) -> runs.ToUndo:
    withdraw = _WITHDRAW.get(done.kind)
    if withdraw is None:
        raise NoUndo(number=done.id, file=done.file, kind=done.kind)
    ids = [one for some in done.made.values() for one in some]
    gone, left = withdraw(ids, done, at, by) if ids else (set(), {})
    if left and not gone:
        because = "; ".join(f"{name}: {why}" for name, why in list(left.items())[:20])
        raise NotUndone(number=done.id, file=done.file, because=because)
    return _undone(done._replace(left=left), gone, at=at, by=by)


_WITHDRAW: Final[Mapping[str, Callable[..., tuple[set[int], Mapping[str, str]]]]] = {
    "products": lambda ids, done, at, by: withdraw_skus(ids, made_at=done.at, number=done.id, at=at, by=by),
    "locations": lambda ids, done, at, by: withdraw_sites(ids, made_at=done.at, number=done.id, at=at, by=by),
    "bins": lambda ids, done, at, by: withdraw_bins(ids, made_at=done.at, at=at, by=by),
    "stock": lambda ids, done, at, by: withdraw_counts(ids, number=done.id, at=at, by=by),
}


def _undone(done: runs.ToUndo, gone: Collection[int], *, at: datetime, by: str) -> runs.ToUndo:
    if done.left:
        runs.keep_left(done, gone)
    else:
        runs.undone(done.id, at=at, by=by)
    subject = f"import:{done.id}"
    because = "undone by a person"
    told = HistoryWithdrawn(
        subject=subject, at=at, actor=by, import_id=done.id, rows=len(gone), because=because
    )
    record([told])
    refresh_soon()
    return done


type Forget = Callable[[Sequence[int]], Blocked]


def _forgetting(made_at: datetime) -> Sequence[tuple[str, Sequence[Forget], Forget]]:
    """What, what may stand in the way of it, and how it goes: those first that stand on others."""
    return (
        ("rating", (), forget_ratings),
        ("delivery", (), forget_deliveries),
        ("hand_over", (), forget_hand_overs),
        ("parcel", (deliveries_of_parcels,), forget_parcels),
        ("tender", (), orders.forget_tenders),
        ("line", (parcels_of_lines,), orders.forget_lines),
        (
            "order",
            (parcels_of_orders, ratings_of_orders),
            partial(orders.forget_orders, made_at=made_at),
        ),
        ("customer", (orders.orders_of_customers,), partial(forget_customers, made_at=made_at)),
    )
