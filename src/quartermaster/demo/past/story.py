"""What became of one order of the past, in plain values."""

from collections.abc import Mapping
from datetime import date, datetime

from msgspec import Struct

from quartermaster.demo.company.carriers import Told
from quartermaster.demo.company.sales import Sale


class Sent(Struct, frozen=True):
    """One parcel. `lines`: line by place from 0 -> units of it."""

    site: str
    lines: Mapping[int, int]
    carrier: str
    tracking_number: str
    ship_by: datetime
    promised_on: date | None
    packed_at: datetime
    handed_over_at: datetime
    told: tuple[Told, ...]

    @property
    def delivered_at(self) -> datetime | None:
        return next((one.at for one in reversed(self.told) if one.status == "delivered"), None)


class Back(Struct, frozen=True):
    """Money given back for units of one line; they came back to `site`, or had never left ("")."""

    at: datetime
    line: int
    units: int
    amount_minor: int
    because: str
    site: str = ""


class Opinion(Struct, frozen=True):
    kind: str  # csat | nps
    score: int
    at: datetime
    comment: str = ""


class Story(Struct, frozen=True):
    """An order that is over, or on its way to the buyer."""

    sale: Sale
    promised_on: date | None = None
    promised_by: datetime | None = None
    cancelled_at: datetime | None = None
    cancelled_because: str = ""
    taken: Mapping[int, int] = {}
    sent: tuple[Sent, ...] = ()
    back: tuple[Back, ...] = ()
    opinions: tuple[Opinion, ...] = ()

    @property
    def delivered_at(self) -> datetime | None:
        """When the last of it came; None while something is under way, or when nothing was sent."""
        moments = [parcel.delivered_at for parcel in self.sent]
        return max((at for at in moments if at), default=None) if all(moments) else None

    @property
    def state(self) -> str:
        """In the words of the history writers."""
        if self.cancelled_at:
            return "cancelled"
        if not self.delivered_at:
            return "shipped"
        came_back = sum(one.units for one in self.back if one.site)
        left = sum(line.quantity for line in self.sale.lines) - sum(self.taken.values())
        return "returned" if came_back == left else "delivered"
