"""./qm up"""

import argparse

from quartermaster.commands.running.numbers import count, port_number

NAME = "up"
HELP = "database, migrations, web and workers in one go; prints the address and a one-time sign-in link"
PREPARED = False


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--demo", action="store_true", help="with the demo company, in a database of its own")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=port_number, default=8000, help="port to listen on (8000)")
    parser.add_argument("--workers", type=count, default=1, help="worker processes (1)")


def run(args: argparse.Namespace) -> int:
    import os
    import signal

    from quartermaster.commands.running import ground, listening
    from quartermaster.commands.running.supervisor import Supervisor

    listening.check_free(args.host, args.port)
    url = listening.url_of(args.host, args.port)
    os.environ.setdefault("QM_HOSTS", listening.trusted_hosts(args.host))
    os.environ.setdefault("QM_URL", url)
    address = ["--host", args.host, "--port", str(args.port)]
    commands = [["serve", *address], *[["worker"] for _ in range(args.workers)]]
    if args.demo:
        commands.append(["demo", "--alive", url])
    with ground.database(patience_s=30) as server:
        _migrate(is_demo=args.demo)
        with Supervisor(commands, server) as supervisor:
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                signal.signal(number, lambda *_: supervisor.stop.set())
            if supervisor.wait_until_ready(url):
                ground.keep_url(os.environ["QM_URL"])
                _say_hello(url)
                supervisor.watch()
    return 0


def _migrate(*, is_demo: bool) -> None:
    from quartermaster.commands.running import ground

    ground.set_up_django()
    from django.db import connections

    from quartermaster.commands.running import migrating

    migrating.migrate()
    if is_demo:
        _seed()
    connections.close_all()


def _seed() -> None:
    """Make the demo company, or go on with it. Raises InUse."""
    from quartermaster.commands.running.progress import Progress
    from quartermaster.demo.seed import seed

    progress = Progress("demo")
    try:
        seed(progress.tell)
    finally:
        progress.end()


def _say_hello(url: str) -> None:
    from django.db import connections

    from quartermaster.console.actions import login_link

    link = login_link()
    connections.close_all()
    print(f"Quartermaster is ready: {url}\nSign in (works once):   {link}\nStop with Ctrl-C.", flush=True)
