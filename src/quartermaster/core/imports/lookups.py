"""A second file whose columns are joined to the rows of the first by a key."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec import Struct

from quartermaster.core.csvs import NotReadable, reading


class Lookup(Struct, frozen=True):
    """file: name of the file, beside the imported one. on: the imported file's column. key: this file's."""

    file: str
    on: str
    key: str


class Joined:
    """The columns asked for, held in memory by key. Of two rows with the same key the first counts."""

    def __init__(self, columns: Sequence[str], rows: Iterable[tuple[str, tuple[str, ...]]]) -> None:
        self.columns = columns
        self._rows: dict[str, tuple[str, ...]] = {}
        spelled: dict[str, str] = {}  # towns and states repeat: once in memory is enough
        for key, cells in rows:
            self._rows.setdefault(key, tuple(spelled.setdefault(cell, cell) for cell in cells))
        self._nothing = ("",) * len(columns)

    def found(self, key: str) -> tuple[str, ...]:
        """The row's cells, empty ones where the key is not there."""
        return self._rows.get(key, self._nothing)


def join(lookup: Lookup, columns: Sequence[str], *, beside: Path) -> Joined:
    """Read the file. Raises NotReadable when it, or one of its columns, is not there."""
    path = _found(lookup.file, beside.parent)
    with reading(path) as sheet:
        if missing := [name for name in (lookup.key, *columns) if name not in sheet.header]:
            raise NotReadable(path=path, why=f"it has no column {', '.join(missing)}")
        key = sheet.header.index(lookup.key)
        places = [sheet.header.index(name) for name in columns]
        return Joined(
            columns,
            (
                (row.cells[key].strip(), tuple(row.cells[place].strip() for place in places))
                for row in sheet
                if not row.problem
            ),
        )


def _found(name: str, folder: Path) -> Path:
    """The file, plain or compressed, whichever is there."""
    path = folder / name
    if path.exists():
        return path
    other = path.with_name(path.name.removesuffix(".gz") if path.suffix == ".gz" else f"{path.name}.gz")
    return other if other.exists() else path
