"""Scan parcels out to a carrier, and close the list when it takes them."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.errors import NotFound, Refused
from quartermaster.core.events import emit
from quartermaster.events import ManifestClosed, ParcelTakenOff
from quartermaster.orders.actions.state import load
from quartermaster.orders.rules.holds import Blocks
from quartermaster.shipping.actions.hand_over import Handed, Stays, hand_over, staying

FIND = """
select p.id, p.order_id, p.state, p.carrier, p.location_id, l.id, l.state, l.manifest_id
from warehouse_parcel p left join lateral (
  select id, state, manifest_id from shipping_label x
  where x.parcel_id = p.id and (x.state = 'bought' or x.tracking_number = %(code)s)
  order by x.state = 'bought' desc, x.id desc limit 1) l on true
where p.id = %(id)s
   or p.id = (select x.parcel_id from shipping_label x where x.tracking_number = %(code)s
              order by x.state = 'bought' desc, x.id desc limit 1)
order by p.id = %(id)s desc limit 1
"""
VOIDED = """
select bool_or(state <> 'bought') and not bool_or(state = 'bought') from shipping_label
where tracking_number = %s
"""
OPEN = """
insert into shipping_manifest (carrier, location_id, state, opened_at)
select distinct p.carrier, p.location_id, 'open', %(at)s::timestamptz from warehouse_parcel p
where p.id = any(%(ids)s) order by 1, 2
on conflict (carrier, location_id) where state = 'open' do nothing
"""
# Whoever closes a manifest waits for those who are putting parcels on it, and the other way round.
JOIN = """
select m.id from shipping_manifest m
where m.state = 'open' and (m.carrier, m.location_id) in (
  select p.carrier, p.location_id from warehouse_parcel p where p.id = any(%(ids)s))
order by m.id for share
"""
SCAN = """
update shipping_label l set manifest_id = m.id, scanned_out_at = %(at)s
from warehouse_parcel p join shipping_manifest m
  on m.carrier = p.carrier and m.location_id = p.location_id and m.state = 'open'
where p.id = any(%(ids)s) and p.state = 'labelled' and l.parcel_id = p.id and l.state = 'bought'
  and l.manifest_id is null
"""
MANIFESTS = """
select distinct manifest_id from shipping_label
where parcel_id = any(%(ids)s) and state = 'bought' and manifest_id is not null order by 1
"""
ORDERS = "select distinct order_id from warehouse_parcel where id = any(%s)"
MANIFEST = """
select m.id, m.carrier, s.code, m.state from shipping_manifest m join stock_location s on s.id = m.location_id
where m.id = %s for no key update of m
"""
ON_IT = "select parcel_id from shipping_label where manifest_id = %s and state = 'bought' order by parcel_id"
CLOSE = """
update shipping_manifest set state = 'closed', closed_at = %(at)s, closed_by = %(by)s where id = %(id)s
"""
CLOSED = """
select count(l.id) from shipping_manifest m left join shipping_label l on l.manifest_id = m.id
where m.id = %s and m.state = 'closed' group by m.id
"""
TAKE_OFF = """
update shipping_label set manifest_id = null, scanned_out_at = null
where manifest_id = %(id)s and parcel_id = any(%(ids)s)
"""
AT_SITE = """
select p.id from warehouse_parcel p join shipping_label l on l.parcel_id = p.id and l.state = 'bought'
join stock_location s on s.id = p.location_id
where s.code = %s and p.state = 'labelled' order by p.id limit %s
"""
HAND_OVER_MAX = 2000


class NotToLeave(Refused):
    code = "not-to-leave"
    message = "{parcel} must not leave: {because}."
    remedy = "Take it out of the carrier's cage and put it aside; its page shows what to do."


class NotLabelled(Refused):
    code = "not-labelled"
    message = "{parcel} cannot be scanned out: {because}."
    remedy = "Print a valid label for it first."


class ScannedOut(NamedTuple):
    """is_new: false when it had been scanned out before."""

    parcel: str
    manifest: str
    is_new: bool


class Closed(NamedTuple):
    """What left with a manifest, and what was taken off it, with reasons. manifest: "" when none was closed,
    because all must stay; is_new: false when it had been closed before."""

    manifest: str
    parcels: int
    stay: tuple[Stays, ...]
    is_new: bool = True


def scan_out(code: str, *, at: datetime, by: str) -> ScannedOut:
    """Put a parcel on the open manifest of its carrier and site, by tracking number or parcel number. Twice
    is once. Raises NotFound, NotToLeave (cancelled, held), NotLabelled (voided, opened, never labelled)."""
    code = code.strip()
    digits = code.upper().removeprefix("P-")
    is_number = code.upper() != digits and digits.isascii() and digits.isdecimal() and len(digits) < 19
    asked = {"code": code, "id": int(digits) if is_number else None}
    with transaction.atomic():
        found = sql.run(FIND, asked)
        if not found:
            raise NotFound(what="parcel", which=code[:60])
        (order,) = load([found[0][1]]).values()
        ((parcel_id, _, state, _, _, _, _, manifest_id),) = sql.run(FIND, asked)
        number = f"P-{parcel_id}"
        if state == "cancelled" or order.is_cancelled:
            raise NotToLeave(parcel=number, because="the order was cancelled")
        if order.is_blocked(Blocks.RELEASE):
            raise NotToLeave(parcel=number, because=f"the order is held ({', '.join(sorted(order.holds))})")
        if state == "handed_over":
            raise NotLabelled(parcel=number, because="the carrier has it already")
        if not is_number and sql.run(VOIDED, (code,))[0][0]:
            raise NotLabelled(parcel=number, because=f"the label {code} was voided")
        if state != "labelled":
            raise NotLabelled(parcel=number, because="it has no valid label")
        if manifest_id is not None:
            return ScannedOut(number, f"M-{manifest_id}", False)
        manifests = _put([parcel_id], at=at)
        if not manifests:  # it was closed in the very moment
            manifests = _put([parcel_id], at=at)
        (manifest_id,) = manifests
    return ScannedOut(number, f"M-{manifest_id}", True)


def close_manifest(number: str, *, at: datetime, by: str) -> Closed:
    """The carrier took it: what was scanned out leaves, in one go. What must not leave is taken off. Twice is
    once.

    Raises NotFound. Statements do not grow with the number of parcels.
    """
    digits = number.removeprefix("M-")
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 19):
        raise NotFound(what="manifest", which=number[:40])
    with transaction.atomic():
        if closed := _closed_before(int(digits)):
            return closed
        # Parcels are read before the manifest is locked: orders come first in the order of locks.
        on_it = [parcel_id for (parcel_id,) in sql.run(ON_IT, (int(digits),))]
        handed = hand_over(on_it, at=at, by=by)
        found = sql.run(MANIFEST, (int(digits),))
        if not found:
            raise NotFound(what="manifest", which=number)
        manifest_id, carrier, site, state = found[0]
        if state != "open":  # by somebody in this very moment: what left, left with him
            return _closed_before(manifest_id) or Closed(number, 0, ())
        left = {parcel.id for parcel in handed.left}
        late = [parcel_id for (parcel_id,) in sql.run(ON_IT, (manifest_id,)) if parcel_id not in left]
        _take_off(manifest_id, late, handed, at=at, by=by)
        sql.run(CLOSE, {"id": manifest_id, "at": at, "by": by})
        emit(
            [
                ManifestClosed(
                    subject=f"manifest:M-{manifest_id}",
                    at=at,
                    actor=by,
                    manifest_id=manifest_id,
                    carrier=carrier,
                    location=site,
                    parcels=len(left),
                )
            ]
        )
    return Closed(f"M-{manifest_id}", len(left), handed.stay)


def _closed_before(manifest_id: int) -> Closed | None:
    found = sql.run(CLOSED, (manifest_id,))
    return Closed(f"M-{manifest_id}", found[0][0], (), is_new=False) if found else None


def hand_over_all(location: str, *, at: datetime, by: str) -> list[Closed]:
    """Scan out and hand over every labelled parcel of a site, HAND_OVER_MAX at most: one manifest a carrier.
    Those that must not leave are told with the last answer; where nothing leaves no manifest is closed. For
    crews that are scripted, and for sites without scanners. Raises NotFound."""
    with transaction.atomic():
        ids = [parcel_id for (parcel_id,) in sql.run(AT_SITE, (location, HAND_OVER_MAX))]
        if not ids:
            if not sql.run("select id from stock_location where code = %s", (location,)):
                raise NotFound(what="site", which=location)
            return []
        orders = load(order_id for (order_id,) in sql.run(ORDERS, (ids,)))
        stay = staying(ids, orders)
        kept = {each.parcel_id for each in stay}
        manifests = _put([one for one in ids if one not in kept], at=at)
    closed = [close_manifest(f"M-{manifest_id}", at=at, by=by) for manifest_id in manifests]
    if not stay:
        return closed
    *others, last = closed or [Closed("", 0, ())]
    told = {each.parcel_id: each for each in (*last.stay, *stay)}
    return [*others, last._replace(stay=tuple(told.values()))]


def _put(parcel_ids: Sequence[int], *, at: datetime) -> list[int]:
    """Put labelled parcels on the open manifests of their carriers, made where there is none; ids of all the
    manifests they are on then. The caller holds the locks of their orders."""
    asked = {"ids": list(parcel_ids), "at": at}
    sql.run(OPEN, asked)
    sql.run(JOIN, asked)
    sql.run(SCAN, asked)
    return [manifest_id for (manifest_id,) in sql.run(MANIFESTS, asked)]


def _take_off(manifest_id: int, parcel_ids: Sequence[int], handed: Handed, *, at: datetime, by: str) -> None:
    """Those that do not leave go off the list, so that it holds exactly what the carrier got."""
    if not parcel_ids:
        return
    sql.run(TAKE_OFF, {"id": manifest_id, "ids": list(parcel_ids)})
    emit(
        ParcelTakenOff(
            subject=f"order:SO-{stays.order_id}",
            at=at,
            actor=by,
            order_id=stays.order_id,
            parcel_id=stays.parcel_id,
            manifest_id=manifest_id,
            because=stays.because,
        )
        for stays in handed.stay
        if stays.parcel_id in set(parcel_ids)
    )
