"""The list of goods that may not go everywhere, written by people."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from quartermaster.catalog.rules.restrictions import Restriction, problems
from quartermaster.core import sql
from quartermaster.core.errors import Invalid, NotFound
from quartermaster.core.events import emit
from quartermaster.events import RestrictionsChanged

# The same line from the same day is one, told anew.
WRITE = """
insert into catalog_restriction as r (level, because, country, site, carrier, service, hs_prefix, sku,
  is_hazmat, tag, from_on, until_on, source, is_import, written_at, written_by)
select level, because, country, site, carrier, service, hs_prefix, sku, is_hazmat, tag, from_on, until_on,
  source, is_import, %(at)s, %(by)s
from jsonb_to_recordset(%(lines)s::jsonb) as t(level text, because text, country text, site text,
  carrier text, service text, hs_prefix text, sku text, is_hazmat boolean, tag text, from_on date,
  until_on date, source text, is_import boolean)
on conflict (country, site, carrier, service, hs_prefix, sku, is_hazmat, tag, from_on) do update
  set level = excluded.level, because = excluded.because, until_on = excluded.until_on,
    source = excluded.source, is_import = excluded.is_import,
    written_at = excluded.written_at, written_by = excluded.written_by
  where (r.level, r.because, r.until_on, r.source, r.is_import) is distinct from
    (excluded.level, excluded.because, excluded.until_on, excluded.source, excluded.is_import)
returning id, country, hs_prefix, sku, tag, from_on, xmax = 0
"""
FIND = "select from_on, country, because from catalog_restriction where id = %s for update"
END = "update catalog_restriction set until_on = %s, written_at = %s, written_by = %s where id = %s"
FORGET = "delete from catalog_restriction where id = %s"
TOLD_MAX = 20  # lines named in the fact


def restrict(lines: Sequence[Restriction], *, at: datetime, by: str) -> int:
    """Write these lines; returns how many were new or differed. Orders that come, or change, from now on are
    held by them, and no parcel gets a label against them. Raises Invalid."""
    errors = {f"{n} {name}": what for n, line in enumerate(lines, 1) for name, what in problems(line).items()}
    if errors:
        raise Invalid(what="The list", errors=errors)
    # The last of several that are the same line counts.
    single = {(*_key(line), line.from_on): line for line in lines}
    with transaction.atomic():
        found = sql.run(WRITE, {"lines": sql.rows(single.values()), "at": at, "by": by})
        if found:
            told = tuple(
                f"{country or 'anywhere'}: {hs or sku or tag or 'hazmat'} from {day}"
                for _, country, hs, sku, tag, day, _ in found[:TOLD_MAX]
            )
            _tell(told, f"{len(found)} written", at=at, by=by)
    return len(found)


def lift(restriction_id: int, *, last_on: date, because: str, at: datetime, by: str) -> None:
    """The line holds through that day and no longer; one that has not begun by then is forgotten. Raises
    NotFound, Invalid."""
    if not because.strip():
        raise Invalid(what="The line", errors={"because": "say why"})
    with transaction.atomic():
        found = sql.run(FIND, (restriction_id,))
        if not found:
            raise NotFound(what="restriction", which=restriction_id)
        ((from_on, country, why),) = found
        if last_on < from_on:
            sql.run(FORGET, (restriction_id,))
        else:
            sql.run(END, (last_on, at, by, restriction_id))
        _tell((f"{country or 'anywhere'}: {why}",), because, at=at, by=by)


def _key(line: Restriction) -> tuple[object, ...]:
    goods = (line.hs_prefix, line.sku, line.is_hazmat, line.tag)
    return (line.country, line.site, line.carrier, line.service, *goods)


def _tell(lines: tuple[str, ...], because: str, *, at: datetime, by: str) -> None:
    emit([RestrictionsChanged(subject="restrictions", at=at, actor=by, lines=lines, because=because)])
