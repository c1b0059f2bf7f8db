"""./qm migrate"""

import argparse

NAME = "migrate"
HELP = "apply migrations"
PREPARED = False


def arguments(parser: argparse.ArgumentParser) -> None:
    """None."""


def run(args: argparse.Namespace) -> int:
    from quartermaster.commands.running import ground

    with ground.database():
        ground.set_up_django()
        from quartermaster.commands.running import migrating

        count = migrating.migrate()
    print(f"{count} migrations applied." if count else "Nothing to apply: the database is up to date.")
    return 0
