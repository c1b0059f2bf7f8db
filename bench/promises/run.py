"""Promise a real shop's orders anew, with what was known each week, and count the promises kept."""

import argparse
import importlib
import json
import sys
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

HELP = "promises learned on a real shop's past, held against what happened next"
FIRST = date(2017, 7, 3)  # half a year lies before it
AIM_LOW, AIM_HIGH = 0.93, 0.97
STARTS = {
    "hand-over to doorstep": "order_delivered_carrier_date",
    "order to doorstep": "order_purchase_timestamp",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="DIR", type=Path, help="the CSV files of the shop")


def run(args: argparse.Namespace) -> int:
    """0 when 93 to 97 of a hundred promises are kept, 1 when not, 2 without files."""
    history = importlib.import_module("bench.promises.history")
    forward = importlib.import_module("bench.promises.forward")
    if not list(args.folder.glob("olist_orders_dataset.csv*")):
        print(f"qm: {args.folder} has no olist_orders_dataset.csv", file=sys.stderr)
        return 2
    told = []
    for name, column in STARTS.items():
        began = time.perf_counter()
        past = history.read(args.folder, start=column)
        promises = forward.made(past, first=FIRST, last=past[-1].start)
        asked = sum(one.start >= FIRST for one in past)
        told.append(figures(name, promises, asked) | {"seconds": round(time.perf_counter() - began, 1)})
    print(json.dumps(told, indent=1) if args.json else "\n\n".join(map(_table, told)))
    return 0 if all(AIM_LOW <= each["kept"] <= AIM_HIGH for each in told) else 1


def figures(name: str, promises: Sequence[Any], asked: int) -> dict[str, Any]:
    """kept: the share of promises kept; shop_kept: of those the shop made itself, for the same orders."""
    months: dict[str, list[bool]] = {}
    for one in promises:
        months.setdefault(f"{one.start:%Y-%m}", []).append(one.is_kept)
    return {
        "name": name,
        "promised": len(promises),
        "not_promised": asked - len(promises),
        "kept": _mean([one.is_kept for one in promises]),
        "days": _mean([(one.promised_on - one.start).days for one in promises]),
        "shop_kept": _mean([one.is_told_kept for one in promises]),
        "shop_days": _mean([one.told_days for one in promises]),
        "learned_on": {wide: sum(one.wide == place for one in promises) for place, wide in enumerate(LANES)},
        "months": {month: [len(kept), _mean(kept)] for month, kept in months.items()},
    }


LANES = (
    "the seller to the state",
    "the seller's state to the state",
    "anywhere to the state",
    "the seller to anywhere",
    "anywhere",
)


def _mean(values: Sequence[float]) -> float:
    return round(sum(values) / len(values), 4) if values else 0.0


def _table(told: dict[str, Any]) -> str:
    name, made, without = told["name"], told["promised"], told["not_promised"]
    rows = [
        f"{name}: {made:,} promised, {without:,} without enough to learn from ({told['seconds']} s)",
        f"  ours   kept {told['kept']:.1%}, {told['days']:.1f} days ahead ({AIM_LOW:.0%} to {AIM_HIGH:.0%})",
        f"  shop's kept {told['shop_kept']:.1%}, {told['shop_days']:.1f} days ahead",
    ]
    rows += [f"  {month}  {n:>6,}  {kept:.1%}" for month, (n, kept) in told["months"].items()]
    return "\n".join(rows)
