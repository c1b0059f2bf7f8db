"""Wave selection on the instances of the SBPO 2025 challenge, against the best known values."""

import json
import statistics
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from quartermaster.warehouse.rules.waves import Shelves, Wave, select


class Instance(NamedTuple):
    """`best` is the most units an aisle that anybody is known to have found; None when not told."""

    name: str
    shelves: Shelves
    best: float | None


def instances(files: Mapping[str, str]) -> list[Instance]:
    """Every `instance_*.txt`; the best known values stand in a JSON file by folder and name."""
    known: dict[str, Any] = {}
    for path, text in files.items():
        if path.endswith(".json") and "best" in path:
            known |= json.loads(text)
    found = []
    for path, text in sorted(files.items()):
        name = path.removesuffix(".txt")
        if name.rpartition("/")[2].startswith("instance_") and path.endswith(".txt"):
            told = known.get("/".join(name.split("/")[-2:]), known.get(name.rpartition("/")[2], {}))
            found.append(Instance(name, shelves(text), told.get("objective")))
    return found


def shelves(text: str) -> Shelves:
    """Counts of orders, SKUs and aisles; a row each: how many pairs, then SKU and units; then the bounds."""
    lines = text.splitlines()
    orders, _, aisles = map(int, lines[0].split())
    rows = []
    for line in lines[1 : 1 + orders + aisles]:
        _, *pairs = map(int, line.split())
        row: Counter[int] = Counter()
        for sku, units in zip(pairs[::2], pairs[1::2], strict=True):
            row[sku] += units
        rows.append(row)
    least, most = map(int, lines[1 + orders + aisles].split())
    return Shelves(rows[:orders], rows[orders:], least, most)


def measured(found: Sequence[Instance], seconds: float) -> dict[str, Any]:
    """Per instance the value, its share of the best known and the CPU seconds; `impossible` names those where
    there is no wave, or one that aisles or bounds do not allow."""
    rows: list[dict[str, Any]] = []
    for number, one in enumerate(found, 1):
        began = time.process_time()
        end = began + seconds
        wave = select(one.shelves, is_over=lambda end=end: time.process_time() > end)
        value = wave.units_per_aisle if wave else 0.0
        rows.append(
            {
                "name": one.name,
                "value": value,
                "best": one.best,
                "ratio": value / one.best if one.best else None,
                "units": wave.units if wave else 0,
                "aisles": len(wave.aisles) if wave else 0,
                "cpu_s": time.process_time() - began,
                "is_feasible": wave is not None and is_feasible(one.shelves, wave),
            }
        )
        print(f"{number} of {len(found)}: {one.name} {value:.2f}", file=sys.stderr, flush=True)
    ratios = [row["ratio"] for row in rows if row["ratio"] is not None]
    return {
        "instances": len(rows),
        "mean_ratio": statistics.fmean(ratios) if ratios else None,
        "worst_ratio": min(ratios, default=None),
        "impossible": [row["name"] for row in rows if not row["is_feasible"]],
        "each": rows,
    }


def is_feasible(asked: Shelves, wave: Wave) -> bool:
    """Counted anew: what the orders want lies in the aisles, and the units are within bounds."""
    wanted: Counter[int] = Counter()
    there: Counter[int] = Counter()
    for order in set(wave.orders):
        wanted.update(asked.orders[order])
    for aisle in set(wave.aisles):
        there.update(asked.aisles[aisle])
    return wanted <= there and asked.units_min <= wanted.total() == wave.units <= asked.units_max


def table(report: Mapping[str, Any]) -> list[str]:
    lines = [f"{'waves':24}{'units/aisle':>12}{'best':>10}{'ratio':>8}{'units':>8}{'aisles':>8}{'CPU s':>8}"]
    for row in report["each"]:
        best = "" if row["best"] is None else f"{row['best']:.2f}"
        ratio = "" if row["ratio"] is None else f"{row['ratio']:.4f}"
        wrong = "" if row["is_feasible"] else "  not feasible"
        lines.append(
            f"{row['name'][-23:]:24}{row['value']:>12.2f}{best:>10}{ratio:>8}{row['units']:>8,}"
            f"{row['aisles']:>8,}{row['cpu_s']:>8.1f}{wrong}"
        )
    if report["mean_ratio"] is not None:
        lines.append(f"mean {report['mean_ratio']:.4f}, worst {report['worst_ratio']:.4f}")
    return lines
