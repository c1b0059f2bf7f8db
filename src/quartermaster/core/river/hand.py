"""What a worker has in hand, in a file of its own: what killed a worker can then be told from what did not.

An exception is counted in the database. A kill (or no memory left) takes the worker's transaction with it, so
the claim must be remembered outside of it, and without a statement more for every batch: the ids go to a file
that the worker has locked while it lives. Whoever starts next finds files that nobody holds.
"""

import fcntl
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple


class Fallen(NamedTuple):
    """What a dead worker had in hand. `deaths`: how many died over it while it was alone, this one too."""

    queue: str
    ids: tuple[int, ...]
    deaths: int


class Hand:
    """The file of one worker, locked until its process is gone, however it goes."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{os.getpid()}-{os.urandom(4).hex()}"
        self._path = folder / name
        unseen = (
            folder / f"new.{name.replace('-', '.')}"
        )  # until it is locked, `fallen` would take it for dead
        self._file = os.open(unseen, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        unseen.rename(self._path)

    def hold(self, queue: str, ids: Sequence[int], deaths: int = 0) -> None:
        """Taken in hand. `deaths`: of workers that died over this one thing alone, before."""
        os.pwrite(self._file, f"{queue} {deaths} {' '.join(map(str, ids))}\n".encode(), 0)

    def let_go(self) -> None:
        os.pwrite(self._file, b"\n", 0)

    def close(self) -> None:
        self._path.unlink(missing_ok=True)
        os.close(self._file)


def fallen(folder: Path) -> Iterator[Fallen]:
    """What workers had in hand that are no more. Each is told once, to one worker."""
    for path in sorted(folder.glob("*-*")):
        try:
            file = os.open(path, os.O_RDWR)
        except FileNotFoundError:
            continue
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            found = _read(os.pread(file, os.fstat(file).st_size, 0))
            # Before it is tried: who dies over a part of it leaves just that part.
            path.unlink(missing_ok=True)
            if found is not None:
                yield found
        except BlockingIOError:
            continue  # its worker lives, or another one looks after it
        finally:
            os.close(file)


def _read(text: bytes) -> Fallen | None:
    """The first line: what is after it is left from a longer one before."""
    line, end, _ = text.partition(b"\n")
    words = line.decode("ascii", "replace").split()
    if not end or len(words) < 3 or not all(word.isdecimal() for word in words[1:]):
        return None
    ids = tuple(map(int, words[2:]))
    return Fallen(words[0], ids, int(words[1]) + (len(ids) == 1))
