"""What can be said on the command line. One module a command: drop it here and it is there.

A command module has NAME, HELP, `arguments(parser)` and `run(args) -> int` (0 done, 1 a check or rows failed,
2 wrong usage). It is imported to list the commands, so its heavy imports belong inside `run`. Before `run`
the database is started, and migrated when it is our own, and Django is set up, unless the module says
PREPARED = False. PROCESS names its database connections ("command" if not given). TAKES_MORE = True passes
unknown arguments on as `args.more`.
"""

import argparse
import importlib
import os
import pkgutil
import signal
import sys
from collections.abc import Sequence
from types import ModuleType

from quartermaster import __version__

_FIRST = ("up", "test")


def main(argv: Sequence[str]) -> int:
    """Parse and run one command. A refusal is printed, what happened and what to do now, and exits with 1;
    input that cannot be read, each field named, with 2."""
    args, more = _parser().parse_known_args(argv)
    module: ModuleType | None = getattr(args, "module", None)
    if module is None:
        _parser().print_help()
        return 2
    if more and not getattr(module, "TAKES_MORE", False):
        args.parser.error(f"unrecognised: {' '.join(more)}")  # exits with 2
    args.more = more
    os.environ["QM_PROCESS"] = getattr(module, "PROCESS", "command")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quartermaster.settings")
    return _run(module, args)


def _run(module: ModuleType, args: argparse.Namespace) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that whatever was started is stopped again
    from quartermaster.core.errors import Invalid, Refused

    try:
        if not getattr(module, "PREPARED", True):
            return int(module.run(args))
        from quartermaster.commands.running.ground import prepared

        with prepared():
            return int(module.run(args))
    except Invalid as wrong:
        problems = "".join(f"\n    {field}: {what}" for field, what in wrong.errors.items())
        print(f"qm: {wrong.title}{problems}", file=sys.stderr)
        return 2
    except Refused as refusal:
        print(f"qm: {refusal.title}\n    {refusal.remedy}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader (head, less) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./qm", description="Quartermaster: order management for e-commerce."
    )
    parser.add_argument("--version", action="version", version=f"Quartermaster {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for module in _modules():
        command = commands.add_parser(
            module.NAME, allow_abbrev=False, help=module.HELP, description=module.HELP
        )
        command.set_defaults(module=module, parser=command)
        module.arguments(command)
    return parser


def _modules() -> list[ModuleType]:
    names = [found.name for found in pkgutil.iter_modules(__path__) if not found.ispkg]
    modules = [importlib.import_module(f"{__name__}.{name}") for name in names]
    return sorted(modules, key=lambda module: (module.NAME not in _FIRST, module.NAME))
