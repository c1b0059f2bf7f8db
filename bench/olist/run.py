"""Import a folder twice, and hold every figure of its truth against our tables."""

import argparse
import importlib
import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any

import msgspec

HELP = "a real shop's history, imported twice and held against known figures"
AIM_SECONDS, AIM_MIB = 180, 500


class Outcome(msgspec.Struct):
    """steps: each file of the first import. figures: each compared. differs: tables the second changed.
    cpu_seconds: of this process and PostgreSQL. load: how many processes wanted a core meanwhile."""

    seconds: float
    cpu_seconds: float
    load: float
    peak_mib: float
    again_seconds: float
    steps: list[dict[str, Any]]
    figures: list[dict[str, Any]]
    differs: list[str]
    broken: list[str]  # invariants

    @property
    def is_true(self) -> bool:
        refused = any(step["refused"] for step in self.steps)
        equal = bool(self.figures) and all(figure["is_equal"] for figure in self.figures)
        return equal and not (refused or self.differs or self.broken)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="DIR", type=Path, help="the CSV files and ground_truth*.json")


def run(args: argparse.Namespace) -> int:
    """0 when every figure is equal and the second import changed nothing, 1 when not, 2 without data."""
    folder: Path = args.folder
    ground = importlib.import_module("bench.river.ground")
    if not any(folder.glob("ground_truth*.json")):
        print(f"qm: {folder} has no ground_truth*.json to compare with", file=sys.stderr)
        return 2
    with ground.made(skus=0) as here:
        outcome = measure(folder, here.scratch, postmaster=here.postmaster)
    if args.json:
        print(json.dumps(msgspec.to_builtins(outcome), default=str, indent=1))
    else:
        tell(outcome)
    return 0 if outcome.is_true else 1


def measure(folder: Path, scratch: Path, *, postmaster: int = 0) -> Outcome:
    """In the database that Django is set up for: import, import again, compare."""
    bringing = importlib.import_module("bench.olist.bring_in")
    unchanged = importlib.import_module("bench.olist.unchanged")
    comparing = importlib.import_module("bench.olist.compare")
    doctor = importlib.import_module("quartermaster.core.doctor")
    cpu = importlib.import_module("bench.river.cpu")
    pids = [pid for pid in (postmaster, os.getpid()) if pid]
    used_ms = sum(map(cpu.tree_ms, pids))
    began = time.perf_counter()
    steps = []
    for step in bringing.bring_in(folder, scratch):
        steps.append(step._asdict())
        _say(f"{step.kind} {step.file}: {step.rows:,} rows, {step.refused:,} refused, {step.seconds:.1f} s")
    seconds, peak_mib, load = time.perf_counter() - began, _peak_mib(), cpu.load()
    cpu_seconds = (sum(map(cpu.tree_ms, pids)) - used_ms) / 1000
    before = unchanged.content()
    began = time.perf_counter()
    again = list(bringing.bring_in(folder, scratch))
    again_seconds = time.perf_counter() - began
    after = unchanged.content()
    differs = [table for table in before if before[table] != after[table]]
    differs += [f"{step.kind}: {step.new + step.changed} rows" for step in again if step.new + step.changed]
    _say(f"once more: {again_seconds:.1f} s, {'nothing changed' if not differs else 'NOT the same'}")
    compared = [
        one
        for name, section in comparing.truths(folder).items()
        for one in comparing.compare(name, section, bringing.CONNECTION)
    ]
    broken = [f"{found.check}: {row}" for found in doctor.examine() for row in found.rows[:3]]
    figures = [one._asdict() for one in compared]
    return Outcome(seconds, cpu_seconds, load, peak_mib, again_seconds, steps, figures, differs, broken)


def tell(outcome: Outcome) -> None:
    for figure in outcome.figures:
        mark = "equal " if figure["is_equal"] else "DIFFER" if figure["ours"] is not None else "UNABLE"
        print(f"{mark}  {figure['name']:<52} {_short(figure['truth'])}  |  {_short(figure['ours'])}")
    equal = sum(figure["is_equal"] for figure in outcome.figures)
    print(f"\n{equal} of {len(outcome.figures)} figures are equal to the truth.")
    for line in (*outcome.differs, *outcome.broken):
        print(f"WRONG   {line}")
    print(f"The second import changed {'nothing' if not outcome.differs else 'something'}.")
    rows = sum(step["rows"] for step in outcome.steps)
    print(
        f"{rows:,} rows in {outcome.seconds:.0f} s (aim: {AIM_SECONDS}), {outcome.peak_mib:.0f} MiB at most "
        f"(aim: {AIM_MIB}); once more {outcome.again_seconds:.0f} s. "
        f"CPU: {outcome.cpu_seconds:.0f} s; load {outcome.load:.1f} on {os.cpu_count()} cores."
    )


def _short(value: object) -> str:
    text = json.dumps(value, default=float)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
