"""One run: a throw-away database, then the measurements, which import models once Django is set up."""

import argparse
import importlib
import sys
import time
from collections.abc import Sequence

import msgspec

from bench.arguments import at_least

HELP = "signed webhooks through the river until they are promised, beside the bare database"
PARTS = ("intake", "river", "bare", "flat")


def arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--orders", type=at_least(20), default=20_000, help="orders through the river in each run (20000)")
    add("--prefill", type=at_least(20), default=100_000, help="orders in the tables before (100000)")
    add("--skus", type=at_least(10), default=10_000, help="SKUs of the shop (10000)")
    add("--only", action="append", choices=PARTS, help="measure only this (may be repeated)")
    add("--flat-full", action="store_true", help="cost per order up to 1,000,000 in the tables")
    add("--profile", metavar="FILE", default="", help="write where the time goes, and end")


class Wanted(msgspec.Struct, frozen=True):
    """What to measure and how much of it."""

    orders: int = 20_000
    prefill: int = 100_000
    skus: int = 10_000
    only: Sequence[str] = ()  # of PARTS; nothing: all of them
    flat_full: bool = False
    json: bool = False
    profile: str = ""

    def wants(self, part: str) -> bool:
        return not self.only or part in self.only


class Progress:
    """Lines on stderr, so that --json on stdout stays one document."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def say(self, text: str) -> None:
        print(f"[{time.monotonic() - self._began:5.0f} s] {text}", file=sys.stderr, flush=True)


def run(args: argparse.Namespace) -> int:
    """Returns the exit code: 0 measured and all true, 1 something was not done right."""
    ground = importlib.import_module("bench.river.ground")
    wanted = Wanted(
        orders=args.orders,
        prefill=args.prefill,
        skus=args.skus,
        only=tuple(args.only or ()),
        flat_full=args.flat_full,
        json=args.json,
        profile=args.profile,
    )
    progress = Progress()
    progress.say("making a database")
    with ground.made(skus=wanted.skus, statements=bool(wanted.profile)) as here:
        measure = importlib.import_module("bench.river.measure")
        return int(measure.measure(here, wanted, progress))
