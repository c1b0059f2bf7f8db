"""A home and a database for one run of the tests or of a benchmark: gone afterwards, however it ended."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from quartermaster.core.embedded import Server


class Throwaway(NamedTuple):
    """A running server of our own in a folder of its own."""

    folder: Path
    server: Server
    url: str


@contextlib.contextmanager
def home() -> Iterator[dict[str, str]]:
    """The environment (QM_HOME, QM_DATABASE_URL) of a fast, not durable database, while the block lasts.

    Where Python is told to keep no bytecode, it keeps it beside the database: tests start hundreds of
    processes, and each would compile everything.
    """
    with database("test", durable=False) as made:
        kept = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(made.folder / "bytecode")}
        told = kept if os.environ.get("PYTHONDONTWRITEBYTECODE") else {}
        yield {"QM_HOME": str(made.folder / "home"), "QM_DATABASE_URL": made.url, **told}


@contextlib.contextmanager
def database(purpose: str, *, durable: bool) -> Iterator[Throwaway]:
    """An empty database that lives as long as the block. `purpose` is in its folder's name."""
    prefix = f"quartermaster-{purpose}-"
    _clear_leftovers(prefix)
    folder = Path(tempfile.mkdtemp(prefix=f"{prefix}{os.getpid()}-"))
    folder.chmod(0o755)  # ours, and PostgreSQL's account must be able to pass through it
    server = Server(folder / "postgres", durable=durable)
    try:
        with server.running() as url:
            yield Throwaway(folder, server, url)
    finally:
        shutil.rmtree(folder)


def _clear_leftovers(prefix: str) -> None:
    """Of runs that were killed: their servers still run."""
    for folder in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        owner = folder.name.removeprefix(prefix).partition("-")[0]
        with contextlib.suppress(FileNotFoundError):  # its own run, or another one, clears it at this moment
            if folder.stat().st_uid != os.geteuid() or not owner.isdigit() or _lives(int(owner)):
                continue
            if (folder / "postgres").exists():  # a child of that run may only have left bytecode behind it
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
