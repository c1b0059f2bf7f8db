"""Photos that people and programs send us: which kinds are taken, and how large."""

from quartermaster.core.errors import Invalid

PHOTO_MAX = 4_000_000  # bytes
PHOTOS_MAX = 10  # of one thing
KINDS = ("image/jpeg", "image/png", "image/webp")
_BEGINNINGS = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"RIFF", "image/webp"))


def kind_of(body: bytes) -> str:
    """The kind of image the bytes themselves say, "" for none we take: what was claimed is not asked."""
    for begins, kind in _BEGINNINGS:
        if body.startswith(begins) and (kind != "image/webp" or body[8:12] == b"WEBP"):
            return kind
    return ""


def taken(body: bytes) -> str:
    """The kind of a photo that may be kept. Raises Invalid."""
    kind = kind_of(body)
    if not kind or len(body) > PHOTO_MAX:
        raise Invalid(
            what="The photo", errors={"photo": f"a JPEG, PNG or WebP of at most {PHOTO_MAX:,} bytes"}
        )
    return kind


def too_many(what: str) -> Invalid:
    """What is said of one photo more than `what` may have."""
    return Invalid(what="The photo", errors={"photo": f"at most {PHOTOS_MAX} of one {what}"})
