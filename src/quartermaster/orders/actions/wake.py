"""Messages that waited for an order which has come meanwhile: a capture
in another transaction may have missed them."""

from django.db import transaction

from quartermaster.core import sql

# Looked up by the order's own key, so that it costs nothing however many orders there are.
WAKE = """
update inbox_message set waits_for = null where id in (
  select m.id from inbox_message m join orders_order o on o.connection_id = m.connection_id
    and o.external_id = substr(m.waits_for, length('order:' || m.connection_id || '/') + 1)
  where m.waits_for is not null and starts_with(m.waits_for, 'order:' || m.connection_id || '/')
  for update of m skip locked)
"""


def wake_late() -> int:
    """Make them due again; returns how many. Cheap: an index holds only messages that wait."""
    with transaction.atomic():
        return sql.change(WAKE)
