"""./qm demo"""

import argparse

NAME = "demo"
HELP = "the demo company: take it away again, or keep its shops selling (./qm up --demo makes it)"


def arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--wipe", action="store_true", help="empty the demo database completely")
    what.add_argument(
        "--alive",
        metavar="URL",
        default="",
        help="sell, pick and ship until stopped; ./qm up --demo runs this",
    )
    parser.add_argument("--yes", action="store_true", help="wipe without asking")


def run(args: argparse.Namespace) -> int:
    return _wipe(asks=not args.yes) if args.wipe else _live(args.alive)


def _wipe(*, asks: bool) -> int:
    import sys

    from quartermaster.commands.running import migrating
    from quartermaster.demo.mark import memory
    from quartermaster.demo.wipe import wipe

    memory()  # refuses before anybody is asked
    if asks:
        if not sys.stdin.isatty():
            print("qm: nobody is there to be asked. With --yes it is done without.", file=sys.stderr)
            return 2
        if input("Everything in this demo database will be gone. Type wipe to go on: ").strip() != "wipe":
            print("Nothing was touched.")
            return 1
    wipe()
    migrating.migrate()
    print("The demo is gone; the database is as new.")
    return 0


def _live(url: str) -> int:
    import signal
    import threading

    from quartermaster.commands.running import leash
    from quartermaster.demo.alive import live

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    leash.follow(stop.set)
    live(url, stop=stop)
    return 0
