"""What a marketplace can be asked about our own standing, and about what its buyers say of us."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from msgspec import Struct

from quartermaster.core.outside import Account


class Figure(Struct, frozen=True):
    """One measure of one marketplace over some days, as it says itself. country: ISO 3166-1 alpha-2. measure:
    odr, lsr, cr, vtr, otdr, rtd. numerator as it is told: of vtr and otdr what went right, of all others the
    defects."""

    measure: str
    country: str
    first_on: date
    last_on: date
    numerator: int
    denominator: int


class StandingReports(Protocol):
    """Figures come as a report that is asked for first and read later."""

    def ask(self, *, account: Account) -> str:
        """Have a report made; answers its name there. Asked twice there are two reports, and no harm. Raises
        RefusedOutside, NotDone."""
        ...

    def read(self, *, account: Account, reference: str) -> Sequence[Figure] | None:
        """Its figures; None while it is not ready. Raises RefusedOutside when there will never be any
        (Missing where it is forgotten), NotDone when it may be asked again."""
        ...


class Feedback(Struct, frozen=True):
    """What a buyer said of one order, by the marketplace's own number for it. stars: 1 to 5."""

    order: str
    told_on: date
    stars: int
    comment: str


class FeedbackTold(Struct, frozen=True):
    """is_whole: all there is since the day that was asked from, so what was known and is not among it was
    taken away. unread: rows that could not be read."""

    rows: tuple[Feedback, ...]
    is_whole: bool
    unread: int = 0


class FeedbackReports(Protocol):
    """A marketplace that tells what buyers say, at least where it counts against us: as a report, too."""

    def ask(self, *, account: Account, since: date) -> str:
        """As `StandingReports.ask`."""
        ...

    def read(self, *, account: Account, reference: str) -> FeedbackTold | None:
        """As `StandingReports.read`."""
        ...
