"""Import bins: one row a bin, its site by code."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from quartermaster.core.errors import Invalid, NotFound
from quartermaster.core.imports import Given, Kind, Step, Taken
from quartermaster.core.imports.run import why
from quartermaster.stock.actions.lay_bins import Laid, lay_bins
from quartermaster.stock.rules import bins
from quartermaster.stock.rules.bins import BinWanted

MADE: Final = "bin"


class Bins(Kind):
    """The kind of import named `bins`."""

    columns = bins.COLUMNS
    required = ("location", "bin")
    rows_depend = True

    def __init__(self, *, at: datetime, by: str) -> None:
        self._at, self._by = at, by

    def steps(self, *, digest: str, name: str) -> Sequence[Step]:
        return [self]

    def wants(self, row: Given) -> bool:
        return True

    def take(self, given: Sequence[Given]) -> list[Taken]:
        taken: dict[int, Taken] = {}
        sites: dict[str, list[tuple[int, BinWanted]]] = {}
        for n, row in enumerate(given):
            wanted, errors = bins.row(row.cells)
            if errors:
                wrong = bins.errors_in(wanted.code, {**bins.NEW, **wanted.given()})
                taken[n] = Taken(why(Invalid(what="The row", errors={**wrong, **errors})))
            else:
                sites.setdefault(row.cells["location"], []).append((n, wanted))
        for site, rows in sites.items():
            for (n, _), one in zip(rows, self._laid(site, [wanted for _, wanted in rows]), strict=True):
                made = ((MADE, one.made),) if one.made else ()
                taken[n] = Taken(why(one.refused) if one.refused else "", is_new=one.is_new, made=made)
        return [taken[n] for n in range(len(given))]

    def _laid(self, site: str, wanted: Sequence[BinWanted]) -> list[Laid]:
        try:
            return lay_bins(site, wanted, at=self._at, by=self._by)
        except NotFound:
            error = Invalid(what="The row", errors={"location": "no such location: import locations first"})
            return [Laid(error)] * len(wanted)
