"""./qm import"""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quartermaster.core.imports import Report

NAME = "import"
HELP = "bulk import from CSV (.csv or .csv.gz, UTF-8, header row); run it again and it does what is left"
KINDS = (
    "carrier_invoices",
    *("restrictions", "tariff"),
    *("locations", "bins", "products", "stock"),
    *("customers", "orders", "order_lines", "payments", "shipments", "deliveries", "reviews"),
)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", metavar="KIND", nargs="?", choices=KINDS, help=f"one of {', '.join(KINDS)}")
    parser.add_argument("files", metavar="FILE", nargs="*", type=Path)
    parser.add_argument(
        "--map", type=Path, metavar="MAP.toml", help='other column names: canonical = "their column"'
    )
    parser.add_argument("--dry-run", action="store_true", help="check every row, change nothing")
    parser.add_argument(
        "--connection",
        metavar="SLUG",
        default="history",
        help="what imported orders belong to; made when it is not there (history)",
    )
    parser.add_argument("--list", action="store_true", help="the latest imports, and what they made")
    parser.add_argument(
        "--undo", type=int, metavar="ID", help="take back what an import made, within 24 hours"
    )


def run(args: argparse.Namespace) -> int:
    """0 when every row was taken, 1 when some were refused, 2 when a file or the map cannot be used."""
    import sys

    from quartermaster.core.csvs import NotReadable
    from quartermaster.core.imports import BadMap, MissingColumns

    if args.list:
        return _list()
    if args.undo is not None:
        return _undo(args.undo)
    if not args.kind or not args.files:
        print("qm: say what to import: ./qm import KIND FILE…, --list, or --undo ID", file=sys.stderr)
        return 2
    refused = 0
    try:
        for path in args.files:
            refused += _import(args, path)
    except (NotReadable, BadMap, MissingColumns) as wrong:
        print(f"qm: {wrong.title}\n    {wrong.remedy}", file=sys.stderr)
        return 2
    return 1 if refused else 0


def errors_beside(path: Path) -> Path:
    """Where the refused rows of a file go: products.csv.gz has products.errors.csv beside it."""
    name = path.name.removesuffix(".gz").removesuffix(".csv")
    return path.with_name(f"{name}.errors.csv")


def _import(args: argparse.Namespace, path: Path) -> int:
    from django.db import transaction
    from django.utils.timezone import now

    from quartermaster.commands.running import importing
    from quartermaster.commands.running.person import person
    from quartermaster.commands.running.progress import Progress
    from quartermaster.core.imports import Columns, Kind, load_map, run
    from quartermaster.core.river import signal

    at, by = now(), person()
    progress = Progress(path.name)

    def tell(done: float, rows: int, refused: int) -> None:
        progress.tell(done, f"{rows:,} rows, {refused:,} refused")

    def columns_for(kind: Kind) -> Columns:
        return load_map(args.map, kind) if args.map else Columns()

    import_id = None
    try:
        if args.dry_run:
            with transaction.atomic():  # a connection made only to look is not kept
                kind = importing.kind_named(args.kind, connection=args.connection, at=at, by=by)
                report = run(
                    kind,
                    path,
                    columns=columns_for(kind),
                    errors=errors_beside(path),
                    dry_run=True,
                    tell=tell,
                )
                transaction.set_rollback(True)
        else:
            kind = importing.kind_named(args.kind, connection=args.connection, at=at, by=by)
            columns = columns_for(kind)
            import_id, report = importing.bring_in(
                kind, args.kind, path, columns=columns, errors=errors_beside(path), at=at, by=by, tell=tell
            )
    finally:
        progress.end()
        signal.wake()
    _tell(path, report, import_id)
    return report.refused


def _tell(path: Path, report: "Report", import_id: int | None) -> None:
    import sys

    would = "would be " if import_id is None else ""
    known = f"{report.known:,} of them changed nothing"
    if report.changed:
        known += f", {report.changed:,} changed what was there"
    counts = [f"{report.taken:,} {would}taken ({known})"]
    if report.refused:
        counts.append(f"{report.refused:,} refused")
    number = f" Import {import_id}." if import_id is not None else " Dry run."
    print(f"{path.name}: {report.rows:,} rows, {', '.join(counts)}.{number}")
    if report.ignored:
        print(f"    Columns not used: {', '.join(report.ignored)}")
    for example in report.examples:
        print(f"    Doubtful: {example}", file=sys.stderr)
    if report.doubts > len(report.examples):
        print(f"    … and {report.doubts - len(report.examples):,} more doubtful rows", file=sys.stderr)
    if report.errors:
        print(f"    What was refused, and why: {report.errors}. Correct it and import that file.")


def _list() -> int:
    from quartermaster.core.imports import runs

    for one in runs.latest():
        made = ", ".join(f"{count:,} {what}" for what, count in one.made.items()) or "nothing new"
        state = f"{one.rows:,} rows, {one.refused:,} refused"
        if one.withdrawn_at is not None:
            state = f"undone {one.withdrawn_at:%Y-%m-%d %H:%M}Z"
        elif one.finished_at is None:
            state = "not finished"
        print(f"{one.id:>6}  {one.at:%Y-%m-%d %H:%M}Z  {one.kind:<12} {one.file}  {state}; made: {made}")
    return 0


def _undo(import_id: int) -> int:
    from django.utils.timezone import now

    from quartermaster.commands.running import importing
    from quartermaster.commands.running.person import person

    done = importing.undo(import_id, at=now(), by=person())
    gone = ", ".join(f"{len(ids):,} {what}" for what, ids in done.made.items()) or "nothing"
    if done.left:
        count = sum(map(len, done.made.values()))
        gone = f"{count - len(done.left):,} of {count:,} {' and '.join(done.made)}"
    undone = "partly undone" if done.left else "undone"
    print(f"Import {done.id} of {done.file} is {undone}: {gone} taken back.")
    for name, because in done.left.items():
        print(f"    {name} stays: {because}.")
    if done.changed:
        print(f"    {done.changed:,} rows had changed what was there: that stays as it is now.")
    return 0
