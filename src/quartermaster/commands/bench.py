"""./qm bench

A benchmark is a package below bench/ in the repository: `run.py` of it has HELP, `arguments(parser)` and
`run(args)`. Each is a verb of this command; all of them measure the product itself, on a database that is
gone afterwards.
"""

import argparse
import importlib
import sys
from types import ModuleType

from quartermaster.core.locations import ROOT

NAME = "bench"
HELP = "the published benchmarks, each on a throw-away database of its own"
PREPARED = False


def arguments(parser: argparse.ArgumentParser) -> None:
    benches = _benches()
    if not benches:
        parser.epilog = "The benchmarks come with the repository, not with an installed package."
        return
    verbs = parser.add_subparsers(dest="kind", metavar="KIND", required=True)
    for kind, module in benches.items():
        verb = verbs.add_parser(kind, help=module.HELP, description=f"{module.HELP}.")
        module.arguments(verb)
        verb.add_argument("--json", action="store_true", help="one JSON document instead of tables")


def run(args: argparse.Namespace) -> int:
    benches = _benches()
    if not benches:
        print("qm: the benchmarks come with the repository, not with an installed package.", file=sys.stderr)
        return 2
    return int(benches[args.kind].run(args))


def _benches() -> dict[str, ModuleType]:
    """Kind -> its module, by name. They import nothing heavy before they run."""
    kinds = sorted(path.parent.name for path in (ROOT / "bench").glob("*/run.py"))
    if kinds and str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    return {kind: importlib.import_module(f"bench.{kind}.run") for kind in kinds}
