"""Photos of what came."""

from datetime import datetime

from django.db import transaction

from quartermaster.core import photos, sql
from quartermaster.core.errors import NotFound

SAVE = """
insert into inbound_photo (receipt_id, kind, body, at, by)
values (%(receipt)s, %(kind)s, %(body)s, %(at)s, %(by)s) returning id
"""


@transaction.atomic
def add_photo(receipt_id: int, body: bytes, *, at: datetime, by: str) -> int:
    """Keep a photo of a receipt's goods; the same bytes again are the same photo. Returns its id. Raises
    NotFound, Invalid."""
    kind = photos.taken(body)
    if not sql.run("select id from inbound_receipt where id = %s for no key update", (receipt_id,)):
        raise NotFound(what="receipt", which=receipt_id)
    known = sql.run("select id, body = %s from inbound_photo where receipt_id = %s", (body, receipt_id))
    for photo_id, is_same in known:
        if is_same:
            return int(photo_id)
    if len(known) >= photos.PHOTOS_MAX:
        raise photos.too_many("receipt")
    row = {"receipt": receipt_id, "kind": kind, "body": body, "at": at, "by": by}
    return int(sql.run(SAVE, row)[0][0])
