"""./qm serve"""

import argparse

from quartermaster.commands.running.numbers import count, port_number

NAME = "serve"
HELP = "one web process, for running many"
PREPARED = False
PROCESS = "web"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=port_number, default=8000, help="port to listen on (8000)")
    parser.add_argument("--threads", type=count, default=8, help="requests worked on at the same time (8)")


def run(args: argparse.Namespace) -> int:
    import os
    import signal

    from quartermaster.commands.running import ground, leash, listening

    leash.follow(lambda: os.kill(os.getpid(), signal.SIGTERM))
    listening.check_free(args.host, args.port, patience_s=3)
    os.environ["QM_THREADS"] = str(args.threads)
    os.environ.setdefault("QM_HOSTS", listening.trusted_hosts(args.host))
    with ground.database(patience_s=30):
        _serve(args)
    return 0


def _serve(args: argparse.Namespace) -> None:
    import multiprocessing
    import os

    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    from quartermaster.core.logs import logging_settings

    multiprocessing.set_start_method("spawn")  # a fork would take half of our threads with it
    Server(
        "quartermaster.commands.running.web:application",
        address=args.host,
        port=args.port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=args.threads,
        backlog=1024,
        backpressure=256,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        websockets=False,
        log_level=LogLevels.error,
        log_dictconfig=logging_settings(os.environ.get("QM_LOG", "text")),
    ).serve()
