"""Forget what shops were sent long ago: it explains the numbers of these weeks, and measures their lag."""

from datetime import datetime, timedelta

from django.db import transaction

from quartermaster.core import sql

KEPT = timedelta(days=28)
PRUNE = "delete from channels_push where answered_at < %s"


@transaction.atomic
def prune(*, at: datetime) -> int:
    """Returns how many were forgotten."""
    return sql.change(PRUNE, (at - KEPT,))
