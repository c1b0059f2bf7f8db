"""What destinations take for goods that come in, as people tell it."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from msgspec.structs import replace

from quartermaster.core import sql
from quartermaster.core.errors import Invalid
from quartermaster.core.events import emit
from quartermaster.core.imports import Given, Kind, Step, Taken
from quartermaster.events import TariffChanged
from quartermaster.shipping.queries.landed import tariff_version
from quartermaster.shipping.queries.tariff import tariff_line
from quartermaster.shipping.rules import tariff_rows as rows
from quartermaster.shipping.rules.landed import Rate, problems

# The same line from the same day is one, told anew.
WRITE = """
insert into shipping_tariff as r (kind, country, hs_prefix, origin, carrier, service, percent_bp,
  amount_minor, currency, basis, from_on, until_on, source, is_example, version, written_at, written_by)
select kind, country, hs_prefix, origin, carrier, service, percent_bp, amount_minor, currency, basis, from_on,
  until_on, source, is_example, %(version)s, %(at)s, %(by)s
from jsonb_to_recordset(%(lines)s::jsonb) as t(kind text, country text, hs_prefix text, origin text,
  carrier text, service text, percent_bp int, amount_minor bigint, currency text, basis text, from_on date,
  until_on date, source text, is_example boolean)
on conflict (kind, country, hs_prefix, origin, carrier, service, from_on) do update
  set percent_bp = excluded.percent_bp, amount_minor = excluded.amount_minor, currency = excluded.currency,
    basis = excluded.basis, until_on = excluded.until_on, source = excluded.source,
    is_example = excluded.is_example, version = excluded.version, written_at = excluded.written_at,
    written_by = excluded.written_by
  where (r.percent_bp, r.amount_minor, r.currency, r.basis, r.until_on, r.source, r.is_example)
    is distinct from (excluded.percent_bp, excluded.amount_minor, excluded.currency, excluded.basis,
      excluded.until_on, excluded.source, excluded.is_example)
returning id
"""


def write_tariff(lines: Sequence[Rate], *, because: str, at: datetime, by: str) -> int:
    """Write these lines: a new version, when one of them is new or differs. Returns how many are. Estimates
    that were stored keep the lines they were made from. Raises Invalid."""
    errors = {f"{n} {name}": what for n, line in enumerate(lines, 1) for name, what in problems(line)}
    if errors:
        raise Invalid(what="The tariff", errors=errors)
    single = {
        (each.kind, each.country, each.hs_prefix, each.origin, each.carrier, each.service, each.from_on): each
        for each in lines
    }
    with transaction.atomic():
        sql.run("lock table shipping_tariff in share row exclusive mode")
        version = tariff_version() + 1
        told = {"lines": sql.rows(single.values()), "version": version, "at": at, "by": by}
        count = len(sql.run(WRITE, told))
        if count:
            changed = TariffChanged(
                subject="tariff", at=at, actor=by, version=version, lines=count, because=because
            )
            emit([changed])
    return count


def end_tariff(line_id: int, *, last_on: date, because: str, at: datetime, by: str) -> None:
    """A line holds through that day and no longer. Stored estimates stay. Raises NotFound, Invalid."""
    if not because.strip():
        raise Invalid(what="The line", errors={"because": "say why"})
    ended = replace(tariff_line(line_id), until_on=last_on)
    write_tariff([ended], because=because, at=at, by=by)


class Tariff(Kind):
    """The kind of import named `tariff`."""

    columns = rows.COLUMNS
    required = rows.REQUIRED
    days = ("from_on", "until_on")
    numbers = ("percent", "amount")

    def __init__(self, *, at: datetime, by: str) -> None:
        self._at, self._by = at, by

    def steps(self, *, digest: str, name: str) -> Sequence[Step]:
        return [_Lines(name, self._at, self._by)]


class _Lines:
    def __init__(self, name: str, at: datetime, by: str) -> None:
        self._name, self._at, self._by = name, at, by

    def wants(self, row: Given) -> bool:
        return True

    def take(self, given: Sequence[Given]) -> list[Taken]:
        read = [rows.rate(each.cells) for each in given]
        sound = [line for line, _ in read if line is not None]
        because = f"imported from {self._name}"
        changed = write_tariff(sound, because=because, at=self._at, by=self._by) if sound else 0
        return [
            Taken(is_new=changed > 0)
            if line is not None
            else Taken("; ".join(f"{column}: {what}" for column, what in errors.items()))
            for line, errors in read
        ]
