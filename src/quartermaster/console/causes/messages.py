"""Messages that could not be read, or failed again and again."""

from quartermaster.console.causes.cause import Cause, Group, Told, When, many

_ROWS = """
select m.state as of, m.id::text as act, c.slug || ' ' || m.topic as title, '/messages/' || m.id as link,
  m.because as note, m.received_at as at, null::timestamptz as due_at, null::bigint as minor, '' as currency,
  null::bigint as order_id
from inbox_message m join inbox_connection c on c.id = m.connection_id
where m.state = '{}'
"""
# Each state is written out: only then does the planner see that the index of open messages serves it.
ROWS = f"{_ROWS.format('stuck')} union all {_ROWS.format('unreadable')}"


def tell(group: Group) -> Told:
    is_so = "could not be read" if group.of == "unreadable" else "failed again and again"
    title = f"{many(group, 'message')} {is_so}"
    verb = "Read it again" if group.rows == 1 else "Read them again"
    return Told(When.NOW, title, f"The newest: {group.note.rstrip('.')}.", verb, clause=title)


CAUSE = Cause("messages", "Messages", ROWS, tell, fix="replay")
