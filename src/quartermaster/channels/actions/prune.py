"""Forget what shops were sent long ago: it explains the numbers of these weeks, and measures their lag."""

from datetime import datetime, timedelta

from django.db import transaction

from quartermaster.channels.actions.prices.mark import mark_blocked
from quartermaster.core import sql

KEPT = timedelta(days=28)
PRUNE = "delete from channels_push where answered_at < %s"
STOOD = timedelta(days=400)  # longer than a sale and what is looked back from its beginning
FORGET = "delete from channels_price_stood where until < %s"
PRUNE_BULK = "delete from channels_bulk where over_at < %s"
PRUNE_PRICES = "delete from channels_price_push where answered_at < %s"


@transaction.atomic
def prune(*, at: datetime) -> int:
    """Returns how many were forgotten. Prices that a guard holds back are judged anew: days have passed."""
    mark_blocked()
    sql.run(FORGET, (at - STOOD,))
    sql.run(PRUNE_BULK, (at - KEPT,))
    return sql.change(PRUNE, (at - KEPT,)) + sql.change(PRUNE_PRICES, (at - KEPT,))
