"""Products as rows of a table: those a filter leaves, page by page, with their cells."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from quartermaster.catalog.queries import states
from quartermaster.catalog.queries.edits import versions
from quartermaster.catalog.rules.columns import shown
from quartermaster.catalog.rules.sheets import row
from quartermaster.core import sql
from quartermaster.core.pages import Page, cut, position
from quartermaster.core.texts import literal

PART = 1000
CODES = """
select s.id, s.code from catalog_sku s
where s.id > %(after)s and (%(q)s = '' or s.code ilike %(prefix)s or s.title ilike %(within)s)
  and (%(cause)s = '' or exists (
    select from quality_finding f where f.sku_id = s.id and f.cause = %(cause)s and f.ignored_at is null))
  and (%(inactive)s or s.is_active)
order by s.id limit %(limit)s
"""


class ProductRow(NamedTuple):
    """cells: by column, as text."""

    id: int
    code: str
    version: int
    cells: dict[str, str]


def product_rows(
    columns: Sequence[str],
    *,
    q: str = "",
    cause: str = "",
    inactive: bool = False,
    after: str = "",
    limit: int,
) -> Page[ProductRow]:
    """Oldest first. q: the beginning of a code or a part of a title; cause: of an open finding."""
    found = cut(_codes(q, cause, inactive, position(after) or 0, limit + 1), limit, lambda one: int(one[0]))
    codes = [code for _, code in found.items]
    known, counted = states(codes), versions(codes)
    rows = [
        ProductRow(id_, code, counted[code], {name: shown(name, known[code].facts) for name in columns})
        for id_, code in found.items
        if code in known
    ]
    return Page(rows, found.next)


def file_rows(
    columns: Sequence[str], *, q: str = "", cause: str = "", inactive: bool = False
) -> Iterator[list[list[str]]]:
    """All of them as lines of a file, in parts."""
    after = 0
    while part := _codes(q, cause, inactive, after, PART):
        codes = [code for _, code in part]
        known, counted = states(codes), versions(codes)
        yield [row(code, counted[code], known[code].facts, columns) for code in codes if code in known]
        after = part[-1][0]


def _codes(q: str, cause: str, inactive: bool, after: int, limit: int) -> list[tuple[int, str]]:
    like = literal(q)
    asked = {"q": q, "prefix": f"{like}%", "within": f"%{like}%", "cause": cause, "inactive": inactive}
    return [
        (int(id_), code)
        for id_, code in sql.run(CODES, {**asked, "after": after, "limit": limit}, prepare=False)
    ]
