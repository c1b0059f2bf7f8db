"""Which column of the file is which of ours."""

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct, json

from quartermaster.core.csvs import Row
from quartermaster.core.errors import Refused
from quartermaster.core.imports.kinds import Given, Kind

WHY = "import_error"  # the column our own error files have on top


class BadMap(Refused):
    code = "bad-map"
    status = 422
    message = "The map {path} cannot be used: {why}."
    remedy = 'Write one line a column: canonical = "their column"; and fixed values below [constants].'


class MissingColumns(Refused):
    code = "missing-columns"
    status = 422
    message = "{path} has no column {missing}. It has: {there}."
    remedy = "Rename the columns, or give a map with --map."


class Columns(Struct, frozen=True):
    """A map: canonical column -> theirs, and canonical column -> one value for all rows."""

    theirs: Mapping[str, str] = {}
    constants: Mapping[str, str] = {}

    def digest(self) -> bytes:
        return hashlib.sha256(json.encode((self.theirs, self.constants), order="sorted")).digest()


class Layout:
    """The map applied to one file's header. Raises MissingColumns."""

    def __init__(self, path: Path, header: Sequence[str], kind: Kind, columns: Columns) -> None:
        spelled = {_spelling(name): place for place, name in reversed(list(enumerate(header)))}
        exact = {name: place for place, name in reversed(list(enumerate(header)))}
        self._constants = {name: value for name, value in columns.constants.items() if value}
        self._places: list[tuple[str, int]] = []
        missing = []
        for name in kind.columns:
            theirs = columns.theirs.get(name, name)
            place = exact.get(theirs, spelled.get(_spelling(theirs)))
            if place is not None:
                self._places.append((name, place))
            elif name in columns.theirs or (name in kind.required and name not in self._constants):
                missing.append(theirs)
        if missing:
            raise MissingColumns(path=path, missing=", ".join(missing), there=", ".join(header))
        used = {place for _, place in self._places}
        self.ignored = [name for place, name in enumerate(header) if place not in used and name != WHY]
        self._empty = dict.fromkeys(kind.columns, "")
        self._required = kind.required

    def given(self, row: Row) -> Given:
        """The row under canonical names. A value of the file goes before a constant."""
        cells = {**self._empty, **self._constants}
        for name, place in self._places:
            if text := row.cells[place].strip():
                cells[name] = text
        return Given(row.number, cells)

    def problem(self, row: Given) -> str:
        """Which required cells are empty, as a sentence; "" when none."""
        empty = [name for name in self._required if not row.cells[name]]
        return f"{', '.join(empty)}: empty" if empty else ""


def load_map(path: Path, kind: Kind) -> Columns:
    """Read a map in TOML. Raises BadMap."""
    try:
        with path.open("rb") as file:
            told = tomllib.load(file)
    except (OSError, ValueError) as error:
        raise BadMap(path=path, why=error) from None
    constants = told.pop("constants", {})
    theirs = {**told.pop("columns", {}), **told}
    for name, value in (*theirs.items(), *constants.items()):
        if name not in kind.columns:
            raise BadMap(path=path, why=f"there is no column {name!r}; there are {', '.join(kind.columns)}")
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise BadMap(path=path, why=f"{name} must be a text")
    return Columns(theirs, {name: str(value) for name, value in constants.items()})


def _spelling(name: str) -> str:
    """Forgives case and spaces: "Weight G" is weight_g."""
    return "_".join(name.casefold().split())
