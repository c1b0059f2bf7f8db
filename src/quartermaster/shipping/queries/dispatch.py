"""What stands at a site's door: manifests that are open, and labelled parcels on none."""

from datetime import datetime
from typing import NamedTuple

from quartermaster.core import sql


class OpenManifest(NamedTuple):
    """parcels: scanned out onto it."""

    number: str
    carrier: str
    location: str
    parcels: int
    opened_at: datetime


class NotScanned(NamedTuple):
    """A labelled parcel nobody has scanned out."""

    number: str
    carrier: str
    tracking_number: str
    ship_by: datetime | None


OPEN = """
select 'M-' || m.id, m.carrier, s.code,
  (select count(*) from shipping_label l where l.manifest_id = m.id), m.opened_at
from shipping_manifest m join stock_location s on s.id = m.location_id
where m.state = 'open' and (%(site)s = '' or s.code = %(site)s) order by m.id limit 100
"""
MISSING = """
select 'P-' || p.id, l.carrier, p.tracking_number, p.ship_by
from warehouse_parcel p join stock_location s on s.id = p.location_id
join shipping_label l on l.parcel_id = p.id and l.state = 'bought'
where p.state = 'labelled' and l.manifest_id is null and (%(site)s = '' or s.code = %(site)s)
order by p.ship_by nulls last, p.id limit %(limit)s
"""


def open_manifests(site: str) -> list[OpenManifest]:
    """Of a site, the oldest first; "" means of all."""
    return [OpenManifest._make(row) for row in sql.run(OPEN, {"site": site})]


def missing(site: str, *, limit: int) -> list[NotScanned]:
    """What must leave soonest first."""
    return [NotScanned._make(row) for row in sql.run(MISSING, {"site": site, "limit": limit})]


SITE = """
select s.code from warehouse_parcel p join stock_location s on s.id = p.location_id
where (p.tracking_number <> '' and p.tracking_number = %(code)s) or p.id = %(id)s limit 1
"""


def site_of_parcel(code: str) -> str:
    """Where a parcel is, by its tracking number or its own; "" when nobody knows it."""
    digits = code.upper().removeprefix("P-")
    is_number = code.upper() != digits and digits.isascii() and digits.isdecimal() and len(digits) < 19
    found = sql.run(SITE, {"code": code, "id": int(digits) if is_number else None})
    return str(found[0][0]) if found else ""
