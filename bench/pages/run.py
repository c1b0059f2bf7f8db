"""Server time of every page of the console and list of the API, over a company with a year of history."""

import argparse
import json
import os
import secrets
import statistics
import sys
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from fnmatch import fnmatch
from io import BytesIO
from typing import Any, NamedTuple

from bench.arguments import at_least

HELP = "server time of every page of the console, at a million orders"
AIM_MS = 300


class Measured(NamedTuple):
    """Milliseconds from the request to the last byte, and the size of the page in bytes."""

    name: str
    p50_ms: float
    p95_ms: float
    first_ms: float
    size: int


def arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--orders", type=at_least(1000), default=1_000_000, help="orders of the year (1,000,000)")
    add("--skus", type=at_least(100), default=100_000, help="SKUs (100,000)")
    add("--requests", type=at_least(2), default=30, help="requests of each page (30)")
    add(
        "--only",
        action="append",
        metavar="NAME",
        help="measure only these pages: a name, or *part* of names (may be repeated)",
    )
    add("--explain", action="store_true", help="print the slowest statement of each page that is too slow")


def run(args: argparse.Namespace) -> int:
    """Exit code 1 when a page misses the aim."""
    from quartermaster.commands.running import throwaway

    with throwaway.database("pages", durable=True) as made:
        os.environ.update(
            QM_HOME=str(made.folder / "home"),
            QM_DATABASE_URL=made.url,
            QM_SECRET_KEY=secrets.token_urlsafe(40),
            DJANGO_SETTINGS_MODULE="quartermaster.settings",
        )
        measured = list(_measure(made.url, args))
    print(json.dumps(_report(args, measured), indent=1) if args.json else _table(args, measured))
    return 0 if all(page.p95_ms <= AIM_MS for page in measured) else 1


def _measure(url: str, args: argparse.Namespace) -> Iterator[Measured]:
    import django

    django.setup()
    from django.core.management import call_command

    from bench.pages import addresses, company
    from bench.pages.visitor import session, token

    call_command("migrate", verbosity=0)
    began = time.monotonic()
    company.fill(url, orders=args.orders, skus=args.skus, now=datetime.now(UTC))
    print(f"{args.orders:,} orders written in {time.monotonic() - began:.0f} s", file=sys.stderr)
    from bench.pages.slow import told
    from quartermaster.wsgi import application

    signed = {"HTTP_COOKIE": session(), "HTTP_AUTHORIZATION": f"Bearer {token()}"}
    _as_workers_do(args)
    asked = [*addresses.pages(args.orders, args.skus), *addresses.groups(datetime.now(UTC))]
    for page in asked:
        if args.only and not any(fnmatch(page.name, wanted) for wanted in args.only):
            continue
        taken, size = [], 0
        for n in range(args.requests + 1):
            address = page.addresses[n % len(page.addresses)]
            ms, size = _ask(application, address, signed)
            taken.append(ms)
        first, *rest = taken
        p95 = statistics.quantiles(rest, n=20, method="inclusive")[-1]
        print(f"{page.name:<44}{statistics.median(rest):8.0f} {p95:8.0f} ms", file=sys.stderr)
        yield Measured(page.name, statistics.median(rest), p95, first, size)
        if args.explain and p95 > AIM_MS:
            print(told(lambda page=page: _ask(application, page.addresses[0], signed)), file=sys.stderr)


def _as_workers_do(args: argparse.Namespace) -> None:
    """What is counted by the clock, and read by pages."""
    from quartermaster.core.actions.report import keep_reports
    from quartermaster.insight import actions as insight
    from quartermaster.marketplaces import actions as marketplaces
    from quartermaster.outside.queries.board import all_times
    from quartermaster.shipping.queries.cartons import CARTONS_LATELY
    from quartermaster.tracking.queries.calibration import PROMISES
    from quartermaster.tracking.queries.scorecard import SCORES
    from quartermaster.warehouse.queries.counts import SETTLED_LATELY

    def reports(*, at: datetime) -> None:
        keep_reports((*SCORES, *PROMISES, CARTONS_LATELY, SETTLED_LATELY, *all_times()), at=at)

    chores = (
        (("kpi",), insight.refresh),
        (("marketplaces",), marketplaces.count),
        (("scorecard", "promises", "packaging", "counts", "outside"), reports),
    )
    for read_by, what in chores:
        if args.only and not any(name in one for one in args.only for name in read_by):
            continue
        began = time.monotonic()
        what(at=datetime.now(UTC))
        print(f"{', '.join(read_by)}: counted in {time.monotonic() - began:.0f} s", file=sys.stderr)


def _ask(application: Any, address: str, signed: Mapping[str, str]) -> tuple[float, int]:
    """(milliseconds, bytes) of one request through the real WSGI application."""
    path, _, query = address.partition("?")
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "localhost",
        **signed,
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.version": (1, 0),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    answered: list[str] = []
    began = time.perf_counter()
    answer = application(environ, lambda status, headers, error=None: answered.append(status))
    body = b"".join(answer)
    if hasattr(answer, "close"):
        answer.close()
    taken = (time.perf_counter() - began) * 1000
    if answered[0][:3] not in ("200", "302"):
        raise RuntimeError(f"{address} answered {answered[0]}")
    return taken, len(body)


def _report(args: argparse.Namespace, measured: list[Measured]) -> dict[str, Any]:
    return {
        "orders": args.orders,
        "skus": args.skus,
        "requests": args.requests,
        "aim_p95_ms": AIM_MS,
        "pages": [page._asdict() for page in measured],
    }


def _table(args: argparse.Namespace, measured: list[Measured]) -> str:
    rows = [
        f"{args.orders:,} orders, {args.skus:,} SKUs; {args.requests} requests of each page, one at a time",
        f"{'page':<44}{'p50 ms':>8}{'p95 ms':>8}{'first':>8}{'kB':>7}",
    ]
    rows += [
        f"{page.name:<44}{page.p50_ms:>8.0f}{page.p95_ms:>8.0f}{page.first_ms:>8.0f}{page.size / 1000:>7.0f}"
        + ("  too slow" if page.p95_ms > AIM_MS else "")
        for page in measured
    ]
    return "\n".join(rows)
