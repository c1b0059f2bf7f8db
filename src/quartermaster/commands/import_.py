"""./qm import"""

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quartermaster.core.imports import Kind, Report

NAME = "import"
HELP = "bulk import from CSV (.csv or .csv.gz, UTF-8, header row); run it again and it does what is left"
LATER = ("orders", "order_lines", "payments", "shipments", "reviews", "customers")
KINDS = ("locations", "products", "stock")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", metavar="KIND", choices=(*KINDS, *LATER), help=f"one of {', '.join(KINDS)}")
    parser.add_argument("files", metavar="FILE", nargs="+", type=Path)
    parser.add_argument(
        "--map", type=Path, metavar="MAP.toml", help='other column names: canonical = "their column"'
    )
    parser.add_argument("--dry-run", action="store_true", help="check every row, change nothing")


def run(args: argparse.Namespace) -> int:
    """0 when every row was taken, 1 when some were refused, 2 when a file or the map cannot be used."""
    import sys

    from quartermaster.core.csvs import NotReadable
    from quartermaster.core.imports import BadMap, Columns, MissingColumns, load_map

    if args.kind in LATER:
        print(
            f"qm: {args.kind} cannot be imported yet. What can: {', '.join(KINDS)}. Orders come in over a "
            "connection: ./qm connect --list",
            file=sys.stderr,
        )
        return 2
    refused = 0
    try:
        columns = load_map(args.map, kinds()[args.kind]()) if args.map else Columns()
        for path in args.files:
            refused += _import(args.kind, path, columns, dry_run=args.dry_run)
    except (NotReadable, BadMap, MissingColumns) as wrong:
        print(f"qm: {wrong.title}\n    {wrong.remedy}", file=sys.stderr)
        return 2
    return 1 if refused else 0


def kinds() -> Mapping[str, Callable[[], "Kind"]]:
    """What can be imported, each made for now and for whoever is at the command line."""
    from django.utils.timezone import now

    from quartermaster.catalog.actions.import_products import Products
    from quartermaster.commands.running.person import person
    from quartermaster.stock.actions.import_counts import Counts
    from quartermaster.stock.actions.import_locations import Locations

    return {
        "locations": lambda: Locations(at=now(), by=person()),
        "products": lambda: Products(at=now(), by=person()),
        "stock": lambda: Counts(at=now(), by=person()),
    }


def errors_beside(path: Path) -> Path:
    """Where the refused rows of a file go: products.csv.gz has products.errors.csv beside it."""
    name = path.name.removesuffix(".gz").removesuffix(".csv")
    return path.with_name(f"{name}.errors.csv")


def _import(kind: str, path: Path, columns: object, *, dry_run: bool) -> int:
    from quartermaster.commands.running.progress import Progress
    from quartermaster.core.imports import Columns, run
    from quartermaster.core.river import signal

    assert isinstance(columns, Columns)
    progress = Progress(path.name)
    try:
        report = run(
            kinds()[kind](),
            path,
            columns=columns,
            errors=errors_beside(path),
            dry_run=dry_run,
            tell=lambda done, rows, refused: progress.tell(done, f"{rows:,} rows, {refused:,} refused"),
        )
    finally:
        progress.end()
        signal.wake()
    _tell(path, report, dry_run=dry_run)
    return report.refused


def _tell(path: Path, report: "Report", *, dry_run: bool) -> None:
    import sys

    would = "would be " if dry_run else ""
    counts = [f"{report.taken:,} {would}taken ({report.known:,} of them changed nothing)"]
    if report.refused:
        counts.append(f"{report.refused:,} refused")
    print(f"{path.name}: {report.rows:,} rows, {', '.join(counts)}." + (" Dry run." if dry_run else ""))
    if report.ignored:
        print(f"    Columns not used: {', '.join(report.ignored)}")
    for example in report.examples:
        print(f"    Doubtful: {example}", file=sys.stderr)
    if report.doubts > len(report.examples):
        print(f"    … and {report.doubts - len(report.examples):,} more doubtful rows", file=sys.stderr)
    if report.errors:
        print(f"    What was refused, and why: {report.errors}. Correct it and import that file.")
