"""Which column of the file is which of ours, and how its cells are written."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct, json

from quartermaster.core.csvs import Row
from quartermaster.core.errors import Refused
from quartermaster.core.imports import conversions
from quartermaster.core.imports.conversions import Convert
from quartermaster.core.imports.kinds import Given, Kind
from quartermaster.core.imports.lookups import Joined, Lookup

WHY = "import_error"  # the column our own error files have on top

type Fetch = Callable[[Sequence[str]], str]


class MissingColumns(Refused):
    code = "missing-columns"
    status = 422
    message = "{path} has no column {missing}. It has: {there}."
    remedy = "Rename the columns, or give a map with --map."


class Several(Struct, frozen=True):
    """Several of their columns for one of ours: the first that is not empty, or all joined by `between`."""

    columns: tuple[str, ...]
    between: str | None = None  # None: the first that is not empty


class Columns(Struct, frozen=True):
    """A map. theirs: our column -> theirs. constants: our column -> one value for all rows. values: our
    column -> their word -> ours. factors: our column -> what their number is multiplied with. zone and
    time_format: how moments are written. decimal: their decimal sign. lookups: by name."""

    theirs: Mapping[str, str | Several] = {}
    constants: Mapping[str, str] = {}
    values: Mapping[str, Mapping[str, str]] = {}
    factors: Mapping[str, str] = {}
    zone: str = ""
    time_format: str = ""
    decimal: str = "."
    lookups: Mapping[str, Lookup] = {}

    def digest(self) -> bytes:
        return hashlib.sha256(json.encode(self, order="sorted")).digest()

    def names(self) -> set[str]:
        """Every column of theirs that the map speaks of, those of lookups as `lookup.column`."""
        found: set[str] = set()
        for theirs in self.theirs.values():
            found.update(theirs.columns if isinstance(theirs, Several) else (theirs,))
        return found


class Layout:
    """The map applied to one file's header. Raises MissingColumns."""

    def __init__(
        self,
        path: Path,
        header: Sequence[str],
        kind: Kind,
        columns: Columns,
        joined: Mapping[str, Joined] = {},
    ) -> None:
        self._constants = {name: value for name, value in columns.constants.items() if value}
        self._joined: list[tuple[int, Joined]] = []
        self._width = len(header)
        places = _Places(header)
        used, missing = set(), []
        for name, join in joined.items():
            place = places.of(columns.lookups[name].on)
            if place is None:
                missing.append(columns.lookups[name].on)
                continue
            used.add(place)
            self._joined.append((place, join))
            places.add(f"{name}.{column}" for column in join.columns)
        self._fetches: list[tuple[str, Fetch, Convert | None]] = []
        for name in kind.columns:
            told = columns.theirs.get(name, name)
            theirs = told.columns if isinstance(told, Several) else (told,)
            found = [place for column in theirs if (place := places.of(column)) is not None]
            if len(found) == len(theirs):
                used.update(found)
                self._fetches.append((name, _fetch(told, found), _conversion(name, kind, columns)))
            elif name in columns.theirs or (name in kind.required and name not in self._constants):
                missing += [column for column in theirs if places.of(column) is None]
        if missing:
            raise MissingColumns(path=path, missing=", ".join(missing), there=", ".join(places.names))
        self.ignored = [name for place, name in enumerate(header) if place not in used and name != WHY]
        self._empty = dict.fromkeys(kind.columns, "")
        self._required = kind.required

    def given(self, row: Row) -> Given:
        """The row under canonical names. A value of the file goes before a constant."""
        source = row.cells[: self._width] if self._joined else row.cells
        for place, join in self._joined:
            source = [*source, *join.found(source[place].strip())]
        cells = {**self._empty, **self._constants}
        wrong: dict[str, str] = {}
        for name, fetch, convert in self._fetches:
            text = fetch(source)
            if text or convert is not None:
                try:
                    text = convert(text) if convert is not None else text
                except conversions.NotUnderstood as error:
                    wrong[name] = str(error)
            if text:
                cells[name] = text
        return Given(row.number, cells, wrong)

    def problem(self, row: Given) -> str:
        """What cannot be read, and which required cells are empty, as a sentence; "" when nothing."""
        empty = [name for name in self._required if not row.cells[name]]
        told = [f"{name}: {what}" for name, what in row.wrong.items()]
        return "; ".join([*told, *([f"{', '.join(empty)}: empty"] if empty else [])])


def _fetch(told: str | Several, places: Sequence[int]) -> Fetch:
    if isinstance(told, str):
        (place,) = places
        return lambda cells: cells[place].strip()
    if told.between is None:
        return lambda cells: next((text for place in places if (text := cells[place].strip())), "")
    between = told.between

    def joined(cells: Sequence[str]) -> str:
        texts = [cells[place].strip() for place in places]
        return between.join(texts) if all(texts) else ""  # half a key is none

    return joined


def _conversion(name: str, kind: Kind, columns: Columns) -> Convert | None:
    """How a cell of this column becomes what we write; None: it is that already."""
    steps: list[Convert] = []
    if name in kind.moments:
        steps.append(conversions.moment(columns.time_format, columns.zone))
    elif name in kind.days:
        steps.append(conversions.day(columns.time_format))
    if name in kind.numbers and columns.decimal != ".":
        steps.append(conversions.with_a_point(columns.decimal))
    if name in columns.factors:
        steps.append(conversions.times(columns.factors[name]))
    if name in columns.values:
        steps.append(conversions.one_of(columns.values[name]))
    if len(steps) < 2:
        return steps[0] if steps else None

    def converted(text: str) -> str:
        for step in steps:
            text = step(text)
        return text

    return converted


class _Places:
    """Where each column stands; forgives case and spaces: "Weight G" is weight_g."""

    def __init__(self, header: Sequence[str]) -> None:
        self.names = list(header)
        self._exact = {name: place for place, name in reversed(list(enumerate(header)))}
        self._spelled = {_spelling(name): place for place, name in reversed(list(enumerate(header)))}

    def add(self, names: Iterable[str]) -> None:
        """Columns behind those of the header."""
        for name in names:
            self._exact[name] = self._spelled[_spelling(name)] = len(self.names)
            self.names.append(name)

    def of(self, name: str) -> int | None:
        return self._exact.get(name, self._spelled.get(_spelling(name)))


def _spelling(name: str) -> str:
    return "_".join(name.casefold().split())
