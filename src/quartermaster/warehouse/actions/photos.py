"""Photos of parcels: kept at the bench or later, asked for when a parcel is closed."""

from datetime import datetime

from django.db import transaction

from quartermaster.core import photos, sql
from quartermaster.core.errors import NotFound, Refused
from quartermaster.core.events import emit
from quartermaster.events import ParcelPhotographed, PhotoLeftOut
from quartermaster.warehouse.actions.parcels import Closing, ParcelOver
from quartermaster.warehouse.queries.photos import photo_wanted

PARCEL = """
select order_id, state from warehouse_parcel where id = %s and external_id = '' for no key update
"""
KNOWN = "select id, body = %s from warehouse_parcel_photo where parcel_id = %s"
SAVE = """
insert into warehouse_parcel_photo (parcel_id, kind, body, parcel_state, at, by)
values (%(parcel)s, %(kind)s, %(body)s, %(state)s, %(at)s, %(by)s) returning id
"""


class PhotoWanted(Refused):
    code = "photo-wanted"
    message = "P-{parcel_id} wants a photo before it is closed: {wanted}."
    remedy = "Take one at the bench, or say why there is none."


@transaction.atomic
def add_parcel_photo(parcel_id: int, body: bytes, *, at: datetime, by: str) -> int:
    """Keep a photo of a parcel, open, closed or gone; the same bytes again are the same photo. Returns its
    id. Raises NotFound, ParcelOver (cancelled), Invalid."""
    kind = photos.taken(body)
    found = sql.run(PARCEL, (parcel_id,))
    if not found:
        raise NotFound(what="parcel", which=f"P-{parcel_id}")
    ((order_id, state),) = found
    known = sql.run(KNOWN, (body, parcel_id))
    for photo_id, is_same in known:
        if is_same:
            return int(photo_id)
    if state == "cancelled":
        raise ParcelOver(parcel_id=parcel_id, state=state)
    if len(known) >= photos.PHOTOS_MAX:
        raise photos.too_many("parcel")
    row = {"parcel": parcel_id, "kind": kind, "body": body, "state": state, "at": at, "by": by}
    made = int(sql.run(SAVE, row)[0][0])
    fact = ParcelPhotographed(
        subject=f"order:SO-{order_id}",
        at=at,
        actor=by,
        order_id=order_id,
        parcel_id=parcel_id,
        photo_id=made,
        state=state,
    )
    emit([fact])
    return made


def ask_for_photo(closing: Closing, *, because: str, at: datetime, by: str) -> None:
    """Raises PhotoWanted when the packaging wants a photo of this parcel and it has none; with `because` that
    is recorded."""
    wanted = photo_wanted(closing.id)
    if not wanted:
        return
    if not because.strip():
        raise PhotoWanted(parcel_id=closing.id, wanted=wanted)
    fact = PhotoLeftOut(
        subject=f"order:SO-{closing.order_id}",
        at=at,
        actor=by,
        order_id=closing.order_id,
        parcel_id=closing.id,
        wanted=wanted,
        because=because.strip(),
    )
    emit([fact])
