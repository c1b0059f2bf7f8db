"""One import from the first row to the last."""

import csv
import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from itertools import batched
from pathlib import Path
from typing import Any

from django.db import DataError, IntegrityError, transaction
from msgspec import Struct
from psycopg import errors as pg

from quartermaster.core.csvs import Row, guarded, reading
from quartermaster.core.errors import Refused
from quartermaster.core.imports.columns import WHY, Columns, Layout
from quartermaster.core.imports.kinds import Given, Kind, Made, Step, Taken
from quartermaster.core.imports.maps import joined

NO_MAP = Columns()
_DOUBTS_KEPT = 5
_FIRST_PASS = 0.9  # of all the work there is, where there are several
_ROW_IS_WRONG = (Refused, DataError, IntegrityError, pg.DataError, pg.IntegrityError)

type Told = Callable[[float, int, int], object]  # share done (0 to 1), rows seen, rows refused
type Keep = Callable[[Sequence[Made]], object]  # remembers what a batch made, in its transaction


class Report(Struct):
    """What an import did. known: of the rows taken, those that changed nothing; changed: those that found
    something there and made it different."""

    rows: int = 0
    known: int = 0
    changed: int = 0
    refused: int = 0
    doubts: int = 0
    examples: list[str] = []
    ignored: list[str] = []
    errors: Path | None = None

    @property
    def taken(self) -> int:
        return self.rows - self.refused


def run(
    kind: Kind,
    path: Path,
    *,
    columns: Columns = NO_MAP,
    errors: Path,
    dry_run: bool = False,
    tell: Told = lambda done, rows, refused: None,
    keep: Keep = lambda made: None,
) -> Report:
    """Import a file, or with `dry_run` see what an import would do. Refused rows are written to `errors`.

    Every batch of rows commits by itself: an import that was interrupted is started again and does the rest.
    `keep` is called with what a batch made. Raises NotReadable, MissingColumns.
    """
    digest = _digest(path, columns) if kind.needs_digest else ""
    steps = kind.steps(digest=digest, name=path.name)
    with _Errors(errors) as refusals, ExitStack() as stack:
        if dry_run and kind.rows_depend:
            stack.enter_context(transaction.atomic())
            stack.callback(transaction.set_rollback, True)
        report = _Run(kind, path, columns, refusals, dry_run, tell, keep).through(steps)
    report.errors = errors if report.refused else None
    return report


class _Run:
    def __init__(
        self,
        kind: Kind,
        path: Path,
        columns: Columns,
        refusals: "_Errors",
        dry_run: bool,
        tell: Told,
        keep: Keep,
    ) -> None:
        self.kind, self.path, self.columns, self.refusals = kind, path, columns, refusals
        self.rolls_back = dry_run and not kind.rows_depend
        self.tell, self.keep = tell, keep
        self.joined = joined(columns, beside=path)
        self.report = Report()
        self.refused: set[int] = set()
        self.known: set[int] = set()

    def through(self, steps: Sequence[Step]) -> Report:
        self.is_one_pass = len(steps) == 1
        for number, step in enumerate(steps):
            with reading(self.path) as sheet:
                layout = Layout(self.path, sheet.header, self.kind, self.columns, self.joined)
                self.report.ignored = layout.ignored
                self.refusals.begin(sheet.header, sheet.delimiter)
                for batch in batched(self._rows(sheet, layout, step, is_first=number == 0), self.kind.batch):
                    self._take(step, batch, is_first=number == 0)
                    self.tell(_share(number, sheet.done, len(steps)), self.report.rows, self.report.refused)
        self.report.known += len(self.known - self.refused)
        return self.report

    def _rows(self, sheet: Any, layout: Layout, step: Step, *, is_first: bool) -> Iterator[tuple[Row, Given]]:
        """Rows this pass wants. The first pass counts all, and refuses those that are none."""
        for row in sheet:
            if is_first:
                self.report.rows += 1
            if row.problem:
                if is_first:
                    self._refuse(row, row.problem)
                continue
            given = layout.given(row)
            if is_first and (problem := layout.problem(given)):
                self._refuse(row, problem)
            elif row.number not in self.refused and step.wants(given):
                yield row, given

    def _take(self, step: Step, batch: Sequence[tuple[Row, Given]], *, is_first: bool) -> None:
        for (row, _), taken in zip(batch, self._results(step, batch), strict=True):
            if taken.why:
                self._refuse(row, taken.why)
            elif taken.is_new:
                self.known.discard(row.number)
                self.report.changed += taken.is_changed
            elif self.is_one_pass:
                self.report.known += 1
            elif is_first:
                self.known.add(row.number)
            if taken.doubt:
                self.report.doubts += 1
                if len(self.report.examples) < _DOUBTS_KEPT:
                    self.report.examples.append(f"row {row.number}: {taken.doubt}")

    def _results(self, step: Step, batch: Sequence[tuple[Row, Given]]) -> Sequence[Taken]:
        """One transaction; when it fails as a whole, halves of it, until the row that is wrong is alone."""
        try:
            with transaction.atomic():
                results = step.take([given for _, given in batch])
                self.keep([made for taken in results for made in taken.made])
                if self.rolls_back:
                    transaction.set_rollback(True)
            return results
        except _ROW_IS_WRONG as error:
            if len(batch) == 1:
                return [Taken(why(error))]
        middle = len(batch) // 2
        return [*self._results(step, batch[:middle]), *self._results(step, batch[middle:])]

    def _refuse(self, row: Row, because: str) -> None:
        self.report.refused += 1
        if not self.is_one_pass:  # what a later pass must know
            self.refused.add(row.number)
        self.refusals.add(row, because)


class _Errors:
    """The file of refused rows, made with the first of them: the columns of the source, and why."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: Any = None

    def __enter__(self) -> "_Errors":
        self._path.unlink(missing_ok=True)  # what an earlier import of the same file left
        return self

    def __exit__(self, *_: object) -> None:
        if self._file:
            self._file.close()

    def begin(self, header: Sequence[str], delimiter: str) -> None:
        self._header, self._delimiter = list(header), delimiter

    def add(self, row: Row, because: str) -> None:
        width = len(self._header)
        if self._file is None:
            # With the mark that makes spreadsheets read UTF-8; bytes that were none are kept as they came.
            self._file = self._path.open("w", encoding="utf-8-sig", errors="surrogateescape", newline="")
            self._writer = csv.writer(self._file, delimiter=self._delimiter)
            self._writer.writerow([*map(guarded, self._header), WHY])
        cells = [*row.cells[:width], *[""] * (width - len(row.cells))]
        self._writer.writerow([*map(guarded, cells), f"row {row.number}: {because}"])


def _share(number: int, done: float, count: int) -> float:
    """How much of the whole is done: the first pass is most of the work."""
    if count == 1:
        return done
    return (
        _FIRST_PASS * done
        if not number
        else _FIRST_PASS + (1 - _FIRST_PASS) * (number - 1 + done) / (count - 1)
    )


def why(error: BaseException) -> str:
    """One sentence of what is wrong with a row."""
    if isinstance(error, Refused):
        told = "; ".join(f"{field}: {what}" for field, what in error.errors.items())
        return told or error.title
    return " ".join(str(error).split())[:300]


def _digest(path: Path, columns: Columns) -> str:
    """Stands for what the file says under this map, whatever it is called and however it is compressed."""
    found = hashlib.sha256(columns.digest())
    with reading(path) as sheet:
        for row in (Row(1, sheet.header), *sheet):
            found.update("\x1f".join((*row.cells, row.problem, "\n")).encode(errors="surrogateescape"))
    return found.hexdigest()[:32]
