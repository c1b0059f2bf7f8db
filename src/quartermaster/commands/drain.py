"""./qm drain"""

import argparse

NAME = "drain"
HELP = "work until nothing is pending"
PROCESS = "worker"
_POLL_S = 0.2


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--timeout", type=float, default=300, metavar="S", help="give up after S seconds (300)"
    )


def run(args: argparse.Namespace) -> int:
    """Work beside the workers that run, if any. 0 when quiet, 1 with what
    is left; stuck items are named, not waited for."""
    import sys
    import threading
    import time

    from quartermaster.core.river import worker

    stop, deadline = threading.Event(), time.monotonic() + args.timeout
    done, told_at = 0, time.monotonic()
    while True:
        done += worker.flow(stop, until=deadline)
        left = worker.pending()
        if time.monotonic() - told_at > 5:
            told_at = time.monotonic()
            print(f"qm: {done} done, left: {_listed(left)}", file=sys.stderr, flush=True)
        if not left or time.monotonic() > deadline:
            break
        time.sleep(_POLL_S)  # somebody else is at it, or it is due again later
    for name, count in worker.stuck().items():
        print(f"qm: {count} stuck in {name}: a person must look at it (/messages)", file=sys.stderr)
    if left:
        print(f"qm: not quiet after {args.timeout:g} s, left: {_listed(left)}", file=sys.stderr)
        return 1
    print(f"qm: quiet, {done} done")
    return 0


def _listed(left: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in left.items()) or "nothing"
