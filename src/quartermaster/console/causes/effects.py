"""What we asked the outside to do without a clear answer: settled by asking, never by guessing."""

from quartermaster.console.causes.cause import Cause, Group, Told, When, many

ROWS = """
select w.task as of, w.id::text as act, w.subject as title,
  case when w.subject like 'order:%%' then '/orders/' || substr(w.subject, 7) else '/exceptions/effects' end
    as link,
  w.because as note, w.created_at as at, w.due_at, null::bigint as minor, '' as currency,
  null::bigint as order_id
from core_outbox w where w.state = 'unknown'
"""


def tell(group: Group) -> Told:
    title = f"{many(group, 'request')} without a clear answer"
    why = (
        f"{group.of}: {group.note.rstrip('.') or 'no answer came'}. The other side is asked again by itself."
    )
    return Told(When.NEXT, title, why, "See them")


CAUSE = Cause("effects", "Unknown effects", ROWS, tell)
