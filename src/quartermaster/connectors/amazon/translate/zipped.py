"""The bytes of a report, unpacked where Amazon packed them. Pure."""

import zlib
from typing import Final

_GZIP_BITS: Final = 31
PLAIN_MAX: Final = 8_000_000


def plain(body: bytes, *, is_gzip: bool) -> bytes:
    """Raises ValueError."""
    if not is_gzip:
        return body
    reader = zlib.decompressobj(_GZIP_BITS)
    try:
        unpacked = reader.decompress(body, PLAIN_MAX)
    except zlib.error as error:
        raise ValueError(f"Amazon's report cannot be read: {error}") from None
    if reader.unconsumed_tail or not reader.eof:
        raise ValueError("Amazon's report cannot be read: it is cut off, or larger than a report is")
    return unpacked
