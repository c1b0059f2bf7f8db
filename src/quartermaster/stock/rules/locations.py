"""A site as somebody wants it, and whether that can be."""

from collections.abc import Iterator, Mapping
from datetime import time
from functools import cache
from zoneinfo import available_timezones

from msgspec import UNSET, Struct, UnsetType, structs

from quartermaster.core.cells import Cells

KINDS = ("own", "3pl", "store", "dropship", "fba")
CODE_MAX, TEXT_MAX = 64, 255
COLUMNS = (
    "code",
    "name",
    "kind",
    "country",
    "region",
    "postcode",
    "timezone",
    "latitude",
    "longitude",
    "cutoff",
    "capacity",
    "hazmat",
    "ships_to",
    "active",
)
REQUIRED = ("code",)


class Site(Struct, frozen=True, kw_only=True):
    """A location to make or change; what is not given stays, or is ordinary when it is new.

    cutoff: local time after which an order leaves the next day. orders_per_day_max: what it can do in a day.
    ships_to: countries it serves, none for all.
    """

    code: str
    name: str | UnsetType = UNSET
    kind: str | UnsetType = UNSET
    country: str | UnsetType = UNSET
    region: str | UnsetType = UNSET
    postcode: str | UnsetType = UNSET
    timezone: str | UnsetType = UNSET
    latitude: float | UnsetType | None = UNSET
    longitude: float | UnsetType | None = UNSET
    cutoff: time | UnsetType | None = UNSET
    orders_per_day_max: int | UnsetType | None = UNSET
    takes_hazmat: bool | UnsetType = UNSET
    ships_to: list[str] | UnsetType = UNSET
    is_active: bool | UnsetType = UNSET

    def given(self) -> dict[str, object]:
        """Field -> value of everything that was given, the code aside."""
        return {
            name: value
            for name, value in structs.asdict(self).items()
            if value is not UNSET and name != "code"
        }


NEW: dict[str, object] = {
    "name": "",
    "kind": "own",
    "country": "",
    "region": "",
    "postcode": "",
    "timezone": "UTC",
    "latitude": None,
    "longitude": None,
    "cutoff": None,
    "orders_per_day_max": None,
    "takes_hazmat": True,
    "ships_to": [],
    "is_active": True,
}


def errors_in(code: str, site: Mapping[str, object]) -> dict[str, str]:
    """Field -> what is wrong with a site as it would be."""
    return dict(_wrong(code, site))


def row(given: Mapping[str, str]) -> tuple[Site, dict[str, str]]:
    """A row under canonical names, and column -> what cannot be read. Empty cells change nothing."""
    cells = Cells(given)
    latitude, longitude = cells.decimal("latitude"), cells.decimal("longitude")
    wanted: dict[str, object] = {
        "name": cells.text("name"),
        "kind": cells.text("kind"),
        "country": cells.text("country"),
        "region": cells.text("region"),
        "postcode": cells.text("postcode"),
        "timezone": cells.text("timezone"),
        "latitude": None if latitude is None else float(latitude),
        "longitude": None if longitude is None else float(longitude),
        "cutoff": cells.clock("cutoff"),
        "orders_per_day_max": cells.whole("capacity"),
        "takes_hazmat": cells.flag("hazmat"),
        "ships_to": cells.listed("ships_to") or None,
        "is_active": cells.flag("active"),
    }
    told = {name: UNSET if value is None else value for name, value in wanted.items()}
    return Site(code=given["code"], **told), cells.errors  # type: ignore[arg-type]


def _wrong(code: str, site: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    whole = code.isprintable() and code == code.strip() and 0 < len(code) <= CODE_MAX
    if not whole or "/" in code or code.lower().startswith("world"):
        yield "code", f"1 to {CODE_MAX} printable characters, no / and not beginning with world"
    for name in ("name", "region", "postcode"):
        text = str(site[name])
        if len(text) > TEXT_MAX or not text.isprintable():
            yield name, f"at most {TEXT_MAX} printable characters"
    if site["kind"] not in KINDS:
        yield "kind", f"one of {', '.join(KINDS)}"
    if site["country"] and not _is_country(site["country"]):
        yield "country", "two capital letters of ISO 3166, such as DE"
    if site["timezone"] not in _zones():
        yield "timezone", "a zone of the IANA list, such as Europe/Berlin"
    for name, limit in (("latitude", 90), ("longitude", 180)):
        degrees = site[name]
        if degrees is not None and not (isinstance(degrees, float | int) and -limit <= degrees <= limit):
            yield name, f"degrees from -{limit} to {limit}"
    capacity = site["orders_per_day_max"]
    if capacity is not None and not (isinstance(capacity, int) and 0 <= capacity <= 1_000_000):
        yield "capacity", "orders a day, 0 to 1,000,000"
    ships_to = site["ships_to"]
    if not isinstance(ships_to, list) or not all(_is_country(country) for country in ships_to):
        yield "ships_to", "countries of ISO 3166 such as DE|AT, or nothing for everywhere"


def _is_country(value: object) -> bool:
    return (
        isinstance(value, str) and len(value) == 2 and value.isascii() and value.isalpha() and value.isupper()
    )


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
