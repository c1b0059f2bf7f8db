"""Look at every product of a large catalog: how long that takes, how much memory, what its pages cost."""

import argparse
import json
import os
import resource
import secrets
import sys
import time
from collections.abc import Callable
from typing import Any

from bench.arguments import at_least

HELP = "the data of all products looked at, and what is found of it read"
CHANGED = 2000  # at once, as by a table


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--skus", type=at_least(1000), default=100_000, help="SKUs (100,000)")


def run(args: argparse.Namespace) -> int:
    """Exit code 1 when something is found that the rules do not give, or left out."""
    from quartermaster.commands.running import throwaway

    with throwaway.database("quality", durable=True) as made:
        os.environ.update(
            QM_HOME=str(made.folder / "home"),
            QM_DATABASE_URL=made.url,
            QM_SECRET_KEY=secrets.token_urlsafe(40),
            DJANGO_SETTINGS_MODULE="quartermaster.settings",
        )
        measured = _measure(args.skus)
    print(json.dumps(measured, indent=1) if args.json else _table(measured))
    return 1 if measured["wrong"] else 0


def _measure(skus: int) -> dict[str, Any]:
    import django

    django.setup()
    from django.core.management import call_command

    from bench.quality import goods
    from quartermaster.core import sql
    from quartermaster.quality.actions import look_at_all, weigh
    from quartermaster.quality.actions.lint import mark
    from quartermaster.quality.queries import invariants

    call_command("migrate", verbosity=0)
    goods.fill(skus)
    told: dict[str, Any] = {"skus": skus}
    for name in ("first_s", "again_s"):
        look_at_all()
        told[name] = _timed(_look)
    told["skus_per_s"] = skus / told["first_s"]
    some = [sku for (sku,) in sql.run("select id from catalog_sku order by id limit %s", (CHANGED,))]
    mark(some)
    told["changed_s"] = _timed(_look)
    told["memory_mb"] = _peak_mb()
    told["weigh_s"] = _timed(weigh)
    sql.run("analyze")
    told["pages_ms"] = {name: 1000 * min(_timed(read) for _ in range(3)) for name, read in _pages().items()}
    ((told["findings"],),) = sql.run("select count(*) from quality_finding")
    told["wrong"] = [row for _, _, check in invariants.INVARIANTS for row in check()]
    return told


def _look() -> None:
    from quartermaster.quality.actions import lint_dirty

    done = 0
    while here := lint_dirty():
        done += here
        print(f"\r{done:,} looked at", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)


def _pages() -> dict[str, Callable[[], object]]:
    """What the pages of /products read."""
    from quartermaster.quality.queries import differences, findings, rows

    columns = ("title", "weight_g", "barcodes")
    return {
        "causes": findings.counts,
        "score of all": findings.stands,
        "what to mend first": findings.worth_mending,
        "a cause": lambda: findings.findings(cause="no-cost"),
        "a cause, with a fix": lambda: findings.findings(cause="weight-off", show="fixable"),
        "a product": lambda: findings.grade("B-0000700"),
        "differences": lambda: (differences.counts(), differences.differences("title")),
        "the table": lambda: rows.product_rows(columns, limit=40),
        "the table of a cause": lambda: rows.product_rows(columns, cause="weight-off", limit=40),
        "the table, nothing found": lambda: rows.product_rows(columns, q="zzz", limit=40),
    }


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _table(told: dict[str, Any]) -> str:
    rows = [
        f"{told['skus']:,} SKUs looked at in {told['first_s']:.1f} s ({told['skus_per_s']:,.0f} a second), "
        f"again in {told['again_s']:.1f} s; {told['findings']:,} findings",
        f"{CHANGED:,} changed at once: {told['changed_s']:.2f} s; what is at risk: {told['weigh_s']:.2f} s",
        f"memory of the process: {told['memory_mb']:.0f} MB at most",
        *(f"  {name:<26}{ms:8.0f} ms" for name, ms in told["pages_ms"].items()),
        *told["wrong"],
    ]
    return "\n".join(rows)
