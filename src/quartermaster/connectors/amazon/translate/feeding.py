"""The feed of listings, JSON_LISTINGS_FEED 2.0: what is written into it, and its processing report. Pure.

https://developer-docs.amazon.com/sp-api/docs/listings-feed-type-values, read 2026-11-23.
"""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec

from quartermaster.channels.ports import Progress, Taken
from quartermaster.connectors.json_bytes import load
from quartermaster.connectors.picked import objects, text
from quartermaster.orders.ports import Unreadable

TYPE: Final = "JSON_LISTINGS_FEED"
KIND: Final = "application/json; charset=UTF-8"
# What a patch of an offer may name in place of the product's own type, which nobody looks up for each row.
ANY_PRODUCT: Final = "PRODUCT"
OVER: Final = ("DONE", "CANCELLED", "FATAL")
_GZIP_BITS, _PLAIN_MAX = 31, 32_000_000
_encoder = msgspec.json.Encoder(decimal_format="number")

type Json = Mapping[str, object]


def feed(seller: str, patches: Iterable[tuple[str, Json]]) -> bytes:
    """Of SKUs and their patches (`offers.stock`, `offers.price`)."""
    messages = [
        {"messageId": n, "sku": sku, "operationType": "PATCH", **patch}
        for n, (sku, patch) in enumerate(patches, 1)
    ]
    return _encoder.encode({"header": {"sellerId": seller, "version": "2.0"}, "messages": messages})


def outcome(report: bytes, rows: Sequence[str], *, is_gzip: bool) -> Progress:
    """What became of these SKUs. An error of no message is the whole feed's. One of a message that does not
    name its SKU may be any row's: then those without an error of their own have no answer. Raises ValueError
    when it is no such report."""
    told = _read(report, is_gzip)
    wrong: dict[str, list[str]] = {}
    of_feed: list[str] = []
    for issue in objects(told.get("issues")):
        if issue.get("severity") == "ERROR":
            is_of_feed = "messageId" not in issue and not issue.get("sku")
            of = of_feed if is_of_feed else wrong.setdefault(text(issue.get("sku")), [])
            of.append(text(issue.get("message")))
    if of_feed:
        return Progress("died", because=" ".join(dict.fromkeys(of_feed))[:300])
    answered = [sku for sku in rows if sku in wrong] if "" in wrong else rows
    return Progress("over", tuple(_taken(sku, wrong.get(sku)) for sku in answered))


def _taken(sku: str, wrong: Sequence[str] | None) -> Taken:
    """Taken is not done yet: ACCEPTED, as an answer to a patch says it."""
    if wrong is None:
        return Taken(sku, "accepted")
    said = " ".join(dict.fromkeys(each for each in wrong if each))
    return Taken(sku, "refused", said[:500] or "Amazon does not take it, and says no more.")


def _read(report: bytes, is_gzip: bool) -> Json:
    try:
        told, _ = load(_plain(report) if is_gzip else report)
    except (Unreadable, zlib.error) as error:
        raise ValueError(f"Amazon's report of a feed cannot be read: {error}") from None
    if not isinstance(told, dict) or not isinstance(told.get("summary"), dict):
        raise ValueError("Amazon's report of a feed says nothing about it")
    return told


def _plain(report: bytes) -> bytes:
    unpacker = zlib.decompressobj(_GZIP_BITS)
    plain = unpacker.decompress(report, _PLAIN_MAX)
    if not unpacker.eof:
        raise ValueError("Amazon's report of a feed is longer than any can be, or cut off")
    return plain
