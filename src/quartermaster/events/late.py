"""What is late, or likely to be: who sees to it, what they said of it, and from when on it is listed."""

from datetime import datetime
from typing import ClassVar

from quartermaster.core.events import Event


class LateForeseen(Event, frozen=True, kw_only=True):
    """A parcel under way will likely be late. chance: 0 to 1, that it is not."""

    kind: ClassVar[str] = "order"
    order_id: int
    parcel_id: int
    chance: float
    because: str


class LateAnswered(Event, frozen=True, kw_only=True):
    """Somebody said of something late that it is known (acknowledged), that it can wait until then (snoozed),
    or took that back (open). row: P-17, a parcel, or A-33, a part still in the house. late_as: as what it was
    listed. The answer ends by itself when it gets worse."""

    kind: ClassVar[str] = "order"
    order_id: int
    row: str
    late_as: str
    answer: str
    note: str
    until: datetime | None


class LateAssigned(Event, frozen=True, kw_only=True):
    """Somebody sees to something late. assignee: user:3, person: their name; empty: nobody any more."""

    kind: ClassVar[str] = "order"
    order_id: int
    row: str
    assignee: str
    person: str


class SilenceChanged(Event, frozen=True, kw_only=True):
    """How long carriers may be silent of a parcel before it is listed."""

    kind: ClassVar[str] = "silence"
    version: int
    because: str
