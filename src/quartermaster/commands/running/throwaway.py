"""A home and a database for one run of the tests or of a benchmark: gone afterwards, however it ended."""

import contextlib
import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from quartermaster.core.embedded import Server

_MIGRATED = "QM_TEST_MIGRATED"  # where a test run keeps its migrated database for others to copy


class Throwaway(NamedTuple):
    """A running server of our own in a folder of its own."""

    folder: Path
    server: Server
    url: str


@contextlib.contextmanager
def home() -> Iterator[dict[str, str]]:
    """The environment of a fast, not durable database, while the block lasts."""
    with database("test", durable=False) as made:
        yield environment(made)


def environment(made: Throwaway) -> dict[str, str]:
    """QM_HOME and QM_DATABASE_URL of processes that use it.

    Where Python is told to keep no bytecode, it keeps it beside the database: tests start hundreds of
    processes, and each would compile everything.
    """
    kept = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(made.folder / "bytecode")}
    told = kept if os.environ.get("PYTHONDONTWRITEBYTECODE") else {}
    return {"QM_HOME": str(made.folder / "home"), "QM_DATABASE_URL": made.url, **told}


@contextlib.contextmanager
def database(purpose: str, *, durable: bool) -> Iterator[Throwaway]:
    """An empty database that lives as long as the block. `purpose` is in its folder's name."""
    prefix = f"quartermaster-{purpose}-"
    _clear_leftovers(prefix)
    folder = Path(tempfile.mkdtemp(prefix=f"{prefix}{os.getpid()}-"))
    folder.chmod(0o755)  # ours, and PostgreSQL's account must be able to pass through it
    server = Server(folder / "postgres", durable=durable)
    furnish(server)
    try:
        with server.running() as url:
            yield Throwaway(folder, server, url)
    finally:
        shutil.rmtree(folder)


def keep_migrated(made: Throwaway) -> dict[str, str]:
    """Set a copy of its data aside, for `furnish`. The server, which nobody may be using, is restarted.

    Returns the environment in which `furnish` finds it.
    """
    made.server.stop()
    _copy(made.server.data, kept := made.folder / "migrated")
    made.server.start()
    return {_MIGRATED: str(kept)}


def furnish(server: Server) -> None:
    """Let a server that has no data yet begin with those that were set aside, where there are any.

    A copy takes a part of a second, to migrate a dozen: a test run would do that again and again.
    """
    if kept := os.environ.get(_MIGRATED):
        server.folder.mkdir(parents=True, exist_ok=True, mode=0o755)
        _copy(Path(kept), server.data)


def _copy(data: Path, to: Path) -> None:
    subprocess.run(["cp", "-a", str(data), str(to)], check=True)  # with owner and mode


def _clear_leftovers(prefix: str) -> None:
    """Of runs that were killed: their servers still run."""
    for folder in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        owner = folder.name.removeprefix(prefix).partition("-")[0]
        with contextlib.suppress(FileNotFoundError):  # its own run clears it at this moment
            if folder.stat().st_uid != os.geteuid() or not owner.isdigit() or _lives(int(owner)):
                continue
            with _alone_in(folder) as is_alone:
                if is_alone:
                    _clear(folder)


def _clear(folder: Path) -> None:
    if (folder / "postgres").exists():  # a child of that run may only have left bytecode behind it
        Server(folder / "postgres", durable=False).stop()
    shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _alone_in(folder: Path) -> Iterator[bool]:
    """Whether no other run clears this folder: two at once would take the server's programs away from
    each other."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        yield _takes(opened)
    finally:
        os.close(opened)


def _takes(opened: int) -> bool:
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
