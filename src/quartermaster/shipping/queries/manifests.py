"""Manifests: what carriers take from a site in one go."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from quartermaster.core import sql
from quartermaster.core.pages import LIMIT, Page, cut, position


class ManifestShown(msgspec.Struct, frozen=True):
    """`parcels`: scanned out onto it."""

    id: str
    number: str
    carrier: str
    location: str
    state: str
    parcels: int
    opened_at: datetime
    closed_at: datetime | None
    closed_by: str


MANIFESTS = """
select row_to_json(r)::text from (
  select m.id::text as id, 'M-' || m.id as number, m.carrier, s.code as location, m.state, m.opened_at,
    m.closed_at, m.closed_by, (select count(*) from shipping_label l where l.manifest_id = m.id) as parcels
  from shipping_manifest m join stock_location s on s.id = m.location_id
  where (%(state)s = '' or m.state = %(state)s)
    and (%(sites)s::text[] is null or s.code = any(%(sites)s))
    and (%(before)s::bigint is null or m.id < %(before)s)
  order by m.id desc limit %(limit)s) r
"""
_manifest = msgspec.json.Decoder(ManifestShown)


def manifests(
    *, state: str = "", sites: Sequence[str] = (), after: str = "", limit: int = LIMIT
) -> Page[ManifestShown]:
    """The newest first; with `state` (open, closed) only those. sites: only of these, none: all."""
    asked = {"state": state, "before": position(after), "limit": limit + 1, "sites": list(sites) or None}
    found = [_manifest.decode(row) for (row,) in sql.run(MANIFESTS, asked)]
    return cut(found, limit, lambda manifest: int(manifest.id))
