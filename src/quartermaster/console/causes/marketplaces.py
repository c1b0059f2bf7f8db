"""Measures of a marketplace that are close to their target or break it. Good again, they go by themselves."""

from quartermaster.console.causes.cause import Cause, Group, Told, When, many

ROWS = """
select c.slug || ' ' || s.country as of, s.measure || ':' || s.window_days as act, s.told as title,
  '/marketplaces/' || c.slug || '/' || s.measure || '?country=' || s.country || '&days=' || s.window_days
    as link,
  case s.state when 'red' then 'broken: ' else 'close: ' end || s.told as note, s.since as at,
  null::timestamptz as due_at, null::bigint as minor, '' as currency, null::bigint as order_id
from marketplaces_standing s join inbox_connection c on c.id = s.connection_id
where s.is_newest and s.state in ('amber', 'red') and c.is_active
"""


def tell(group: Group) -> Told:
    slug, _, country = group.of.partition(" ")
    where = f"{slug} in {country}" if country else slug
    is_broken = group.note.startswith("broken: ")
    title = (
        f"{where}: {many(group, 'measure')} of account health {'broken or close' if is_broken else 'close'}"
    )
    why = f"{group.note.partition(': ')[2]}."
    when = When.NOW if is_broken else When.NEXT
    return Told(when, title, why, "See the orders", "/marketplaces", clause=title)


CAUSE = Cause("marketplaces", "Account health", ROWS, tell)
