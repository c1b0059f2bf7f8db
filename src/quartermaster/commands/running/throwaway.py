"""A home and a database for one run of the tests: fast instead of durable, and gone afterwards."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from quartermaster.core.embedded import Server

_PREFIX = "quartermaster-test-"


@contextlib.contextmanager
def home() -> Iterator[dict[str, str]]:
    """The environment (QM_HOME, QM_DATABASE_URL) of a database that lives as long as the block."""
    _clear_leftovers()
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
    folder.chmod(0o755)  # ours, and PostgreSQL's account must be able to pass through it
    server = Server(folder / "postgres", durable=False)
    try:
        with server.running() as url:
            yield {"QM_HOME": str(folder / "home"), "QM_DATABASE_URL": url}
    finally:
        shutil.rmtree(folder)


def _clear_leftovers() -> None:
    """Of runs that were killed: their servers still run."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        owner = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if folder.stat().st_uid != os.geteuid() or not owner.isdigit() or _lives(int(owner)):
            continue
        Server(folder / "postgres", durable=False).stop()
        shutil.rmtree(folder, ignore_errors=True)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
