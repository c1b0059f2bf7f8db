"""Import locations: one row a site."""

from collections.abc import Sequence
from datetime import datetime

from quartermaster.core.errors import Invalid
from quartermaster.core.imports import Given, Kind, Step, Taken
from quartermaster.core.imports.run import why
from quartermaster.stock.actions.locate import locate
from quartermaster.stock.actions.withdraw_sites import back_again
from quartermaster.stock.rules import locations

MADE = "location"


class Locations(Kind):
    """The kind of import named `locations`."""

    columns = locations.COLUMNS
    required = locations.REQUIRED
    rows_depend = True

    def __init__(self, *, at: datetime, by: str) -> None:
        self._at, self._by, self._source = at, by, ""

    def steps(self, *, digest: str, name: str) -> Sequence[Step]:
        self._source = f"import {name}"
        return [self]

    def wants(self, row: Given) -> bool:
        return True

    def take(self, given: Sequence[Given]) -> list[Taken]:
        read = [locations.row(row.cells) for row in given]
        sites = back_again([site for site, errors in read if not errors])
        located = iter(locate(sites, at=self._at, by=self._by, source=self._source))
        taken = []
        for site, errors in read:
            if errors:
                wrong = locations.errors_in(site.code, {**locations.NEW, **site.given()})
                taken.append(Taken(why(Invalid(what="The row", errors={**wrong, **errors}))))
            else:
                one = next(located)
                made = ((MADE, one.location_id),) if one.is_made and one.location_id else ()
                taken.append(Taken(why(one.refused) if one.refused else "", is_new=one.is_new, made=made))
        return taken
