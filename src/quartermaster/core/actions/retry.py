"""Let a stuck delivery go again: its cause was removed, or a person wants to see it fail."""

from datetime import datetime
from typing import ClassVar

from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.errors import NotFound
from quartermaster.core.events import Event, emit
from quartermaster.core.river import signal

RETRY = """
update core_delivery set stuck_at = null, retry_at = null, attempts = 0, because = ''
where id = %s and stuck_at is not null returning subject, listener, event_id
"""


class DeliveryRetried(Event, frozen=True, kw_only=True):
    """A person let a stuck delivery go again. Recorded with the subject that was held up by it."""

    kind: ClassVar[str] = "delivery"
    listener: str
    event_id: int


def retry(delivery_id: int, *, at: datetime, by: str) -> None:
    """Queue a stuck delivery anew, with all its attempts. Raises NotFound when it is not stuck (any more)."""
    with transaction.atomic():
        found = sql.run(RETRY, (delivery_id,))
        if not found:
            raise NotFound(what="stuck delivery", which=delivery_id)
        subject, listener, event_id = found[0]
        emit([DeliveryRetried(subject=subject, at=at, actor=by, listener=listener, event_id=event_id)])
    transaction.on_commit(signal.wake)
