"""Import stock as it was counted. The same file twice changes nothing, however much has been sold between."""

from collections.abc import Sequence
from datetime import datetime

from quartermaster.core import sql
from quartermaster.core.errors import Invalid
from quartermaster.core.events import emit
from quartermaster.core.imports import Given, Kind, Step, Taken
from quartermaster.core.imports.run import why
from quartermaster.events import StockCounted
from quartermaster.stock.actions.count import Count, take_counts
from quartermaster.stock.rules import counts as rules
from quartermaster.stock.rules.counts import Counted
from quartermaster.stock.rules.moves import site_of

# A row whose count agreed has left no movement: so the log remembers, with each batch, which rows were taken.
# Rows taken back by an undo may be taken once more: with keys of their own.
TOLD = """
select name, array(select jsonb_array_elements(body->'rows')::int) from core_event
where subject = %s and name in ('StockCounted', 'StockCountWithdrawn') order by id
"""
MADE = "movement"
SKUS = "select code, id, is_kit from catalog_sku where code = any(%s)"
SITES = "select code from stock_location where code = any(%s)"


class Counts(Kind):
    """The kind of import named `stock`."""

    columns = rules.COLUMNS
    required = rules.REQUIRED
    numbers = ("quantity",)
    rows_depend = False
    needs_digest = True

    def __init__(self, *, at: datetime, by: str) -> None:
        self._at, self._by = at, by

    def steps(self, *, digest: str, name: str) -> Sequence[Step]:
        return [_Counts(digest, name, self._at, self._by)]


class _Counts:
    def __init__(self, digest: str, name: str, at: datetime, by: str) -> None:
        self._digest, self._name, self._at, self._by = digest, name, at, by
        self._subject = f"count:{digest}"
        self._taken: set[int] = set()
        self._undone = 0
        for name, rows in sql.run(TOLD, (self._subject,)):
            if name == "StockCounted":
                self._taken |= set(rows)
            else:
                self._taken -= set(rows)
                self._undone += 1
        self._seen: dict[tuple[str, str, str], int] = {}

    def wants(self, row: Given) -> bool:
        return True

    def take(self, given: Sequence[Given]) -> list[Taken]:
        read = {row.number: rules.row(row.cells) for row in given}
        skus = {code: sku for code, *sku in sql.run(SKUS, ([counted.sku for counted, _ in read.values()],))}
        sites = {code for (code,) in sql.run(SITES, ([site_of(c.place) for c, _ in read.values()],))}
        results: dict[int, Taken] = {}
        counts = []
        for number, (counted, errors) in read.items():
            sku_id, is_kit = skus.get(counted.sku, (0, False))
            if not sku_id:
                errors["sku"] = f"there is no SKU {counted.sku[:80]}"
            elif is_kit:
                errors["sku"] = "it is a kit: count its parts"
            if site_of(counted.place) not in sites:
                errors.setdefault("location", f"there is no location {site_of(counted.place)[:80]}")
            if errors or (errors := self._again(number, counted)):
                results[number] = Taken(why(Invalid(what="The row", errors=errors)))
            elif number in self._taken:
                results[number] = Taken(is_new=False)
            else:
                results[number] = Taken()
                counts.append(Count(self._key(number), sku_id, counted))
        if counts:
            fresh = [number for number, one in results.items() if not one.why and one.is_new]
            moved = self._count(counts, fresh)
            for number in fresh:
                if (movement_id := moved.get(self._key(number))) is not None:
                    results[number] = Taken(made=((MADE, movement_id),))
        return [results[row.number] for row in given]

    def _again(self, number: int, counted: Counted) -> dict[str, str]:
        """Whether an earlier row counted the same: which of the two is true, nobody can know."""
        first = self._seen.setdefault((counted.sku, counted.place, counted.lot), number)
        return {} if first == number else {"sku": f"counted at this place in row {first} already"}

    def _key(self, number: int) -> str:
        """Of the movement that a row leads to."""
        again = f"/{self._undone}" if self._undone else ""
        return f"import:{self._digest}{again}:{number}"

    def _count(self, counts: Sequence[Count], rows: Sequence[int]) -> dict[str, int]:
        moved = take_counts(
            counts,
            because=f"counted: {self._name}"[:255],
            document=f"import:{self._digest}",
            at=self._at,
            by=self._by,
        )
        emit([StockCounted(subject=self._subject, at=self._at, actor=self._by, rows=tuple(rows))])
        return moved
