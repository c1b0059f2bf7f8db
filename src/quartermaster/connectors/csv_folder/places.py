"""Where the folder lies: on a disk of ours, or behind SFTP (`sftp`)."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from quartermaster.core.outside import NotDone, Unclear

# Said before anything is renamed. ENOENT is not among them: a network file system that lost its answer asks
# once more, and says that what it has just renamed is not there.
_UNDONE: Final = frozenset(
    {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.EXDEV, errno.ENAMETOOLONG}
)


class Found(NamedTuple):
    """A file in a folder. `stamp`: what tells that it is still the same, as far as can be told unread."""

    name: str
    stamp: str


class Place(Protocol):
    """Folders with files. Names are `folder/file`. Raises NotDone when it cannot be reached; `turn` raises
    Unclear when it may have been done, `read` FileNotFoundError for what is not there (any more)."""

    def files(self, folder: str) -> list[Found]:
        """The oldest first."""
        ...

    def has(self, name: str) -> bool: ...

    def read(self, name: str) -> bytes: ...

    def write(self, name: str, content: bytes) -> None:
        """Not at once: under a name nobody reads. Read back: NotDone when other bytes lie there."""
        ...

    def turn(self, name: str, into: str) -> None:
        """Rename it, at once, whatever had that name."""
        ...

    def may_move(self, name: str, into: str) -> bool:
        """Rename it; False where that is not allowed."""
        ...


class Disk:
    """A folder of this machine, or one that is mounted."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def files(self, folder: str) -> list[Found]:
        found = []
        for path in (self.root / folder).iterdir():
            with suppress(FileNotFoundError):  # somebody took it away just now
                known = path.stat()
                if stat.S_ISREG(known.st_mode):
                    found.append((known.st_mtime_ns, path.name, known.st_size))
        return [Found(name, f"{at} {size}") for at, name, size in sorted(found)]

    def has(self, name: str) -> bool:
        return (self.root / name).exists()

    def read(self, name: str) -> bytes:
        return (self.root / name).read_bytes()

    def write(self, name: str, content: bytes) -> None:
        with open(self.root / name, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(self.root / name, 0o640)
        arrived(name, content, self.read(name))

    def turn(self, name: str, into: str) -> None:
        try:
            os.replace(self.root / name, self.root / into)
        except OSError as error:
            if error.errno in _UNDONE:
                raise
            raise Unclear(f"whether {into} was written is not known: {error.strerror}") from None

    def may_move(self, name: str, into: str) -> bool:
        try:
            os.replace(self.root / name, self.root / into)
        except PermissionError:
            return False
        return True


def arrived(name: str, sent: bytes, lies_there: bytes) -> None:
    """Raises NotDone when a file is not what was written."""
    if lies_there != sent:
        raise NotDone(f"{name} lies there otherwise than it was written")


@contextmanager
def disk(folder: str, folders: tuple[str, ...]) -> Iterator[Place]:
    """The folder, when it is there. What the disk refuses is said as what may be tried again."""
    root = Path(folder)
    if not root.is_absolute() or not root.is_dir():
        raise NotDone("the folder is not there: is it mounted?")
    try:
        for name in folders:
            (root / name).mkdir(exist_ok=True)
        yield Disk(root)
    except OSError as error:
        raise NotDone(f"the folder cannot be read or written: {error.strerror}") from None
