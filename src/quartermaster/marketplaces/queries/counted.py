"""The orders that count: those in the numerator, and those of which nobody knows."""

from collections.abc import Sequence
from datetime import date, datetime

import msgspec

from quartermaster.core import sql
from quartermaster.core.pages import LIMIT, Page, cut, position

COUNTED = """
select row_to_json(x)::text from (
  select c.id, 'SO-' || c.order_id as number, o.external_name, c.reference, c.day_on, c.weight, c.is_defect,
    c.because, t.because as contested, t.actor, t.at as contested_at
  from marketplaces_counted c join orders_order o on o.id = c.order_id
  left join lateral (select t.because, t.actor, t.at from marketplaces_contest t
    where t.order_id = c.order_id and t.measure = c.measure and t.reference = c.reference
    order by t.id desc limit 1) t on true
  where c.connection_id = %(connection)s and c.measure = %(measure)s and c.country = %(country)s
    and c.day_on between %(first)s and %(last)s and c.is_defect = %(is_defect)s
    and (%(on)s::date is null or (c.day_on, c.id) < (%(on)s::date, %(id)s))
  order by c.day_on desc, c.id desc limit %(limit)s) x
"""
CONTESTED = """
select count(*), coalesce(sum(c.weight), 0)::bigint from marketplaces_counted c
where c.connection_id = %(connection)s and c.measure = %(measure)s and c.country = %(country)s
  and c.day_on between %(first)s and %(last)s and c.is_defect and exists (
    select from marketplaces_contest t where t.order_id = c.order_id and t.measure = c.measure
      and t.reference = c.reference)
"""
PLACE = "select day_on from marketplaces_counted where id = %s"


class CountedShown(msgspec.Struct, frozen=True):
    """An order, or a parcel of it (reference), that counts. contested: why somebody says it should not."""

    id: int
    number: str
    external_name: str
    reference: str
    day_on: date
    weight: int
    is_defect: bool
    because: str
    contested: str | None
    actor: str | None
    contested_at: datetime | None


_decode = msgspec.json.Decoder(CountedShown)


def counted(
    connection_id: int,
    measure: str,
    country: str,
    first: date,
    last: date,
    *,
    is_defect: bool = True,
    after: str = "",
    limit: int = LIMIT,
) -> Page[CountedShown]:
    """The newest day first. is_defect False: those of which nobody knows."""
    asked = _asked(connection_id, measure, country, first, last)
    behind = position(after)
    place = sql.run(PLACE, (behind,)) if behind else []
    asked |= {"is_defect": is_defect, "limit": limit + 1, "id": behind, "on": place[0][0] if place else None}
    return cut([_decode.decode(row) for (row,) in sql.run(COUNTED, asked)], limit, lambda one: one.id)


def contested(connection_id: int, measure: str, country: str, first: date, last: date) -> Sequence[int]:
    """How many of those that count are contested, and what they weigh."""
    return sql.run(CONTESTED, _asked(connection_id, measure, country, first, last))[0]


def _asked(connection_id: int, measure: str, country: str, first: date, last: date) -> dict[str, object]:
    return {
        "connection": connection_id,
        "measure": measure,
        "country": country,
        "first": first,
        "last": last,
    }
