"""./qm connect"""

import argparse
from pathlib import Path

NAME = "connect"
HELP = "create or change a connection to an outside system, without asking questions"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", metavar="KIND", nargs="?", help="as --list shows")
    parser.add_argument("slug", metavar="SLUG", nargs="?", help="its name here and in its address: /in/SLUG")
    parser.add_argument(
        "--set",
        metavar="KEY=VALUE",
        nargs="+",
        action="extend",
        default=[],
        type=_pair,
        help="a setting; what is not named stays as it is, an empty value takes an optional one away",
    )
    parser.add_argument(
        "--set-from",
        metavar="KEY=FILE",
        nargs="+",
        action="extend",
        default=[],
        type=_pair,
        help="the same from a file, or - for standard input: keeps a secret off the command line",
    )
    state = parser.add_mutually_exclusive_group()
    state.add_argument("--pause", action="store_true", help="take no more messages until --resume")
    state.add_argument("--resume", action="store_true")
    state.add_argument("--list", action="store_true", help="the kinds with their settings, and what there is")


def run(args: argparse.Namespace) -> int:
    """0 done, 2 wrong usage with every setting that is wrong."""
    import sys

    from quartermaster.core.errors import NotFound

    if args.list:
        _list()
        return 0
    if not args.kind or not args.slug:
        print("qm: name a KIND and a SLUG, or see ./qm connect --list", file=sys.stderr)
        return 2
    try:
        _connect(args)
    except NotFound as wrong:
        print(f"qm: {wrong.title}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"qm: {error.filename}: {error.strerror}", file=sys.stderr)
        return 2
    return 0


def _connect(args: argparse.Namespace) -> None:
    from django.utils.timezone import now

    from quartermaster.commands.running.person import person
    from quartermaster.core import locations, plugs
    from quartermaster.inbox.actions import connect, pause, resume
    from quartermaster.inbox.ports import Webhooks

    given = {**dict(args.set), **{name: _read(source) for name, source in args.set_from}}
    connection = connect(args.kind, args.slug, given, at=now(), by=person())
    if args.pause or args.resume:
        switch = pause if args.pause else resume
        connection = switch(args.slug, at=now(), by=person())
    print(f"{connection.slug} ({connection.kind}) is {'connected' if connection.is_active else 'paused'}.")
    if plugs.plug(connection.kind).offer(Webhooks):  # type: ignore[type-abstract]  # looked up by protocol
        print(f"    Its webhooks go to {locations.known_url(locations.home())}/in/{connection.slug}")
    if connection.secret_names:
        print(f"    Secrets kept: {', '.join(connection.secret_names)}")


def _list() -> None:
    from quartermaster.core import plugs
    from quartermaster.inbox.queries import connections

    for plug in plugs.installed().values():
        print(f"{plug.kind}: {plug.title}")
        for field in plug.settings:
            marks = [*(["secret"] if field.is_secret else []), *([] if field.is_required else ["optional"])]
            print(f"    {field.name:18} {field.label}{f' ({", ".join(marks)})' if marks else ''}")
            if field.hint:
                print(f"    {'':18} {field.hint}")
    there = connections()
    print("\nConnections:" if there else "\nNo connection yet.")
    for connection in there:
        settings = ", ".join(f"{name}={value}" for name, value in sorted(connection.settings.items()))
        secret = ", ".join(f"{name} set" for name in connection.secret_names)
        state = "" if connection.is_active else ", paused"
        print(
            f"    {connection.slug} ({connection.kind}{state}): {'; '.join(filter(None, [settings, secret]))}"
        )


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise argparse.ArgumentTypeError(f"{text!r} is not written KEY=VALUE")
    return name, value


def _read(source: str) -> str:
    import sys

    return (sys.stdin.read() if source == "-" else Path(source).read_text(encoding="utf-8")).strip()
