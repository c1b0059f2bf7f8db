"""Photos of what came."""

from datetime import datetime

from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.errors import Invalid, NotFound

PHOTO_MAX = 4_000_000  # bytes
PHOTOS_MAX = 10  # of one receipt
_KINDS = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"RIFF", "image/webp"))
SAVE = """
insert into inbound_photo (receipt_id, kind, body, at, by)
values (%(receipt)s, %(kind)s, %(body)s, %(at)s, %(by)s) returning id
"""


def kind_of(body: bytes) -> str:
    """The kind of image the bytes themselves say, "" for none we take: what was claimed is not asked."""
    for begins, kind in _KINDS:
        if body.startswith(begins) and (kind != "image/webp" or body[8:12] == b"WEBP"):
            return kind
    return ""


@transaction.atomic
def add_photo(receipt_id: int, body: bytes, *, at: datetime, by: str) -> int:
    """Keep a photo of a receipt's goods; the same bytes again are the same photo. Returns its id. Raises
    NotFound, Invalid."""
    kind = kind_of(body)
    if not kind or len(body) > PHOTO_MAX:
        raise Invalid(
            what="The photo", errors={"photo": f"a JPEG, PNG or WebP of at most {PHOTO_MAX:,} bytes"}
        )
    if not sql.run("select id from inbound_receipt where id = %s for no key update", (receipt_id,)):
        raise NotFound(what="receipt", which=receipt_id)
    known = sql.run("select id, body = %s from inbound_photo where receipt_id = %s", (body, receipt_id))
    for photo_id, is_same in known:
        if is_same:
            return int(photo_id)
    if len(known) >= PHOTOS_MAX:
        raise Invalid(what="The photo", errors={"photo": f"at most {PHOTOS_MAX} of one receipt"})
    row = {"receipt": receipt_id, "kind": kind, "body": body, "at": at, "by": by}
    return int(sql.run(SAVE, row)[0][0])
