"""What carriers list of what they got, and the vans called."""

from datetime import datetime

import msgspec

from quartermaster.core import sql
from quartermaster.core.errors import NotFound
from quartermaster.core.pages import LIMIT, Page, cut, position
from quartermaster.core.texts import whole


class ToldShown(msgspec.Struct, frozen=True):
    """A manifest as one account has it. state: asked, told, short (it lists other parcels), refused."""

    manifest: str
    carrier: str
    location: str
    account: str
    state: str
    parcels: int
    missing: tuple[str, ...]
    surplus: tuple[str, ...]
    carrier_ref: str
    has_paper: bool
    because: str
    closed_at: datetime
    told_at: datetime | None


class PickupShown(msgspec.Struct, frozen=True):
    id: int
    number: str
    carrier: str
    account: str
    location: str
    state: str
    starts_at: datetime
    ends_at: datetime
    note: str
    parcels: int
    confirmation: str
    because: str
    asked_by: str


class Waiting(msgspec.Struct, frozen=True):
    """Labelled parcels of one account and carrier at a site: what a van would be called for."""

    account: str
    carrier: str
    location: str
    parcels: int


TOLD = """
select row_to_json(r)::text from (
  select 'M-' || m.id as manifest, m.carrier, s.code as location, t.account, t.state, t.parcels, t.missing,
    t.surplus, t.carrier_ref, t.paper is not null as has_paper, t.because, m.closed_at, t.told_at
  from shipping_told t join shipping_manifest m on m.id = t.manifest_id
  join stock_location s on s.id = m.location_id
  where %(manifest)s::bigint is null or m.id = %(manifest)s
  order by t.state in ('short', 'refused') desc, t.id desc limit %(limit)s) r
"""
PAPER = """
select paper from shipping_told where manifest_id = %s and account = %s and paper is not null
"""
PICKUPS = """
select row_to_json(r)::text from (
  select k.id, 'PU-' || k.id as number, k.carrier, k.account, s.code as location, k.state, k.starts_at,
    k.ends_at, k.note, jsonb_array_length(k.labels) as parcels, k.confirmation, k.because, k.asked_by
  from shipping_pickup k join stock_location s on s.id = k.location_id
  where (%(state)s = '' or k.state = %(state)s) and (%(before)s::bigint is null or k.id < %(before)s)
  order by k.id desc limit %(limit)s) r
"""
WAITING = """
select row_to_json(r)::text from (
  select l.account, l.carrier, s.code as location, count(*) as parcels
  from warehouse_parcel p join shipping_label l on l.parcel_id = p.id and l.state = 'bought'
  join stock_location s on s.id = p.location_id
  where p.state = 'labelled' and l.account = any(%s) and l.carrier_ref <> ''
  group by 1, 2, 3 order by 3, 2, 1) r
"""
_told = msgspec.json.Decoder(ToldShown)
_pickup = msgspec.json.Decoder(PickupShown)
_waiting = msgspec.json.Decoder(Waiting)


def told(*, manifest: str = "", limit: int = LIMIT) -> list[ToldShown]:
    """Lists that differ first, then the newest; with `manifest` (M-7) those of it."""
    digits = manifest.removeprefix("M-")
    number = whole(digits)
    if manifest and number is None:
        return []
    return [_told.decode(row) for (row,) in sql.run(TOLD, {"manifest": number, "limit": limit})]


def paper(manifest: str, account: str) -> bytes:
    """The carrier's own sheet for the driver. Raises NotFound."""
    digits = manifest.removeprefix("M-")
    if digits.isascii() and digits.isdecimal() and len(digits) < 19:
        for (found,) in sql.run(PAPER, (int(digits), account), binary=True):
            return bytes(found)
    raise NotFound(what="sheet of manifest", which=manifest[:40])


def pickups(*, state: str = "", after: str = "", limit: int = LIMIT) -> Page[PickupShown]:
    """The newest first."""
    asked = {"state": state, "before": position(after), "limit": limit + 1}
    found = [_pickup.decode(row) for (row,) in sql.run(PICKUPS, asked)]
    return cut(found, limit, lambda pickup: pickup.id)


def pickup(number: str) -> PickupShown:
    """Raises NotFound."""
    digits = number.removeprefix("PU-")
    if digits.isascii() and digits.isdecimal() and len(digits) < 18:
        for (row,) in sql.run(PICKUPS, {"state": "", "before": int(digits) + 1, "limit": 1}):
            if (found := _pickup.decode(row)).id == int(digits):
                return found
    raise NotFound(what="pickup", which=number[:40])


def waiting_for_a_van(accounts: list[str]) -> list[Waiting]:
    return [_waiting.decode(row) for (row,) in sql.run(WAITING, (accounts,))]
