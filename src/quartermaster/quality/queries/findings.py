"""What was found, by cause and by SKU, what is worth mending first, and the list of products."""

from datetime import datetime
from typing import Literal

import msgspec

from quartermaster.core import sql
from quartermaster.core.errors import NotFound
from quartermaster.core.pages import LIMIT, Page, cut, position
from quartermaster.core.texts import short
from quartermaster.quality.rules.causes import CAUSES
from quartermaster.quality.rules.goods import Fix

type Show = Literal["open", "ignored", "fixable"]

FINDINGS = """
select row_to_json(r)::text from (
  select f.id, f.cause, f.about, f.severity, f.points, f.says, f.fix, f.found_at, f.ignored_because,
    f.ignored_by, f.ignored_at, s.code as sku, coalesce(s.title, l.title) as title, c.slug as connection,
    l.name as listing,
    coalesce(g.at_risk_minor, 0) as at_risk_minor, coalesce(g.currency, '') as currency
  from quality_finding f left join catalog_sku s on s.id = f.sku_id
  left join quality_graded g on g.sku_id = f.sku_id
  left join channels_listing l on l.id = f.listing_id left join inbox_connection c on c.id = l.shop_id
  where {which} order by f.id limit %(limit)s) r
"""
SHOWS = {
    "open": "f.ignored_at is null",
    "ignored": "f.ignored_at is not null",
    "fixable": "f.ignored_at is null and f.fix is not null",
}
COUNTS = """
select cause, count(*) filter (where ignored_at is null)::int,
  count(*) filter (where ignored_at is null and fix is not null)::int,
  count(*) filter (where ignored_at is not null)::int
from quality_finding group by 1
"""
STANDS = """
select row_to_json(r)::text from (
  select count(*)::int as products, coalesce(round(avg(score)), 100)::int as score,
    count(*) filter (where score = 100)::int as whole, count(*) filter (where errors > 0)::int as with_errors,
    (select count(*)::int from (select from quality_dirty limit 100001) d) as waiting
  from quality_graded) r
"""
NEXT = """
select row_to_json(r)::text from (
  select s.code as sku, s.title, g.score, g.errors, g.warnings, g.at_risk_minor, g.currency
  from quality_graded g join catalog_sku s on s.id = g.sku_id
  where g.score < 100 order by g.at_risk_minor desc, g.score, g.sku_id limit %(limit)s) r
"""
GRADE = """
select row_to_json(r)::text from (
  select s.code as sku, s.title, s.version, coalesce(g.score, 100) as score, coalesce(g.errors, 0) as errors,
    coalesce(g.warnings, 0) as warnings, coalesce(g.hints, 0) as hints,
    coalesce(g.at_risk_minor, 0) as at_risk_minor, coalesce(g.currency, '') as currency, g.looked_at,
    coalesce(g.channels, '{}') as channels
  from catalog_sku s left join quality_graded g on g.sku_id = s.id where s.code = %s) r
"""


class FindingShown(msgspec.Struct, frozen=True):
    """severity: 1 error, 2 warning, 3 hint. sku: None for a listing that is no SKU of ours; then connection
    and listing name it."""

    id: int
    cause: str
    about: str
    severity: int
    points: int
    says: str
    fix: Fix | None
    found_at: datetime
    ignored_because: str
    ignored_by: str
    ignored_at: datetime | None
    sku: str | None
    title: str
    connection: str | None
    listing: str | None
    at_risk_minor: int
    currency: str


class Counted(msgspec.Struct, frozen=True):
    """How often a cause was found: open, of those with a fix, and let be."""

    cause: str
    title: str
    why: str
    severity: int
    open: int
    fixable: int
    ignored: int


class Stands(msgspec.Struct, frozen=True):
    """score: the mean. whole: SKUs without a finding. waiting: to be looked at anew."""

    products: int
    score: int
    whole: int
    with_errors: int
    waiting: int


class AtShop(msgspec.Struct, frozen=True):
    """How much of what a shop needs is there, and what is not."""

    percent: int
    lacks: tuple[str, ...]


class Grade(msgspec.Struct, frozen=True):
    """A SKU as it was last looked at; looked_at None: not yet."""

    sku: str
    title: str
    version: int
    score: int
    errors: int
    warnings: int
    hints: int
    at_risk_minor: int
    currency: str
    looked_at: datetime | None
    channels: dict[str, AtShop]


class Worth(msgspec.Struct, frozen=True):
    """A SKU to be mended first: most open on orders, then the lowest score."""

    sku: str
    title: str
    score: int
    errors: int
    warnings: int
    at_risk_minor: int
    currency: str


_finding = msgspec.json.Decoder(FindingShown)
_stands = msgspec.json.Decoder(Stands)
_grade = msgspec.json.Decoder(Grade)
_worth = msgspec.json.Decoder(Worth)


def findings(
    *, cause: str = "", sku: str = "", show: Show = "open", after: str = "", limit: int = LIMIT
) -> Page[FindingShown]:
    """The oldest first."""
    which = [SHOWS[show], "f.id > %(after)s"]
    if cause:
        which.append("f.cause = %(cause)s")
    if sku:
        which.append("f.sku_id = (select id from catalog_sku where code = %(sku)s)")
    asked = {"cause": cause, "sku": sku, "after": position(after) or 0, "limit": limit + 1}
    found = sql.run(FINDINGS.format(which=" and ".join(which)), asked, prepare=False)
    return cut([_finding.decode(row) for (row,) in found], limit, lambda one: one.id)


def of_sku(code: str) -> list[FindingShown]:
    """All of a SKU, those let be last, else the worst first."""
    found = findings(sku=code, limit=200).items + findings(sku=code, show="ignored", limit=200).items
    return sorted(found, key=lambda one: (one.ignored_at is not None, one.severity, one.id))


def counts() -> list[Counted]:
    """Every cause there is, the worst and most frequent first."""
    found = {cause: rest for cause, *rest in sql.run(COUNTS)}
    told = [
        Counted(one.name, one.title, one.why, one.severity, *found.get(one.name, (0, 0, 0)))
        for one in CAUSES.values()
    ]
    return sorted(told, key=lambda one: (one.open == 0, one.severity, -one.open, one.title))


def stands() -> Stands:
    return _stands.decode(sql.run(STANDS)[0][0])


def worth_mending(limit: int = 10) -> list[Worth]:
    return [_worth.decode(row) for (row,) in sql.run(NEXT, {"limit": limit})]


def grade(code: str) -> Grade:
    """Raises NotFound."""
    for (row,) in sql.run(GRADE, (code,)):
        return _grade.decode(row)
    raise NotFound(what="SKU", which=short(code, 80))
