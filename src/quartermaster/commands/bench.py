"""./qm bench"""

import argparse
from collections.abc import Callable

NAME = "bench"
HELP = "the published benchmarks, each on a throw-away database of its own"
PREPARED = False
KINDS = ("river", "pages", "olist", "picking", "packing")
_THERE = ("river",)
PARTS = ("intake", "river", "bare", "flat")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", choices=KINDS, help="what to measure (so far: river)")
    parser.add_argument("folder", nargs="?", metavar="DIR", help="the data, for olist, picking and packing")
    parser.add_argument(
        "--orders", type=_at_least(20), default=20_000, help="orders through the river in each run (20000)"
    )
    parser.add_argument(
        "--prefill", type=_at_least(20), default=100_000, help="orders in the tables before (100000)"
    )
    parser.add_argument("--skus", type=_at_least(10), default=10_000, help="SKUs of the shop (10000)")
    parser.add_argument("--only", action="append", choices=PARTS, help="measure only this (may be repeated)")
    parser.add_argument(
        "--flat-full", action="store_true", help="cost per order up to 1,000,000 in the tables"
    )
    parser.add_argument("--json", action="store_true", help="one JSON document instead of tables")
    parser.add_argument("--profile", metavar="FILE", default="", help="write where the time goes, and end")


def run(args: argparse.Namespace) -> int:
    import importlib
    import sys

    from quartermaster.core.locations import ROOT

    if args.kind not in _THERE:
        print(
            f"qm: the benchmark {args.kind} is not there yet; so far: {', '.join(_THERE)}.", file=sys.stderr
        )
        return 2
    if not (ROOT / "bench").is_dir():
        print("qm: the benchmarks come with the repository, not with an installed package.", file=sys.stderr)
        return 2
    sys.path.insert(0, str(ROOT))
    river = importlib.import_module("bench.river.run")
    wanted = river.Wanted(
        orders=args.orders,
        prefill=args.prefill,
        skus=args.skus,
        only=tuple(args.only or ()),
        flat_full=args.flat_full,
        json=args.json,
        profile=args.profile,
    )
    return int(river.run(wanted))


def _at_least(least: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isdigit() or int(text) < least:
            raise argparse.ArgumentTypeError(f"must be a whole number from {least}")
        return int(text)

    return read
