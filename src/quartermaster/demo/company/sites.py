"""Where Harbor & Pine keeps its goods, and what parcels from there cost: lanes, cut-offs, bins."""

from datetime import time

from quartermaster.allocation.actions.write_rules import Lane
from quartermaster.demo.company.goods import Assortment, Thing
from quartermaster.stock.rules.locations import Site

OWN, THIRD_PARTY = ("BER", "OPO"), ("RNO",)
SITES = (
    Site(
        code="BER", name="Berlin", kind="own", country="DE", region="BE", postcode="13507",
        timezone="Europe/Berlin", latitude=52.57, longitude=13.28, cutoff=time(16, 0), orders_per_day_max=400,
    ),
    Site(
        code="OPO", name="Porto", kind="own", country="PT", postcode="4450-718",
        timezone="Europe/Lisbon", latitude=41.18, longitude=-8.67, cutoff=time(15, 0), orders_per_day_max=220,
        ships_to=["PT", "ES", "FR", "IT", "DE", "NL"],
    ),
    Site(
        code="RNO", name="Truckee Fulfilment, Reno", kind="3pl", country="US", region="NV", postcode="89506",
        timezone="America/Los_Angeles", latitude=39.65, longitude=-119.88, cutoff=time(13, 0),
        orders_per_day_max=150, ships_to=["US"],
    ),
)  # fmt: skip
# Country -> (cost in cents, days on the road); "" is everywhere else.
LANES: dict[str, dict[str, tuple[int, int]]] = {
    "BER": {
        "DE": (420, 1), "AT": (690, 2), "NL": (720, 2), "PL": (760, 2), "DK": (790, 2), "FR": (890, 3),
        "IT": (920, 3), "ES": (990, 4), "PT": (1040, 4), "US": (2890, 8), "": (1590, 6),
    },
    "OPO": {
        "PT": (380, 1), "ES": (520, 2), "FR": (940, 3), "IT": (980, 4), "DE": (940, 4), "NL": (990, 4),
        "": (1690, 7),
    },
    "RNO": {"US": (790, 3), "": (3490, 9)},
}  # fmt: skip
_ZONE = {"LMP": "C", "PEN": "C", "BSK": "C", "THR": "C", "SHD": "B", "VAS": "B", "BWL": "B", "PLT": "B"}
_LEVELS, _BAYS = 4, 12


def lanes(site: str) -> tuple[Lane, ...]:
    return tuple(Lane(country, cost, "EUR", days) for country, (cost, days) in LANES[site].items())


class Shelves:
    """Which site holds what, and in which bin. Each thing has two bins of its own in our own sites."""

    def __init__(self, goods: Assortment) -> None:
        self._bins: dict[str, str] = {}
        self.held: dict[str, set[str]] = {site.code: set() for site in SITES}
        full: dict[str, int] = {}
        for place, thing in enumerate(goods.things):
            zone = _ZONE.get(thing.family, "A")
            self._bins[thing.code] = f"{zone}-{full.get(zone, 0)}"
            full[zone] = full.get(zone, 0) + 2
            for site in self.held:
                if _holds(site, place, thing):
                    self.held[site].add(thing.code)

    def bin(self, site: str, code: str, nth: int = 0) -> str:
        """BER/A-03-2-1: aisle 3 of zone A, second bay, lowest level. A 3PL tells us nothing but the site."""
        if site not in OWN:
            return site
        zone, _, first = self._bins[code].partition("-")
        number = int(first) + nth
        aisle, rest = divmod(number, _LEVELS * _BAYS)
        return f"{site}/{zone}-{aisle + 1:02}-{rest // _LEVELS + 1}-{rest % _LEVELS + 1}"


def _holds(site: str, place: int, thing: Thing) -> bool:
    """Berlin has everything, Porto two of three things, Reno what is bought most."""
    if site == "BER":
        return True
    return place % 3 != 1 if site == "OPO" else thing.wanted > 2.2 or place % 5 == 0
