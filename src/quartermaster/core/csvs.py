"""CSV from people and from spreadsheets: a stream of rows; what is wrong with one is said of that one.

Takes .csv and .csv.gz in UTF-8, with or without a byte order mark, separated by comma, semicolon or tab as
the header is. A leading quote that guards a formula is put on when writing and taken off when reading.
"""

import csv
import gzip
import re
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple, cast

from quartermaster.core.errors import Refused

LINE_MAX, CELL_MAX, COLUMNS_MAX = 1_000_000, 32_000, 500
_GZIP = b"\x1f\x8b"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
# What a spreadsheet takes for a formula, however many guarding quotes stand before it.
_FORMULA = re.compile("'*[=+\\-@\t\r\x00＝＋－＠]")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)*")
_SURROGATE = re.compile("[\ud800-\udfff]")


class NotReadable(Refused):
    code = "file-not-readable"
    status = 422
    message = "{path} cannot be read: {why}."
    remedy = "Save it as CSV in UTF-8 with a header row, or as the same compressed with gzip (.csv.gz)."


class NotThere(NotReadable):
    code = "file-not-there"
    message = "{path} cannot be opened: {why}."
    remedy = "Check its name, and that you may read it."


class Row(NamedTuple):
    """`number` is the line it begins on, the header's being 1. `problem` says why it cannot be taken."""

    number: int
    cells: list[str]
    problem: str = ""


class Sheet:
    """An open CSV file. Iterate over it once: rows in the order of the file, empty lines left out."""

    def __init__(self, path: Path, raw: IO[bytes], plain: IO[bytes]) -> None:
        self._path, self._raw = path, raw
        self._size = path.stat().st_size
        self._lines = _Lines(path, plain)
        first = self._lines.first()
        self.delimiter = max(",;\t", key=first.count)
        self._reader = csv.reader(self._lines, delimiter=self.delimiter, strict=True)
        self.header = self._header()

    @property
    def done(self) -> float:
        """How much of the file has been read, from 0 to 1."""
        return min(1.0, self._raw.tell() / self._size) if self._size else 1.0

    def __iter__(self) -> Iterator[Row]:
        while True:
            number = self._lines.number + 1
            self._lines.problem = ""
            try:
                cells = next(self._reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield Row(number, [], self._lines.problem or _why(error, number, self._lines.number))
                continue
            if not any(cells):
                continue
            problem = self._lines.problem or self._problem(cells)
            yield Row(number, cells if problem else [unguarded(cell) for cell in cells], problem)

    def _header(self) -> list[str]:
        try:
            header = [unguarded(cell).strip() for cell in next(self._reader, [])]
        except csv.Error as error:
            raise NotReadable(path=self._path, why=f"its header: {error}") from None
        while header and not header[-1]:
            header.pop()  # spreadsheets leave empty columns at the end
        if self._lines.problem or not header:
            raise NotReadable(path=self._path, why=self._lines.problem or "it has no header row")
        twice = {name for name in header if header.count(name) > 1}
        if len(header) > COLUMNS_MAX or twice:
            why = f"more than {COLUMNS_MAX} columns" if not twice else f"two columns named {min(twice)!r}"
            raise NotReadable(path=self._path, why=why)
        return header

    def _problem(self, cells: Sequence[str]) -> str:
        if len(cells) < len(self.header) or any(cells[len(self.header) :]):
            return f"{len(cells)} cells instead of {len(self.header)}"
        for name, cell in zip(self.header, cells, strict=False):
            if len(cell) > CELL_MAX:
                return f"{name}: longer than {CELL_MAX} characters"
            if "\x00" in cell or _SURROGATE.search(cell):
                return f"{name}: {'a NUL character' if chr(0) in cell else 'not UTF-8'}"
        return ""


@contextmanager
def reading(path: Path) -> Iterator[Sheet]:
    """Open a file for one pass. Raises NotThere, or NotReadable when it is no CSV at all."""
    try:
        raw = path.open("rb")
    except OSError as error:
        raise NotThere(path=path, why=error.strerror or str(error)) from None
    with raw:
        start = raw.peek(2)[:2]
        if start in _UTF_16:
            raise NotReadable(path=path, why="it is UTF-16, not UTF-8")
        plain = cast(IO[bytes], gzip.GzipFile(fileobj=raw)) if start == _GZIP else raw
        yield Sheet(path, raw, plain)


def guarded(text: str) -> str:
    """A text cell that no spreadsheet takes for a formula; plain numbers stay numbers."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def unguarded(text: str) -> str:
    """The text as it was before `guarded`."""
    return text[1:] if text[:1] == "'" and _FORMULA.match(text) else text


class _Lines:
    """The file's lines as the csv module wants them, counted, and never one longer than LINE_MAX."""

    def __init__(self, path: Path, plain: IO[bytes]) -> None:
        self._path, self._plain = path, plain
        self._kept: list[str] = []
        self.number = 0
        self.problem = ""

    def first(self) -> str:
        """The header's line, which will be read again."""
        line = self._read()
        if line is None:
            raise NotReadable(path=self._path, why="it is empty")
        line = line.removeprefix("\ufeff")
        self._kept.append(line)
        return line

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._kept.pop() if self._kept else self._read()
        if line is None:
            raise StopIteration
        self.number += 1
        return line

    def _read(self) -> str | None:
        line = self._bytes()
        if len(line) == LINE_MAX and not line.endswith(b"\n"):
            self.problem = f"a line longer than {LINE_MAX:,} bytes"
            while (rest := self._bytes()) and not rest.endswith(b"\n"):
                pass
            line = b"?\n"
        return line.decode(errors="surrogateescape") if line else None

    def _bytes(self) -> bytes:
        try:
            return self._plain.readline(LINE_MAX)
        except (OSError, EOFError, zlib.error) as error:
            raise NotReadable(path=self._path, why=f"it is damaged: {error}") from None


def _why(error: csv.Error, began: int, ended: int) -> str:
    if "field larger" in str(error) or "unexpected end" in str(error):
        return f"a quote opens here and does not close up to line {ended}"
    return f"{error}" if began == ended else f"{error} (lines {began} to {ended})"
