"""What somebody wants of a wave, and what is wrong with it."""

from collections.abc import Collection, Mapping
from datetime import datetime

from msgspec import Struct

from quartermaster.warehouse.rules.choosing import Capacity
from quartermaster.warehouse.rules.grouping import Limits, Mode
from quartermaster.warehouse.rules.routing import Strategy

ORDERS_MAX = 400  # orders of one wave: more are several waves
PRIORITIES = range(-32768, 32768)
LINES = ("", "single", "multi")


class WaveWanted(Struct, frozen=True, kw_only=True):
    """Which released orders a wave may take, how many, and how it is picked.

    ship_by: only what must leave until then; priority: only orders with at least this; method: only this
    shipping method, as sold; carrier: "dhl" or "dhl/express", only what is expected to go with it; zone: only
    orders that lie in it whole; lines: "single", only orders with one line to pick here, "multi": only the
    others. What is None of mode, routing and limits is as the site does it.
    """

    location: str
    mode: Mode | None = None
    routing: Strategy | None = None
    limits: Limits | None = None
    orders_max: int = 100
    lines_max: int | None = None
    units_max: int | None = None
    ship_by: datetime | None = None
    priority: int | None = None
    method: str = ""
    carrier: str = ""
    zone: str = ""
    lines: str = ""

    @property
    def capacity(self) -> Capacity:
        return Capacity(self.orders_max, self.lines_max, self.units_max)


def errors_in(
    wanted: WaveWanted, *, carriers: Collection[str] | None = None, zones: Collection[str] | None = None
) -> Mapping[str, str]:
    """Field -> what is wrong with it. `carriers` and `zones`: those the site has, where they were asked."""
    errors = {}
    if not 0 < wanted.orders_max <= ORDERS_MAX:
        errors["orders_max"] = f"must be 1 to {ORDERS_MAX}"
    for name, most in (("lines_max", wanted.lines_max), ("units_max", wanted.units_max)):
        if most is not None and most < 1:
            errors[name] = "must be at least 1, or left out"
    if wanted.priority is not None and wanted.priority not in PRIORITIES:
        errors["priority"] = f"must be {PRIORITIES[0]} to {PRIORITIES[-1]}"
    if wanted.ship_by is not None and wanted.ship_by.tzinfo is None:
        errors["ship_by"] = "must say its time zone"
    if wanted.lines not in LINES:
        errors["lines"] = "must be single or multi, or left out"
    if wanted.limits is not None and any(limit is not None and limit < 1 for limit in wanted.limits):
        errors["limits"] = "must be at least 1"
    if wanted.carrier and carriers is not None and not any(goes_with(c, wanted.carrier) for c in carriers):
        errors["carrier"] = f"no parcel of this site went with {wanted.carrier} lately; {_known(carriers)}"
    if wanted.zone and zones is not None and wanted.zone not in zones:
        errors["zone"] = f"the site has no zone {wanted.zone}; {_known(zones)}"
    return errors


def goes_with(expected: str, wanted: str) -> bool:
    """Is "dhl/express" what is meant by "dhl", or by "dhl/express"?"""
    return expected == wanted or expected.partition("/")[0] == wanted


def _known(names: Collection[str]) -> str:
    told = ", ".join(sorted(name for name in names if name)[:20])
    return f"there is {told}" if told else "none is known"
