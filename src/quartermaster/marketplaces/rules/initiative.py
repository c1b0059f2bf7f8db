"""Who wanted a cancellation: only what the seller wanted counts against the seller."""

import re
from enum import StrEnum
from typing import Final


class Who(StrEnum):
    SELLER = "seller"
    BUYER = "buyer"
    MARKETPLACE = "marketplace"
    UNKNOWN = "unknown"  # stays unknown: it is shown, and not counted


# What the connectors keep of a marketplace's own words: "Seller: NO_INVENTORY" (Amazon: cancelledBy and
# cancelReason), "Cancelled at Flipkart: seller_cancellation, not_enough_inventory."
_BEGINS: Final = {"seller": Who.SELLER, "buyer": Who.BUYER, "amazon": Who.MARKETPLACE}
_WORDS: Final = (
    (Who.SELLER, re.compile(r"seller_|not_enough_inventory|cannot_procure_item", re.I)),
    (Who.BUYER, re.compile(r"buyer_|customer_", re.I)),
    (Who.MARKETPLACE, re.compile(r"marketplace_|flipkart_|system_|sla_breach", re.I)),
)


def wanted_by(*, because: str, units_here: int, has_buyer_asked: bool) -> tuple[Who, str]:
    """Who wanted it and the sentence why. because: what stands with the order; units_here: units our own
    people took off; has_buyer_asked: the marketplace told us of the buyer's wish before. Amazon only takes a
    wish that was told to it for the buyer's, not one from a mail: so our own cancellation is ours, whatever
    its reason says, unless the wish was told."""
    said = because.strip().rstrip(".")
    if has_buyer_asked:
        return Who.BUYER, f"The buyer asked the marketplace to cancel: {said or 'no reason'}."
    if units_here:
        many = "unit" if units_here == 1 else "units"
        return Who.SELLER, f"We took {units_here} {many} off: {said or 'no reason'}."
    if who := _BEGINS.get(said.partition(":")[0].strip().lower()):
        return who, f"{said}."
    for who, words in _WORDS:
        if words.search(because):
            return who, f"{said}."
    return Who.UNKNOWN, f"Nobody says who wanted it: {said or 'no reason'}."


def is_defect(who: Who, *, counts_auto: bool) -> bool | None:
    """Whether it counts against the seller. None: nobody knows."""
    if who is Who.UNKNOWN:
        return None
    return who is Who.SELLER or (who is Who.MARKETPLACE and counts_auto)
