"""Tours and batches against the best that is published. No database: these rules are pure."""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bench.arguments import at_least
from bench.files import texts
from bench.picking.waves import table as waves_table

HELP = "tours and batches of published picking instances, against the best known"
PARTS = ("routing", "scattered", "batching", "waves")
NOTHING = 1e-6
SEARCH_S = 1  # CPU seconds to choose among places


def arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("folder", metavar="DIR", type=Path, help="the instances: .txt and .csv, or .tar.gz with them")
    add("--seconds", type=at_least(1), default=10, help="CPU seconds to search for batches, an instance (10)")
    add("--wave-seconds", type=at_least(1), default=20, help="CPU seconds to search for a wave (20)")
    add("--every", type=at_least(1), default=1, help="only every so many instances (1)")
    add("--only", action="append", choices=PARTS, help="measure only this (may be repeated)")


def run(args: argparse.Namespace) -> int:
    """Exit code 1 when a tour is not optimal, or shorter than proven possible: then a distance is wrong. And
    when no wave is found where there is one, or one that cannot be picked."""
    from bench.picking import files, strategies, waves

    found = texts(args.folder)
    wanted = args.only or PARTS
    routings = list(files.routings(found))
    report: dict[str, Any] = {}
    if "routing" in wanted:
        report["routing"] = _gaps([one for one in routings if not one.is_scattered][:: args.every], _tour)
    if "scattered" in wanted:
        report["scattered"] = _gaps([one for one in routings if one.is_scattered][:: args.every], _tour)
    if "batching" in wanted:
        orders = list(files.batchings(found))[:: args.every]
        report["batching"] = _gaps(orders, lambda one: _batches(one, args.seconds))
        came = [one.first_come / one.best - 1 for one in orders]
        report["batching"]["first come, S-shape"] = statistics.fmean(came) if came else None
        report["strategies"] = strategies.compared(orders)
    if "waves" in wanted:
        report["waves"] = waves.measured(waves.instances(found)[:: args.every], args.wave_seconds)
    print(json.dumps(report, indent=1) if args.json else _table(report))
    is_optimal = report.get("routing", {}).get("equal") == report.get("routing", {}).get("instances")
    return 0 if is_optimal and not any(part["impossible"] for part in report.values()) else 1


def _tour(one: Any) -> float:
    from quartermaster.warehouse.rules.routing import choose, in_aisles, shortest

    stops = choose(one.layout, one.places, is_over=_after(SEARCH_S))
    return shortest(one.layout, in_aisles(stops)).length


def _batches(one: Any, seconds: float) -> float:
    from quartermaster.warehouse.rules.batching import batch
    from quartermaster.warehouse.rules.routing import in_aisles, shortest

    sizes = [len(order) for order in one.orders]
    batches = batch(one.layout, one.orders, sizes, one.capacity, is_over=_after(seconds))
    assert sorted(order for each in batches for order in each) == list(range(len(one.orders)))
    assert all(sum(sizes[order] for order in each) <= one.capacity for each in batches)
    return sum(
        shortest(one.layout, in_aisles(stop for order in each for stop in one.orders[order])).length
        for each in batches
    )


def _after(seconds: float) -> Callable[[], bool]:
    """True when this process has used so much CPU from now on: other work on the machine does not count."""
    end = time.process_time() + seconds
    return lambda: time.process_time() > end


def _gaps(instances: Sequence[Any], length: Callable[[Any], float]) -> dict[str, Any]:
    """How much longer than the best known. impossible: shorter than what is proven to be the shortest."""
    gaps, took, impossible = [], [], []
    for number, one in enumerate(instances, 1):
        began = time.process_time()
        gaps.append(length(one) / one.best - 1)
        took.append(time.process_time() - began)
        if one.is_proven and gaps[-1] < -NOTHING:
            impossible.append(one.name)
        if sys.stderr.isatty() or number % 20 == 0:
            print(f"{number} of {len(instances)}: {one.name} {gaps[-1]:+.2%}", file=sys.stderr, flush=True)
    return {
        "instances": len(gaps),
        "equal": sum(gap < NOTHING for gap in gaps),
        "mean_gap": statistics.fmean(gaps) if gaps else None,
        "worst_gap": max(gaps, default=None),
        "median_cpu_s": statistics.median(took) if took else None,
        "impossible": impossible,
    }


def _table(report: dict[str, Any]) -> str:
    lines = [f"{'':12}{'instances':>10}{'equal':>8}{'mean gap':>10}{'worst':>9}{'CPU s':>9}"]
    for name, part in report.items():
        if part.get("instances") and "equal" in part:
            lines.append(
                f"{name:12}{part['instances']:>10,}{part['equal']:>8,}{part['mean_gap']:>10.2%}"
                f"{part['worst_gap']:>9.2%}{part['median_cpu_s']:>9.3f}"
            )
    came = report.get("batching", {}).get("first come, S-shape")
    if came is not None:
        lines.append(f"\nBatches as the orders came, tours in S-shape: {came:+.1%}")
    for name, gap in report.get("strategies", {}).get("mean_gap", {}).items():
        lines.append(f"The same batches, tours {name}: {gap:+.1%}")
    if report.get("waves", {}).get("instances"):
        lines += ["", *waves_table(report["waves"])]
    return "\n".join(lines)
