"""A tariff as a table has it: one row a line."""

from collections.abc import Mapping
from decimal import Decimal

from quartermaster.core.cells import Cells
from quartermaster.core.money import BadAmount, Money, exponent
from quartermaster.shipping.rules.landed import BASES, KINDS, Rate, problems

COLUMNS = (
    *("kind", "country", "from_on", "until_on", "hs_prefix", "origin", "carrier", "service"),
    *("percent", "amount", "currency", "basis", "source", "example"),
)
REQUIRED = ("kind", "country", "from_on", "source")


def rate(given: Mapping[str, str]) -> tuple[Rate | None, Mapping[str, str]]:
    """A line, or by column what is wrong with the row. A percentage is written as one: 6.5."""
    cells = Cells(given)
    from_on, until_on, is_example = cells.day("from_on"), cells.day("until_on"), cells.flag("example")
    kind = next((each for each in KINDS if each == given["kind"].lower()), None)
    if kind is None:
        cells.errors["kind"] = f"one of: {', '.join(KINDS)}"
    basis = given["basis"].lower() or "goods"
    if basis not in BASES:
        cells.errors["basis"] = f"one of: {', '.join(BASES)}"
    currency = given["currency"].upper()
    try:
        exponent(currency or "EUR")
    except BadAmount as error:
        cells.errors["currency"] = str(error)
    percent, amount = cells.decimal("percent"), None
    if "currency" not in cells.errors:
        amount = cells.minor("amount", currency)
        if amount is not None and Money(amount, currency).decimal != Decimal(given["amount"]):
            cells.errors["amount"] = f"more decimals than {currency} has"
    if kind in ("duty", "vat") and percent is None:
        cells.errors.setdefault("percent", "needed; 0 for none")
    if kind in ("duty_free", "vat_free") and amount is None:
        cells.errors.setdefault("amount", "the limit, with its currency")
    if kind == "fee" and percent is None and amount is None:
        cells.errors.setdefault("amount", "an amount or a percent")
    if amount is not None and amount < 0:
        cells.errors.setdefault("amount", "not below zero")
    bp = Decimal(percent or 0) * 100
    if bp != int(bp):
        cells.errors.setdefault("percent", "at most two decimals")
    if from_on is None:
        cells.errors.setdefault("from_on", "a day such as 2026-12-31")
    if kind is None or from_on is None or cells.errors:
        return None, cells.errors
    line = Rate(
        kind=kind,
        country=given["country"].upper(),
        from_on=from_on,
        until_on=until_on,
        hs_prefix=given["hs_prefix"].replace(".", "").replace(" ", ""),
        origin=given["origin"].upper(),
        carrier=given["carrier"],
        service=given["service"],
        percent_bp=int(bp),
        amount_minor=amount or 0,
        currency=currency,
        basis="cif" if basis == "cif" else "goods",
        source=given["source"],
        is_example=bool(is_example),
    )
    wrong = dict(problems(line))
    return (None, wrong) if wrong else (line, {})
