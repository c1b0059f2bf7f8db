"""The people at the other end of the folder, and a disk that misbehaves as it is told to."""

import csv
import errno
import os
from collections import deque
from pathlib import Path

from quartermaster.connectors.csv_folder.places import Disk, Found
from quartermaster.outside.ports import Item

WRITING = (
    *("full", "refused", "half", "wrong bytes", "rename refused", "rename lost", "rename late"),
    *("copy lost", "copy late", "gone"),
)
READING = ("gone", "vanishes", "stays", "move late")


class Theirs:
    """The people at the other end of the folder."""

    def __init__(self, root: Path) -> None:
        self.root, self.files, self.taken = root, 0, 0

    def take(self) -> None:
        """They take away all that lies there for them."""
        (self.root / "taken").mkdir(exist_ok=True)
        for path in (self.root / "to-warehouse").glob("*.csv"):
            self.taken += 1
            os.replace(path, self.root / "taken" / f"{self.taken:04d}-{path.name}")

    def got(self, name: str) -> list[Path]:
        """Every time a file of this name came to them: those they took, and one that lies there."""
        there = (self.root / "to-warehouse").glob(name)
        return [*sorted((self.root / "taken").glob(f"[0-9]*-{name}")), *sorted(there)]

    def expected(self, reference: str) -> list[dict[str, int]]:
        """As whoever reads the folder: the highest revision counts, and none that was taken back."""
        withdrawn = self.got(f"cancel-{reference}.csv")
        assert len(withdrawn) < 2, withdrawn
        if withdrawn:
            return []
        files = [(int(path.stem.rpartition("-")[2]), path) for path in self.got(f"notice-{reference}-*.csv")]
        newest = max((revision for revision, _ in files), default=0)
        return [_units(path) for revision, path in files if revision == newest]

    def put(self, text: str) -> str:
        self.files += 1
        name = f"file-{self.files:03d}.csv"
        there = self.root / "from-warehouse"
        there.mkdir(exist_ok=True)
        (there / "half.part").write_text(text)
        os.replace(there / "half.part", there / name)
        return name

    def ship(self, reference: str, items: tuple[Item, ...], is_last: bool) -> None:
        parcel = f"{reference}/{self.files}"
        last = "yes" if is_last else "no"
        rows = [f"{reference},{parcel},{i.sku},{i.quantity},2026-11-23T16:00:00Z,T1,{last}" for i in items]
        self.put("reference,parcel,sku,quantity,shipped_at,tracking_number,last\n" + "\n".join(rows) + "\n")

    def receive(self, items: tuple[Item, ...]) -> None:
        rows = [f"RC-{self.files},{item.sku},{item.quantity},2026-11-23T16:00:00Z" for item in items]
        self.put("receipt,sku,quantity,received_at\n" + "\n".join(rows) + "\n")


def _units(path: Path) -> dict[str, int]:
    with open(path, newline="") as file:
        return {row["sku"]: int(row["quantity"]) for row in csv.DictReader(file)}


class SickDisk(Disk):
    """`faults`, one for each call that could be hit by it:

    "full": half of it is written, and it says so · "refused": it may not be written · "half", "wrong bytes":
    it says that all is well, and other bytes lie there · "rename refused": nothing is renamed, and it says so
    · "rename lost": nothing is renamed, nobody knows · "rename late": it is, nobody knows; "copy lost" and
    "copy late" of the copy by which we know that it was written · "gone": the folder is not there when it is
    listed or asked about · "vanishes": a file is not there when it is read, and there again later · "stays":
    one that was read may not be moved · "move late": it is moved, nobody knows.
    """

    def __init__(self, root: Path, faults: deque[str]) -> None:
        super().__init__(root)
        self.faults = faults

    def _hit(self, *which: str) -> str:
        return self.faults.popleft() if self.faults and self.faults[0] in which else ""

    def _may_be_gone(self) -> None:
        if self._hit("gone"):
            raise OSError(errno.EIO, "Input/output error")

    def files(self, folder: str) -> list[Found]:
        self._may_be_gone()
        return super().files(folder)

    def has(self, name: str) -> bool:
        self._may_be_gone()
        return super().has(name)

    def write(self, name: str, content: bytes) -> None:
        match self._hit("full", "refused", "half", "wrong bytes"):
            case "refused":
                raise OSError(errno.EACCES, "Permission denied")
            case "full":
                (self.root / name).write_bytes(content[: len(content) // 2])
                raise OSError(errno.ENOSPC, "No space left on device")
            case "half":
                self._spoil = content[: len(content) // 2]
            case "wrong bytes":
                self._spoil = content.replace(b"\n", b"\r\n")
        super().write(name, content)

    _spoil: bytes | None = None

    def read(self, name: str) -> bytes:
        """What was spoilt on its way lies there when it is read back."""
        if self._hit("vanishes"):
            raise FileNotFoundError(name)
        if self._spoil is not None:
            (self.root / name).write_bytes(self._spoil)
            self._spoil = None
        return super().read(name)

    def turn(self, name: str, into: str) -> None:
        what = "copy" if name.endswith(".going") else "rename"
        fault = self._hit(f"{what} refused", f"{what} lost", f"{what} late")
        if fault.endswith("refused"):
            raise OSError(errno.EROFS, "Read-only file system")
        if not fault.endswith("lost"):
            super().turn(name, into)
        if fault:
            super().turn(
                "nowhere/at-all", "nowhere/else"
            )  # as a repeated rename is answered: it is not there

    def may_move(self, name: str, into: str) -> bool:
        fault = self._hit("stays", "move late")
        if fault == "stays":
            return False
        is_moved = super().may_move(name, into)
        if fault == "move late":
            raise OSError(errno.ETIMEDOUT, "Connection timed out")
        return is_moved
