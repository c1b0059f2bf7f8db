"""Import products: first all SKUs, then the kits, whose parts may stand anywhere in the file."""

from collections.abc import Sequence
from datetime import datetime

from quartermaster.catalog.actions.assemble import Kit, set_kits
from quartermaster.catalog.actions.outcomes import Outcome
from quartermaster.catalog.actions.save import save_skus
from quartermaster.catalog.actions.withdraw import back_again
from quartermaster.catalog.rules import rows, skus
from quartermaster.core.errors import Invalid, Refused
from quartermaster.core.imports import Given, Kind, Step, Taken
from quartermaster.core.imports.run import why

MADE = "product"


class Products(Kind):
    """The kind of import named `products`."""

    columns = rows.COLUMNS
    required = rows.REQUIRED
    numbers = rows.NUMBERS
    rows_depend = True

    def __init__(self, *, at: datetime, by: str) -> None:
        self._at, self._by = at, by

    def steps(self, *, digest: str, name: str) -> Sequence[Step]:
        source = f"import {name}"
        return [_Skus(self._at, self._by, source), _Kits(self._at, self._by, source)]


class _Skus:
    def __init__(self, at: datetime, by: str, source: str) -> None:
        self._at, self._by, self._source = at, by, source

    def wants(self, row: Given) -> bool:
        return True

    def take(self, given: Sequence[Given]) -> list[Taken]:
        read = [rows.product(row.cells) for row in given]
        drafts = back_again([product.draft for product in read if not product.errors])
        saved = iter(save_skus(drafts, at=self._at, by=self._by, source=self._source))
        return [_taken(_unread(product) if product.errors else next(saved)) for product in read]


class _Kits:
    def __init__(self, at: datetime, by: str, source: str) -> None:
        self._at, self._by, self._source = at, by, source

    def wants(self, row: Given) -> bool:
        return bool(row.cells["kit"])

    def take(self, given: Sequence[Given]) -> list[Taken]:
        read = [rows.product(row.cells) for row in given]
        kits = [Kit(product.draft.code, product.parts) for product in read]
        return [_taken(one) for one in set_kits(kits, at=self._at, by=self._by, source=self._source)]


def _unread(product: rows.Product) -> Outcome:
    """Every field that is wrong, at once: what cannot be read, and what was read and cannot be."""
    draft = product.draft
    errors = {**skus.errors_in(draft.code, skus.after(skus.NEW, draft)), **product.errors}
    return Outcome(None, Invalid(what="The row", errors=errors))


def _taken(outcome: Outcome) -> Taken:
    refused: Refused | None = outcome.refused
    return Taken(
        why=why(refused) if refused else "",
        doubt="; ".join(outcome.doubts.values()),
        is_new=outcome.is_new,
        made=((MADE, outcome.sku_id),) if outcome.is_made and outcome.sku_id else (),
    )
