"""Messages that waited for an order which has come meanwhile: a capture
in another transaction may have missed them."""

from django.db import transaction

from quartermaster.core import sql

WAKE = """
update inbox_message m set waits_for = null
from orders_order o
where m.waits_for is not null
  and m.waits_for = 'order:' || o.connection_id || '/' || o.external_id
  and o.connection_id = m.connection_id
"""


def wake_late() -> int:
    """Make them due again; returns how many. Cheap: an index holds only messages that wait."""
    with transaction.atomic():
        return sql.change(WAKE)
