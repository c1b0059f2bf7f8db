"""How full a container gets, against the best that is published, and real baskets into cartons. No database:
the rules are pure."""

import argparse
import csv
import io
import json
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from bench.arguments import at_least
from bench.files import texts
from bench.packing import baskets

HELP = "containers of published packing instances against the best known, and real baskets into cartons"
# The columns say which side comes to lie along which axis.
ROTATIONS = {
    "XYZ": (0, 1, 2),
    "YXZ": (1, 0, 2),
    "ZYX": (2, 1, 0),
    "YZX": (1, 2, 0),
    "XZY": (0, 2, 1),
    "ZXY": (2, 0, 1),
}
BLOCKS_S = 0.6  # of the time, at most, to join blocks


class Instance(NamedTuple):
    name: str
    room: Any
    pieces: list[Any]
    best: float


def arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("folder", metavar="DIR", type=Path, help="the instances: .csv, or .tar.gz with them")
    add("--seconds", type=at_least(1), default=5, help="CPU seconds an instance (5)")
    add("--every", type=at_least(1), default=1, help="only every so many instances (1)")
    add("--olist", metavar="DIR", type=Path, help="the baskets' files (else looked for in or beside DIR)")
    add("--orders", type=at_least(0), default=10_000, help="baskets to put into cartons (10000); 0: none")


def run(args: argparse.Namespace) -> int:
    """Exit code 1 when something lies in something else, sticks out, or lies as it must not."""
    from quartermaster.shipping.rules.packing import faults, fill

    ratios: dict[str, list[float]] = {}
    wrong = []
    for one in list(_instances(texts(args.folder)))[:: args.every]:
        began = time.process_time()
        filled = fill(
            one.room,
            one.pieces,
            is_over=lambda began=began: time.process_time() > began + args.seconds,
            blocks_over=lambda began=began: time.process_time() > began + BLOCKS_S,
        )
        if found := faults(one.room, one.pieces, filled.placed):
            wrong.append(f"{one.name}: {found[0]}")
        ratio = filled.volume / one.best
        ratios.setdefault(one.name.partition(".")[0], []).append(ratio)
        took = time.process_time() - began
        print(f"{one.name}: {ratio:.4f} of the best in {took:.1f} s", file=sys.stderr, flush=True)
    every = [ratio for each in ratios.values() for ratio in each]
    report: dict[str, Any] = {
        "sets": {name: statistics.fmean(each) for name, each in ratios.items()},
        "instances": len(every),
        "mean": statistics.fmean(every) if every else None,
        "least": min(every, default=None),
        "wrong": wrong,
    }
    olist = baskets.found(args.olist or args.folder) if args.orders else None
    if olist is not None:
        report["baskets"] = baskets.measure(olist, orders=args.orders)
        wrong += report["baskets"]["wrong"]
    print(json.dumps(report, indent=1) if args.json else _table(report))
    return 1 if wrong or not (every or olist) else 0


def _instances(files: dict[str, str]) -> Iterator[Instance]:
    """BR1 to BR7 of Bischoff and Ratcliff (1995): one container, as much volume as possible."""
    from quartermaster.shipping.rules.packing import Piece, Size

    known = {
        row["Path"].rpartition("/")[2]: float(row["Best known solution value"])
        for name, text in files.items()
        if name.endswith("best_known.csv")
        for row in csv.DictReader(io.StringIO(text))
        if row["Path"].startswith("bischoff")
    }
    by_name = {path.rpartition("/")[2]: text for path, text in files.items()}
    for name, best in sorted(known.items()):
        if f"{name}_items.csv" not in by_name:
            continue
        (room,) = csv.DictReader(io.StringIO(by_name[f"{name}_bins.csv"]))
        pieces = []
        for row in csv.DictReader(io.StringIO(by_name[f"{name}_items.csv"])):
            sides = [int(row[axis]) for axis in "XYZ"]
            lies = {
                Size(*(sides[n] for n in order))
                for axes, order in ROTATIONS.items()
                if row[f"ROTATION_{axes}"] == "1"
            }
            pieces.append(Piece(tuple(sorted(lies)), int(row["COPIES"])))
        yield Instance(name, Size(*(int(room[axis]) for axis in "XYZ")), pieces, best)


def _table(report: dict[str, Any]) -> str:
    lines = [f"{name:8}{ratio:>8.4f}" for name, ratio in report["sets"].items()]
    if report["instances"]:
        lines.append(
            f"{'all':8}{report['mean']:>8.4f}  least {report['least']:.4f}, {report['instances']} instances"
        )
    told = [f"{'':8}{'volume / best known':>20}", *lines, *report["wrong"]]
    if "baskets" in report:
        told += ["", baskets.table(report["baskets"])]
    return "\n".join(told)
