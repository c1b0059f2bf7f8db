"""From when on a parcel is called likely late, and from when on lost."""

from datetime import datetime

from django.db import transaction

from quartermaster.core.actions.setting import keep_setting
from quartermaster.core.errors import Invalid
from quartermaster.tracking.actions.foresee import THRESHOLD
from quartermaster.tracking.queries.late import LOST_AFTER


def set_patience(threshold: float, lost_days: int, *, at: datetime, by: str) -> None:
    """threshold: likely late below this chance of being in time, 0.05 to 0.99. lost_days: without a sign of
    life, 3 to 60. Holds from the next look at what is under way. Raises Invalid."""
    errors = {}
    if not 0.05 <= threshold <= 0.99:
        errors["threshold"] = "from 5 to 99 percent"
    if not 3 <= lost_days <= 60:
        errors["lost_days"] = "from 3 to 60 days"
    if errors:
        raise Invalid(what="What is called late", errors=errors)
    with transaction.atomic():
        keep_setting(THRESHOLD, threshold, at=at, by=by)
        keep_setting(LOST_AFTER, lost_days, at=at, by=by)
