"""One database, one process, every station of the stream one after the other; then the doctor."""

import argparse
import json
import os
import secrets
import sys

from bench.arguments import at_least

HELP = "demo orders from signed webhook to delivered, through every station, then the doctor"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--orders", type=at_least(20), default=10_000, help="orders (10,000)")
    parser.add_argument("--skus", type=at_least(20), default=570, help="things of the assortment (570)")


def run(args: argparse.Namespace) -> int:
    """Exit code 1 when an order did not arrive or the doctor finds anything."""
    from quartermaster.commands.running import throwaway

    with throwaway.database("stream", durable=True) as made:
        os.environ.update(
            QM_HOME=str(made.folder / "home"),
            QM_DATABASE_URL=made.url,
            QM_SECRET_KEY=secrets.token_urlsafe(40),
            DJANGO_SETTINGS_MODULE="quartermaster.settings",
        )
        import django

        django.setup()
        from bench.stream.stations import through

        report = through(args.orders, args.skus, say=lambda text: print(text, file=sys.stderr, flush=True))
    print(json.dumps(report, indent=1) if args.json else _table(report))
    return 0 if report["delivered"] == report["orders"] and not report["broken"] else 1


def _table(report: dict[str, object]) -> str:
    stations = report["stations"]
    assert isinstance(stations, list)
    lines = [f"{'station':22} {'seconds':>8} {'orders/s':>9}  what is done"]
    for one in stations:
        lines.append(f"{one['station']:22} {one['seconds']:8.1f} {one['orders_per_s']:9.0f}  {one['does']}")
    lines.append(f"{'all of it':22} {report['seconds']:8.1f} {report['orders_per_s']:9.0f}")
    lines.append(
        f"{report['delivered']:,} of {report['orders']:,} orders delivered in {report['parcels']:,} parcels; "
        f"the doctor looked for {report['doctor_seconds']:.1f} s and found "
        f"{', '.join(report['broken']) if report['broken'] else 'nothing'}."  # type: ignore[arg-type]
    )
    return "\n".join(lines)
