"""What marketplaces hold us to, and how we stand there."""

from datetime import date
from typing import ClassVar

from quartermaster.core.events import Event


class TermsWritten(Event, frozen=True, kw_only=True):
    """A person wrote what a marketplace holds us to from a day on. country: "" for all that have none."""

    kind: ClassVar[str] = "marketplace"
    marketplace: str
    country: str
    measure: str
    from_on: date
    because: str


class DefectTold(Event, frozen=True, kw_only=True):
    """A buyer told a marketplace that an order was bad, or what became of that. defect: feedback, claim or
    chargeback; outcome: open, granted, denied, withdrawn, removed."""

    kind: ClassVar[str] = "order"
    order_id: int
    defect_id: int
    defect: str
    outcome: str
    stars: int | None = None


class CountContested(Event, frozen=True, kw_only=True):
    """A person says why an order should not count against us. It counts all the same."""

    kind: ClassVar[str] = "order"
    order_id: int
    measure: str
    reference: str
    because: str


class OfficialTold(Event, frozen=True, kw_only=True):
    """What the marketplace itself says of a measure, over some days."""

    kind: ClassVar[str] = "connection"
    connection: str
    country: str
    measure: str
    first_on: date
    last_on: date
    numerator: int
    denominator: int


class StandingMoved(Event, frozen=True, kw_only=True):
    """A measure turned amber, red, or good again. bad of n rows of the window are defects."""

    kind: ClassVar[str] = "connection"
    connection: str
    country: str
    measure: str
    window_days: int
    before: str
    state: str
    bad: int
    n: int
