"""Rows of a carrier's invoice as its file has them."""

import hashlib
from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from quartermaster.core.cells import Cells
from quartermaster.core.money import BadAmount, exponent

COLUMNS = (
    *("carrier", "invoice", "tracking_number", "charge", "amount", "currency"),
    *("billed_weight_g", "shipped_on"),
)
REQUIRED = ("carrier", "invoice", "tracking_number", "amount", "currency")


class Row(Struct, frozen=True):
    """One charge of one shipment. digest: of everything the row says."""

    carrier: str
    invoice: str
    tracking_number: str
    kind: str
    amount_minor: int
    currency: str
    billed_weight_g: int | None
    shipped_on: date | None
    digest: str


def row(given: Mapping[str, str]) -> tuple[Row | None, Mapping[str, str]]:
    """A charge, or by column what is wrong with the row."""
    cells = Cells(given)
    currency = given["currency"].upper()
    try:
        exponent(currency)
    except BadAmount as error:
        return None, {"currency": str(error)}
    amount, weight = cells.minor("amount", currency), cells.whole("billed_weight_g")
    shipped_on = cells.day("shipped_on")
    if weight is not None and not 0 <= weight <= 10_000_000:
        cells.errors["billed_weight_g"] = "not a weight in grams"
    if cells.errors or amount is None:
        return None, cells.errors
    said = "\x1f".join(given[name] for name in COLUMNS)
    return Row(
        carrier=given["carrier"],
        invoice=given["invoice"],
        tracking_number=given["tracking_number"].replace(" ", ""),
        kind=given["charge"],
        amount_minor=amount,
        currency=currency,
        billed_weight_g=weight,
        shipped_on=shipped_on,
        digest=hashlib.sha256(said.encode()).hexdigest(),
    ), {}
