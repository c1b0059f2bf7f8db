"""The sites that hold stock."""

from datetime import time

import msgspec

from quartermaster.core import sql
from quartermaster.core.errors import NotFound
from quartermaster.core.texts import short


class LocationShown(msgspec.Struct, frozen=True):
    """A site. cutoff: local time after which orders leave the next day. ships_to: countries, none: all."""

    code: str
    name: str
    kind: str
    country: str
    region: str
    postcode: str
    timezone: str
    latitude: float | None
    longitude: float | None
    cutoff: time | None
    orders_per_day_max: int | None
    takes_hazmat: bool
    ships_to: tuple[str, ...]
    is_active: bool


LOCATIONS = """
select row_to_json(l)::text from (
  select code, name, kind, country, region, postcode, timezone, latitude, longitude, cutoff,
    orders_per_day_max, takes_hazmat, ships_to, is_active
  from stock_location where %(code)s::text is null or code = %(code)s order by code) l
"""
_location = msgspec.json.Decoder(LocationShown)


def locations() -> list[LocationShown]:
    """All of them, by code: a company has dozens, not thousands."""
    return [_location.decode(row[0]) for row in sql.run(LOCATIONS, {"code": None})]


def location(code: str) -> LocationShown:
    """One by its code. Raises NotFound."""
    for (text,) in sql.run(LOCATIONS, {"code": code}):
        return _location.decode(text)
    raise NotFound(what="location", which=short(code, 80))


def location_id(code: str) -> int:
    """The row id of a site. Raises NotFound."""
    for (row_id,) in sql.run("select id from stock_location where code = %s", (code,)):
        return int(row_id)
    raise NotFound(what="location", which=short(code, 80))
