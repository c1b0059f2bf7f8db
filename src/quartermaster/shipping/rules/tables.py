"""Rate tables as data: what carriers charge, how long they take, what they do not carry.

Money in minor units of the tables' currency, weights in grams, lengths in millimetres.
"""

from datetime import date

from msgspec import Struct

from quartermaster.shipping.rules.preferences import Preference

HOME, EVERYWHERE = "home", "*"  # in a zone: the site's own country; all countries


class Zone(Struct, frozen=True, forbid_unknown_fields=True):
    """Where a parcel goes. The first zone that fits counts. `origins`: only from these countries."""

    name: str
    countries: tuple[str, ...]  # ISO codes, "home" or "*"
    postcodes: tuple[str, ...] = ()  # beginnings; empty: all
    origins: tuple[str, ...] = ()


class Band(Struct, frozen=True, forbid_unknown_fields=True):
    up_to_g: int
    cost_minor: int


class Price(Struct, frozen=True, forbid_unknown_fields=True):
    """What a service charges in a zone by weight, and its days on the road there (days it delivers on)."""

    zone: str
    days: int
    bands: tuple[Band, ...]  # by rising weight; beyond the last it is not carried


class Dimensional(Struct, frozen=True, forbid_unknown_fields=True):
    """Bulky parcels are charged by volume: cubic centimetres / divisor = kilograms."""

    divisor: int
    from_on: date
    sides: str = "up"  # each side to whole centimetres: "up", "nearest" or "exact"
    over_cm3: int = 0  # only parcels larger than this


class Surcharge(Struct, frozen=True, forbid_unknown_fields=True):
    """Added to the price. `percent_bp` are hundredths of a percent of the price by weight (1250 = 12.5 %).

    kind: "fuel" always; "residential" without a company; "remote" when the postcode begins with one of
    `postcodes` (of `country`, or of any); "oversize" when the longest side is over `longer_than_mm`.
    """

    kind: str
    from_on: date
    percent_bp: int = 0
    amount_minor: int = 0
    country: str = ""
    postcodes: tuple[str, ...] = ()
    longer_than_mm: int = 0
    until_on: date | None = None  # the last day


class Product(Struct, frozen=True, forbid_unknown_fields=True):
    """One service of a carrier. Days of the week: 1 Monday to 7 Sunday."""

    code: str
    title: str
    weight_max_g: int
    prices: tuple[Price, ...]
    length_max_mm: int = 0  # longest side; 0: no limit
    girth_max_mm: int = 0  # longest side + 2 x the others; 0: no limit
    takes_hazmat: bool = False
    weight_step_g: int = 1  # charged weight is rounded up to whole steps
    minimum_minor: int = 0  # what a parcel costs at least, before surcharges
    dimensional: tuple[Dimensional, ...] = ()
    surcharges: tuple[Surcharge, ...] = ()
    cutoff: str = "16:00"  # the site's clock: later leaves on the next day of pickup
    picked_up_on: tuple[int, ...] = (1, 2, 3, 4, 5)
    delivered_on: tuple[int, ...] = (1, 2, 3, 4, 5)


class Table(Struct, frozen=True, forbid_unknown_fields=True):
    """A carrier that is rated by table, and whose labels we print ourselves."""

    code: str
    title: str
    zones: tuple[Zone, ...]
    products: tuple[Product, ...]


class ReturnInBox(Struct, frozen=True, forbid_unknown_fields=True):
    """Parcels that get a label for the way back with the one they leave with. Each list that is not empty
    must fit. `is_paid_on_scan`: it costs nothing until it is used, where an account sells that."""

    sites: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    is_paid_on_scan: bool = False

    def fits(self, site: str, country: str) -> bool:
        return (not self.sites or site in self.sites) and (not self.countries or country in self.countries)


class Tables(Struct, frozen=True, forbid_unknown_fields=True):
    """Everything of one version. `late_minor_a_day` is what a day after the promise counts in the choice.

    A service that is late by more than `late_days_max` is left out while another is not. `unweighed_as_g`:
    what a parcel counts as whose weight nobody knows; 0: such a parcel gets no label. `preferences` are about
    all carriers, also those that are not in the tables.
    """

    version: int
    currency: str
    carriers: tuple[Table, ...]
    late_minor_a_day: int = 500
    late_days_max: int = 0
    unweighed_as_g: int = 1000
    preferences: tuple[Preference, ...] = ()
    returns: tuple[ReturnInBox, ...] = ()
