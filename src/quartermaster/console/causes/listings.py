"""Numbers that shops do not take, or have otherwise each time they are told."""

from quartermaster.console.causes.cause import Cause, Group, Told, When, many

ROWS = """
select c.slug as of, l.id::text as act, coalesce(nullif(l.code, ''), l.name) as title,
  '/listings/' || c.slug || '?show=trouble' as link, l.because as note,
  coalesce(l.sent_at, l.next_at) as at, null::timestamptz as due_at, null::bigint as minor, '' as currency,
  null::bigint as order_id
from channels_listing l join inbox_connection c on c.id = l.shop_id where l.state in ('refused', 'stuck')
"""


def tell(group: Group) -> Told:
    title = f"{group.of} does not take {many(group, 'number')}"
    why = f"It may sell what is not there. The newest: {group.note.rstrip('.')}."
    return Told(When.NEXT, title, why, "See them", f"/listings/{group.of}?show=trouble", clause=title)


CAUSE = Cause("listings", "Stock not taken", ROWS, tell, begins_anew=False)
