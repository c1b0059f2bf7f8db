"""The versions of the packaging."""

from datetime import datetime

import msgspec

from quartermaster.core import sql
from quartermaster.core.errors import NotFound
from quartermaster.warehouse.rules.packaging import FIRST, Packaging
from quartermaster.warehouse.rules.scale import Weighed


class Version(msgspec.Struct, frozen=True):
    """Packaging with why it was made. made_at is None for what we start with."""

    packaging: Packaging
    because: str
    actor: str
    made_at: datetime | None


START = Version(FIRST, "What we start with: plain mailers and boxes.", "system", None)
IN_FORCE = """
select row_to_json(r)::text from (
  select packaging, because, actor, created_at as made_at from warehouse_packaging
  where %(version)s::int is null or version = %(version)s order by version desc limit 1) r
"""
PACKED = """
select coalesce(s.code, l.code), sum(i.quantity)::bigint, s.weight_g
from warehouse_parcel_item i join orders_line l on l.id = i.line_id
left join catalog_sku s on s.id = i.sku_id where i.parcel_id = %s group by 1, 3 order by 1
"""
_version = msgspec.json.Decoder(Version)


def packaging_in_force() -> Version:
    """The highest version; what we start with while nobody has changed it."""
    found = sql.run(IN_FORCE, {"version": None})
    return _version.decode(found[0][0]) if found else START


def packaging_of(version: int) -> Version:
    """One version. Raises NotFound."""
    found = sql.run(IN_FORCE, {"version": version})
    if found:
        return _version.decode(found[0][0])
    if version == FIRST.version:
        return START
    raise NotFound(what="version of the packaging", which=version)


def packed_in(parcel_id: int) -> list[Weighed]:
    """What is in a parcel, with the weight of one unit."""
    return [Weighed(*row) for row in sql.run(PACKED, (parcel_id,))]
