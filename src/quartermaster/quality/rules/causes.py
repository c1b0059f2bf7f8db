"""The kinds of findings there are: how bad each is, and how much it takes off the score."""

from collections.abc import Mapping
from typing import NamedTuple

ERROR, WARNING, HINT = 1, 2, 3
SEVERITIES = {ERROR: "error", WARNING: "warning", HINT: "hint"}


class Cause(NamedTuple):
    """points: of 100, off the score of a SKU that has it. why: what comes of it."""

    name: str
    title: str
    severity: int
    points: int
    why: str


CAUSES: Mapping[str, Cause] = {
    one.name: one
    for one in (
        Cause("no-weight", "No weight", ERROR, 20, "No label can be bought for a parcel with it."),
        Cause("kit-broken", "Kit with a missing part", ERROR, 20, "It cannot be picked as it is defined."),
        Cause("barcode-lost", "Barcode shortened", ERROR, 15, "A spreadsheet cut it: its digits are lost."),
        Cause("barcode-twice", "Barcode at two SKUs", ERROR, 15, "A scanner cannot tell the two apart."),
        Cause("no-title", "No title", ERROR, 15, "Nobody knows what it is."),
        Cause("weight-off", "Implausible weight", WARNING, 15, "Labels cost too much, or are charged later."),
        Cause("size-off", "Implausible size", WARNING, 15, "Cartons and prices of carriers go by it."),
        Cause("no-size", "No dimensions", WARNING, 10, "No carton can be suggested."),
        Cause("no-barcode", "No barcode", WARNING, 15, "It cannot be scanned; some shops do not list it."),
        Cause("barcode-form", "Barcode in the wrong form", WARNING, 10, "It is not what a scanner reads."),
        Cause("barcode-digit", "Wrong check digit", WARNING, 10, "Most likely a digit is mistyped."),
        Cause("no-hs-code", "No HS code", WARNING, 10, "It cannot be declared abroad."),
        Cause("no-origin", "No country of origin", WARNING, 10, "It cannot be declared abroad."),
        Cause("no-cost", "No cost", WARNING, 10, "Margins and claims cannot be worked out."),
        Cause("same-variant", "The same variant twice", WARNING, 10, "Stock and sales are split over two."),
        Cause("unit-off", "Units that do not fit", WARNING, 10, "Quantities are off by the wrong factor."),
        Cause("pack-off", "Pack that is no unit", HINT, 3, "A scan may stand for the wrong quantity."),
        Cause("title-form", "Untidy title", HINT, 3, "Buyers see it as it is."),
        Cause("title-rule", "Title against your rule", HINT, 5, "You asked for another form."),
        Cause("code-rule", "Code against your rule", HINT, 2, "You asked for another form."),
        Cause("not-listed", "Sold, but not listed", HINT, 3, "A shop sold it that does not list it now."),
        Cause("orphan", "Listing without a SKU", WARNING, 0, "No stock is told, and its orders wait."),
    )
}
