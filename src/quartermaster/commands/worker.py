"""./qm worker"""

import argparse

NAME = "worker"
HELP = "one worker process, for running many"
PROCESS = "worker"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help="work on what is there now, then end")


def run(args: argparse.Namespace) -> int:
    import signal
    import threading

    from quartermaster.commands.running import leash
    from quartermaster.core.river import clock, worker

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    leash.follow(stop.set)
    jobs = threading.Thread(target=clock.run, kwargs={"stop": stop}, name="coarse-jobs", daemon=True)
    if not args.once:
        jobs.start()
    worker.run(stop=stop, once=args.once)
    if not args.once:
        jobs.join(15)
    return 0
