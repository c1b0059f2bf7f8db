"""Until when a promise can be kept."""

from datetime import UTC, date, datetime, time, timedelta

ANYWHERE = timedelta(hours=12)  # a day is over everywhere twelve hours after it is in UTC


def due(promised_on: date | None, promised_by: datetime | None) -> datetime | None:
    """The moment that was promised; of a day alone, the moment when it is over wherever the receiver may be.
    None: nothing was promised."""
    if promised_by is not None or promised_on is None:
        return promised_by
    return datetime.combine(promised_on + timedelta(days=1), time(), UTC) + ANYWHERE
