"""What a routing decision is made from and what it says: plain values, kept with every decision."""

from datetime import date, datetime, time
from enum import StrEnum

from msgspec import Struct

from quartermaster.core.workdays import WEEK


class Part(Struct, frozen=True, array_like=True):
    """What one unit of a line takes from the shelf: itself, or a component of a kit."""

    sku: str
    per_unit: int


class Wanted(Struct, frozen=True):
    """An open order line. value_minor: goods value of `quantity` units after discount."""

    line_id: int
    code: str
    quantity: int
    value_minor: int
    parts: tuple[Part, ...]
    is_hazmat: bool = False


class Order(Struct, frozen=True):
    """The order as routing sees it. country is ISO alpha-2 or "". Coordinates of the receiver when known."""

    number: str
    country: str
    region: str
    postcode: str
    currency: str
    value_minor: int
    channel: str  # slug of the connection it came by
    priority: int
    tags: tuple[str, ...]
    wanted: tuple[Wanted, ...]
    ships_complete: bool = False  # the customer wants everything in one go, or nothing yet
    promise_days: int | None = None  # transit days promised, when a promise was made
    latitude: float | None = None
    longitude: float | None = None
    no_delivery_on: tuple[date, ...] = ()  # holidays of the receiver's country in the time that matters
    timezone: str = ""  # where the receiver's day is over last


class Calendar(Struct, frozen=True, array_like=True):
    """What the hand-over of a site is reckoned from. at: when it was asked, UTC. cutoff: local, None means
    all day. week: ISO weekdays on which it hands over. closed_on, open_on: days in the time that matters that
    are not as the week says; cutoffs_on: those with another cut-off."""

    at: datetime
    timezone: str
    cutoff: time | None = None
    closed_on: tuple[date, ...] = ()
    week: str = WEEK
    handling_days: int = 0
    open_on: tuple[date, ...] = ()
    cutoffs_on: tuple[tuple[date, time | None], ...] = ()

    def cutoff_of(self, day: date) -> time | None:
        """The cut-off of a day."""
        return next((cutoff for on, cutoff in self.cutoffs_on if on == day), self.cutoff)


class Site(Struct, frozen=True):
    """A place that could serve the order. cost_minor and days are those of the lane to the order's country;
    None means no lane is known, which removes nothing but ranks last. capacity_left: orders it still takes
    today, None means no limit."""

    code: str
    kind: str  # own | 3pl | store | dropship | fba
    country: str
    is_active: bool = True
    is_before_cutoff: bool = True
    capacity_left: int | None = None
    takes_hazmat: bool = True
    ships_to: tuple[str, ...] = ()  # countries it may ship to; empty = everywhere
    cost_minor: int | None = None
    days: int | None = None
    latitude: float | None = None
    longitude: float | None = None
    available: dict[str, int] = {}  # sku wanted -> units free to promise: sellable - reserved - safety stock
    safety: dict[str, int] = {}  # sku -> safety stock already taken off `available`, named in sentences
    calendar: Calendar | None = None  # None: nothing is promised
    seen: tuple[int, int] = (0, 0)  # days learned from so many parcels, for so many in a hundred; 0: by table
    barred: tuple[str, ...] = ()  # what forbids it to send what is wanted to where it goes
    over: dict[str, int] = {}  # sku -> units past their day, or nearly, already taken off `available`
    near: dict[str, tuple[int, int]] = {}  # sku -> (units too old for the channel, days it asks): off as well


class Otherwise(StrEnum):
    NEXT = "next"  # try the next rule
    PARK = "park"  # wait with the reasons


class Split(Struct, frozen=True):
    """When an order may go out in several parcels. A part below value_min_minor is not worth a parcel."""

    is_allowed: bool = True
    parcels_max: int = 3
    value_min_minor: int = 0
    ships_partly: bool = True  # allocate what there is now and let the rest wait


class Rule(Struct, frozen=True):
    """One readable line of the stack. Empty conditions match every order; all given ones must match."""

    name: str
    countries: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    value_min_minor: int | None = None
    site_kinds: tuple[str, ...] = ()  # only these kinds of site
    sites: tuple[str, ...] = ()  # only these sites
    # Not "cutoff": an order of the evening would find no site at all. Being late costs a site a day instead.
    filters: tuple[str, ...] = ("active", "site_kind", "country", "capacity", "hazmat", "stock")
    rank: tuple[str, ...] = ("parcels", "cost", "promise", "distance", "code")
    split: Split = Split()
    otherwise: Otherwise = Otherwise.NEXT


class RuleSet(Struct, frozen=True):
    version: int
    rules: tuple[Rule, ...]


class Take(Struct, frozen=True):
    """Units of a line that a site serves."""

    line_id: int
    code: str
    quantity: int


class Parcel(Struct, frozen=True, omit_defaults=True):
    """What one site serves, and in sentences why this site and when. The moments are those of
    promise.Promise; decisions made before there were promises have none."""

    site: str
    takes: tuple[Take, ...]
    because: tuple[str, ...]
    ship_by: datetime | None = None
    promised_on: date | None = None
    promised_by: datetime | None = None


class Waiting(Struct, frozen=True):
    """Units no site can serve now."""

    line_id: int
    code: str
    quantity: int
    because: str


class Candidate(Struct, frozen=True):
    """One site, looked at. removed_by names the filter, "" when it stayed in; scores in the rule's order."""

    site: str
    is_chosen: bool
    removed_by: str
    because: str
    scores: dict[str, int | None] = {}


class Routing(Struct, frozen=True):
    """The whole answer: deterministic in (order, sites, rules). Every site has a candidate, every wanted
    unit is in parcels or waiting."""

    rule: str  # name of the rule that decided, "" when none matched
    rule_version: int
    parcels: tuple[Parcel, ...]
    waiting: tuple[Waiting, ...]
    candidates: tuple[Candidate, ...]
    because: tuple[str, ...]


class Inputs(Struct, frozen=True):
    """Everything `route` saw: stored with the decision, so that asking again gives the same answer."""

    order: Order
    sites: tuple[Site, ...]
    rules: RuleSet
