"""All of a folder's files through the same code as ./qm import."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

MAPS: Final = Path(__file__).resolve().parents[2] / "examples" / "olist"
FILES: Final = (
    ("locations", "olist_sellers_dataset", "sellers"),
    ("products", "olist_products_dataset", "products"),
    ("customers", "olist_customers_dataset", "customers"),
    ("orders", "olist_orders_dataset", "orders"),
    ("order_lines", "olist_order_items_dataset", "lines"),
    ("payments", "olist_order_payments_dataset", "payments"),
    ("shipments", "olist_order_items_dataset", "shipments"),
    ("deliveries", "olist_orders_dataset", "deliveries"),
)
CONNECTION: Final = "olist"


class Step(NamedTuple):
    """One file under one map. new, changed, known and refused count rows."""

    kind: str
    file: str
    rows: int
    new: int
    changed: int
    known: int
    refused: int
    seconds: float


def bring_in(folder: Path, scratch: Path) -> Iterator[Step]:
    """Import every file, in order, each told when it is in. `scratch` takes the files of refused rows."""
    for kind, stem, name in FILES:
        yield _one(folder, kind, stem, name, scratch)


def found(folder: Path, stem: str) -> Path:
    """The file, plain or gzipped. Raises FileNotFoundError."""
    for path in (folder / f"{stem}.csv", folder / f"{stem}.csv.gz"):
        if path.exists():
            return path
    raise FileNotFoundError(f"{folder} has no {stem}.csv and no {stem}.csv.gz")


def _one(folder: Path, kind_name: str, stem: str, map_name: str, scratch: Path) -> Step:
    from django.utils.timezone import now

    from quartermaster.commands.running import importing
    from quartermaster.core.imports import load_map

    path, at, by = found(folder, stem), now(), "bench"
    began = time.perf_counter()
    kind = importing.kind_named(kind_name, connection=CONNECTION, at=at, by=by)
    columns = load_map(MAPS / f"{map_name}.toml", kind)
    errors = scratch / f"{stem}.{map_name}.errors.csv"
    _, report = importing.bring_in(kind, kind_name, path, columns=columns, errors=errors, at=at, by=by)
    return Step(
        kind_name,
        path.name,
        report.rows,
        report.taken - report.known - report.changed,
        report.changed,
        report.known,
        report.refused,
        time.perf_counter() - began,
    )
