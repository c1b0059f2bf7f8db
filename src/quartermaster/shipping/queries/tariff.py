"""What destinations take for goods that come in, line by line."""

from datetime import date, datetime

import msgspec

from quartermaster.core import sql
from quartermaster.core.errors import NotFound
from quartermaster.core.pages import LIMIT, Page, cut, position
from quartermaster.shipping.rules.landed import Rate

LISTED = """
select row_to_json(r)::text from (
  select id, version, written_at, written_by, kind, country, from_on, source, hs_prefix, origin, carrier,
    service, percent_bp, amount_minor, currency, basis, until_on, is_example
  from shipping_tariff
  where (%(country)s = '' or country = %(country)s) and (%(after)s::bigint is null or id < %(after)s)
    and (%(holds_on)s::date is null or until_on is null or until_on >= %(holds_on)s)
  order by id desc limit %(limit)s) r
"""
LINE = """
select row_to_json(r)::text from (
  select kind, country, from_on, source, hs_prefix, origin, carrier, service, percent_bp, amount_minor,
    currency, basis, until_on, is_example
  from shipping_tariff where id = %s) r
"""


class TariffRow(Rate, frozen=True, kw_only=True):
    """A line, and who told it in which version."""

    id: int
    version: int
    written_at: datetime
    written_by: str


_row, _line = msgspec.json.Decoder(TariffRow), msgspec.json.Decoder(Rate)


def tariff_listed(
    *, country: str = "", holds_on: date | None = None, after: str = "", limit: int = LIMIT
) -> Page[TariffRow]:
    """Newest line first; with `holds_on` without those that have ended by then."""
    told = {"country": country, "holds_on": holds_on, "after": position(after), "limit": limit + 1}
    return cut([_row.decode(row) for (row,) in sql.run(LISTED, told)], limit, lambda row: row.id)


def tariff_line(line_id: int) -> Rate:
    """Raises NotFound."""
    for (found,) in sql.run(LINE, (line_id,)):
        return _line.decode(found)
    raise NotFound(what="line of the tariff", which=line_id)
