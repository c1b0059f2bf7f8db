"""Server time of every page of the console, over a company with a year of history."""

import argparse
import json
import os
import secrets
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, NamedTuple

from bench.arguments import at_least

HELP = "server time of every page of the console, at a million orders"
AIM_MS = 300
_TABS = ("attention", "ready", "due", "late", "on_hold", "backordered", "payment", "shipped")


class Page(NamedTuple):
    """A page under its name; `addresses` are asked for in turn."""

    name: str
    addresses: Sequence[str]


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
    add("--only", action="append", metavar="NAME", help="measure only this page (may be repeated)")
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

    from bench.pages import company
    from bench.pages.visitor import session

    call_command("migrate", verbosity=0)
    began = time.monotonic()
    company.fill(url, orders=args.orders, skus=args.skus, now=datetime.now(UTC))
    print(f"{args.orders:,} orders written in {time.monotonic() - began:.0f} s", file=sys.stderr)
    from bench.pages.slow import told
    from quartermaster.insight import actions as insight
    from quartermaster.wsgi import application

    cookie = session()
    if not args.only or "kpi" in args.only:
        began = time.monotonic()
        insight.refresh(at=datetime.now(UTC))  # as a worker does every five minutes
        print(f"the KPIs were refreshed in {time.monotonic() - began:.0f} s", file=sys.stderr)
    for page in _pages(args.orders, args.skus):
        if args.only and page.name not in args.only:
            continue
        taken, size = [], 0
        for n in range(args.requests + 1):
            address = page.addresses[n % len(page.addresses)]
            ms, size = _ask(application, address, cookie)
            taken.append(ms)
        first, *rest = taken
        p95 = statistics.quantiles(rest, n=20, method="inclusive")[-1]
        print(f"{page.name:<22}{statistics.median(rest):8.0f} {p95:8.0f} ms", file=sys.stderr)
        yield Measured(page.name, statistics.median(rest), p95, first, size)
        if args.explain and p95 > AIM_MS:
            print(told(lambda page=page: _ask(application, page.addresses[0], cookie)), file=sys.stderr)


def _pages(orders: int, skus: int) -> list[Page]:
    """The last orders, and some of the whole year, one after the other."""
    some = [f"/orders/SO-{orders - n * (orders // 97)}" for n in range(31)]
    codes = [f"/stock/B-{1 + n * (skus // 97):06}" for n in range(31)]
    return [
        Page("today", ["/"]),
        *(Page(f"orders {view}", [f"/orders?view={view}"]) for view in _TABS),
        Page("orders all", ["/orders"]),
        Page("orders of a channel", ["/orders?connection=shop-3"]),
        Page("order", some),
        Page("exceptions", ["/exceptions"]),
        Page("exceptions group", ["/exceptions/holds?of=address"]),
        Page("stock", ["/stock"]),
        Page("stock sku", codes),
        Page("kpi", ["/kpi"]),
        Page("messages", ["/messages"]),
        Page("search", [f"/search?q=00340{orders // 2:012}"]),
    ]


def _ask(application: Any, address: str, cookie: str) -> tuple[float, int]:
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
        "HTTP_COOKIE": cookie,
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
        f"{'page':<22}{'p50 ms':>8}{'p95 ms':>8}{'first':>8}{'kB':>7}",
    ]
    rows += [
        f"{page.name:<22}{page.p50_ms:>8.0f}{page.p95_ms:>8.0f}{page.first_ms:>8.0f}{page.size / 1000:>7.0f}"
        + ("  too slow" if page.p95_ms > AIM_MS else "")
        for page in measured
    ]
    return "\n".join(rows)
