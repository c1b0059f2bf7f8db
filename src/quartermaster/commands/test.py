"""./qm test"""

import argparse

NAME = "test"
HELP = (
    "the checks and all tests, as in CI; with arguments, those go to pytest and no checks run; "
    "QM_CHAOS=full: all cases of tests that else draw a dozen, and all sizes that are claimed"
)
PREPARED = False
TAKES_MORE = True


def arguments(parser: argparse.ArgumentParser) -> None:
    """All of pytest's, passed on."""


def run(args: argparse.Namespace) -> int:
    import os

    from quartermaster.commands.running import checks, throwaway

    with throwaway.database("test", durable=False) as made:
        os.environ.update(throwaway.environment(made))
        migrating, failed = None, []
        if is_broad(args.more):  # several test processes: migrate once, and copy the database for each
            migrating = checks.start("migrate")
        if not args.more:
            failed = checks.run_all()
        if migrating and checks.end("migrate", migrating):
            os.environ["QM_TEST_TEMPLATE"] = "quartermaster"
            os.environ.update(throwaway.keep_migrated(made))
        code = checks.pytest(pytest_arguments(args.more))
    if failed:
        print(f"qm: these checks failed: {', '.join(failed)}", flush=True)
    return code or (1 if failed else 0)


def pytest_arguments(given: list[str]) -> list[str]:
    """Two processes (up to four, one a core) for a broad run; a narrow one starts faster with none.

    They take few tests at a time: those that take long come first, and one process alone would get them all.
    """
    import os

    count = str(min(4, max(2, os.cpu_count() or 2)))
    return ["-n", count, "--maxschedchunk", "24", *given] if is_broad(given) else given


def is_broad(given: list[str]) -> bool:
    """Whether all tests are meant: no path, no -k, no word about processes."""
    return not any(not argument.startswith("-") or argument.startswith(("-k", "-n")) for argument in given)
