"""Is a postmaster really alive? Its pid file cannot say: a zombie has an id too, and ids are reused."""

import os
import signal
import time
from pathlib import Path

_PROC = Path("/proc")


def postmaster_pid(data: Path) -> int | None:
    """The process id in postmaster.pid, or None."""
    try:
        return int((data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def is_running(data: Path) -> bool:
    """Whether the postmaster of this data folder runs: not gone, not a zombie, not another program."""
    pid = postmaster_pid(data)
    return pid is not None and not is_foreign(pid, data)


def is_foreign(pid: int, data: Path) -> bool:
    """True only when certain that no living postmaster of this data folder has this process id."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        pass
    if not _PROC.joinpath("self").exists():  # macOS: the id is all we have
        return False
    if _state(pid) in "ZX":
        return True
    try:
        return _PROC.joinpath(str(pid), "cwd").readlink() != data.resolve()  # a postmaster lives in its data
    except OSError:
        return False


def forget_the_dead(data: Path, socket_folder: Path) -> None:
    """Remove the lock files of a postmaster that is certainly dead; PostgreSQL refuses to start over them.

    Waits for its orphaned backends, and ends them when they do not notice by themselves.
    """
    pid = postmaster_pid(data)
    if pid is None or not is_foreign(pid, data):
        return
    _outlive(data)
    (data / "postmaster.pid").unlink(missing_ok=True)
    for lock in socket_folder.glob(".s.PGSQL.*"):
        lock.unlink(missing_ok=True)


def _outlive(data: Path) -> None:
    for patience_s, ending in ((0.5, signal.SIGQUIT), (2.0, signal.SIGKILL), (5.0, None)):
        deadline = time.monotonic() + patience_s
        while orphans := _processes_in(data):
            if time.monotonic() > deadline:
                break
            time.sleep(0.02)
        for pid in orphans:
            if ending:
                os.kill(pid, ending)


def _processes_in(data: Path) -> list[int]:
    """Living processes whose working folder is the data folder: its postmaster and backends. Linux only."""
    home, found = data.resolve(), []
    for entry in _PROC.glob("[0-9]*"):
        try:
            if (entry / "cwd").readlink() == home and _state(int(entry.name)) not in "ZX":
                found.append(int(entry.name))
        except OSError:  # ended meanwhile, or not ours to look at
            continue
    return found


def _state(pid: int) -> str:
    try:
        return _PROC.joinpath(str(pid), "stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return "X"
