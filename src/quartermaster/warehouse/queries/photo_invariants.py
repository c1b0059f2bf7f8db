"""What must hold of photos of parcels."""

from collections.abc import Callable

from quartermaster.core import sql
from quartermaster.core.photos import PHOTO_MAX, PHOTOS_MAX, kind_of

NEWEST = 500
# Of each only how it begins: an image is stored as it came, and reading all of them takes a while.
BEGINNINGS = """
select 'P-' || parcel_id, id, kind, substring(body for 12), octet_length(body)
from warehouse_parcel_photo order by id desc limit %s
"""
TOO_MANY = """
select 'P-' || parcel_id, count(*) from warehouse_parcel_photo group by parcel_id having count(*) > %s
limit 100
"""


def photos_that_are_none() -> list[str]:
    wrong = [
        f"{parcel}: photo {photo_id} says {kind}, {size:,} bytes, and is not that"
        for parcel, photo_id, kind, begins, size in sql.run(BEGINNINGS, (NEWEST,), binary=True)
        if kind_of(bytes(begins)) != kind or size > PHOTO_MAX
    ]
    many = sql.run(TOO_MANY, (PHOTOS_MAX,))
    return [*wrong, *(f"{parcel} has {count} photos, more than {PHOTOS_MAX}" for parcel, count in many)]


PHOTOS: tuple[tuple[str, str, Callable[[], list[str]]], ...] = (
    (
        "warehouse.photos",
        "A photo of a parcel is the image it says, and within what is taken (the newest 500).",
        photos_that_are_none,
    ),
)
