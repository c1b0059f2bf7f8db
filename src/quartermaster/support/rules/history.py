"""What customers said, told to us by whoever asked them."""

from datetime import datetime
from typing import Final

from msgspec import Struct

KINDS: Final = {"csat": (1, 5), "nps": (0, 10)}


class PastRating(Struct, frozen=True, kw_only=True):
    """kind: csat (satisfaction, 1 to 5) or nps (how likely to recommend, 0 to 10). order: external id of the
    order it is about, "" for none."""

    external_id: str
    score: int
    at: datetime
    kind: str = "csat"
    order: str = ""
    comment: str = ""


def wrong_with(rating: PastRating) -> str:
    """What is wrong with it, in a sentence; "" when nothing is."""
    if not 0 < len(rating.external_id) <= 255 or not rating.external_id.isprintable():
        return "review: 1 to 255 printable characters"
    if rating.kind not in KINDS:
        return f"kind: {rating.kind[:40]!r} is none of {', '.join(KINDS)}"
    least, most = KINDS[rating.kind]
    return "" if least <= rating.score <= most else f"score: a whole number from {least} to {most}"
