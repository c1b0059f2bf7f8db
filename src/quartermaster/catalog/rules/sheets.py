"""A table of products as a file: written so that it can be read again, and read strictly.

An empty cell leaves what is there; the word (empty) empties it. A row is found by its `sku`; `version` says
how the SKU stood when the file was written, so that a change made since is not overwritten.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from quartermaster.catalog.rules.columns import COLUMNS, shown
from quartermaster.catalog.rules.edits import Edit
from quartermaster.catalog.rules.skus import Facts
from quartermaster.core.csvs import guarded
from quartermaster.core.errors import Refused

CLEAR = "(empty)"
KEYS = ("sku", "version")
ROWS_MAX = 100_000


class NoSuchTable(Refused):
    code = "not-a-table-of-products"
    status = 422
    message = "This is no table of products: {why}."
    remedy = "Take the file from the page Products, and keep its first row."


class Line(NamedTuple):
    """A row of the file: the line it begins on, its cells, and what is wrong with it as a row, or ""."""

    number: int
    cells: Sequence[str]
    problem: str = ""


class Read(NamedTuple):
    """wrong: line -> why it cannot be taken. left_out: columns that are none of ours."""

    edits: tuple[Edit, ...]
    wrong: Mapping[int, str]
    left_out: tuple[str, ...]


def header(columns: Iterable[str]) -> list[str]:
    return [*KEYS, *columns]


def row(code: str, version: int, sku: Facts, columns: Iterable[str]) -> list[str]:
    """A line of the file. No cell is taken for a formula by a spreadsheet."""
    cells = [shown(name, sku) for name in columns]
    return [guarded(code), str(version), *("" if cell == CLEAR else guarded(cell) for cell in cells)]


def read(head: Sequence[str], lines: Iterable[Line]) -> Read:
    """The rows of a file. Raises NoSuchTable when it cannot be one."""
    names = [name.strip().lower() for name in head]
    known = [name for name in names if name in COLUMNS]
    if "sku" not in names:
        raise NoSuchTable(why="no column is named sku")
    if not known:
        raise NoSuchTable(why=f"none of its columns is one of {', '.join(COLUMNS)}")
    edits: list[Edit] = []
    wrong: dict[int, str] = {}
    for line in lines:
        if len(edits) + len(wrong) >= ROWS_MAX:
            raise NoSuchTable(why=f"more than {ROWS_MAX:,} rows")
        told = dict(zip(names, line.cells, strict=False))
        if problem := line.problem or _problem(told):
            wrong[line.number] = problem
            continue
        cells = {
            name: "" if told[name].strip() == CLEAR else told[name] for name in known if told[name].strip()
        }
        version = told.get("version", "").strip().removesuffix(".0")
        edits.append(
            Edit(
                code=told["sku"].strip(),
                cells=cells,
                version=int(version) if version else None,
                line=line.number,
            )
        )
    left_out = tuple(name for name in names if name not in COLUMNS and name not in KEYS)
    return Read(tuple(edits), wrong, left_out)


def _problem(told: Mapping[str, str]) -> str:
    if not told.get("sku", "").strip():
        return "no SKU"
    version = told.get("version", "").strip().removesuffix(".0")
    if version and not (version.isascii() and version.isdecimal() and len(version) < 18):
        return f"version: {version[:40]!r} is no whole number"
    return ""
