"""CPU and memory of process trees, read from /proc (Linux)."""

import os
from pathlib import Path

_TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")


def tree_ms(root: int) -> float:
    """CPU time of a process and all below it so far, in ms; ended children count once they are waited for."""
    return sum(_cpu_ms(pid) for pid in tree(root))


def own_children_ms() -> float:
    """CPU time of the programs that we have run and waited for, in ms."""
    used = os.times()
    return (used.children_user + used.children_system) * 1000


def tree(root: int) -> list[int]:
    """The process and all its descendants."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and (fields := _stat(int(folder.name))):
            children.setdefault(int(fields[1]), []).append(int(folder.name))
    found, todo = [], [root]
    while todo:
        pid = todo.pop()
        found.append(pid)
        todo += children.get(pid, [])
    return found


def peak_mib(root: int) -> float:
    """The most memory (resident) that any one process of the tree has ever had, in MiB."""
    return max(_status_kib(pid, "VmHWM:") for pid in tree(root)) / 1024


def load() -> float:
    """How many processes wanted a core during the last minute: says whether the machine was ours."""
    return os.getloadavg()[0]


def _cpu_ms(pid: int) -> float:
    fields = _stat(pid)
    return sum(map(int, fields[11:15])) * _TICK_MS if fields else 0.0  # own and waited-for, user and system


def _stat(pid: int) -> list[str]:
    """Fields of /proc/PID/stat after the name: state, parent, ... Empty when the process is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def _status_kib(pid: int, name: str) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(name)), 0)
