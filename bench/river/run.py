"""One run: a throw-away database, then the measurements, which import models once Django is set up."""

import importlib
import sys
import time
from collections.abc import Sequence

import msgspec

from bench.river import ground

PARTS = ("intake", "river", "bare", "flat")


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


def run(wanted: Wanted) -> int:
    """Returns the exit code: 0 measured and all true, 1 something was not done right."""
    progress = Progress()
    progress.say("making a database")
    with ground.made(skus=wanted.skus, statements=bool(wanted.profile)) as here:
        measure = importlib.import_module("bench.river.measure")
        return int(measure.measure(here, wanted, progress))
