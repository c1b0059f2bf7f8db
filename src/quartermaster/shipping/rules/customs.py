"""What customs want to know of a parcel that crosses a border. Pure: goods and both ends in, papers out.

Within the European Union's customs territory nothing is declared. The import one-stop shop (IOSS) covers
goods that are sent from outside the Union to a buyer in it, worth up to 150 euros together (Council Directive
(EU) 2017/2455); value added tax was collected at the sale then.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

from msgspec import Struct

from quartermaster.core.money import share

EU = frozenset(
    (
        *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE"),
        *("IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"),
    )
)
IOSS_MAX_MINOR, IOSS_CURRENCY = 15_000, "EUR"


class Profile(Struct, frozen=True, forbid_unknown_fields=True):
    """Who sends. eori: number by country, "EU" for all of the Union. incoterm: who pays duties, the receiver
    (DAP) or we (DDP)."""

    exporter: str = ""
    eori: Mapping[str, str] = {}
    ioss: str = ""
    incoterm: Literal["DAP", "DDP"] = "DAP"


class Good(Struct, frozen=True):
    """Units of one SKU from one order line. `kit` is what they are a part of. weight and cost of one unit."""

    line: int
    sku: str
    title: str
    quantity: int
    line_value_minor: int
    hs_code: str = ""
    origin: str = ""
    weight_g: int | None = None
    cost_minor: int | None = None
    kit: str = ""


class Row(Struct, frozen=True):
    """A row of the declaration; value_minor of all its units."""

    sku: str
    title: str
    quantity: int
    value_minor: int
    hs_code: str
    origin: str
    weight_g: int | None


class Declaration(Struct, frozen=True):
    """`missing`: what customs will ask for and nobody has told, a sentence each."""

    sender: str
    receiver: str
    rows: tuple[Row, ...]
    value_minor: int
    currency: str
    weight_g: int | None
    eori: str
    ioss: str
    incoterm: str
    because: tuple[str, ...]
    missing: tuple[str, ...]


def crosses(sender: str, receiver: str) -> bool:
    """Has a parcel from one country to the other to be declared?"""
    return bool(sender and receiver) and sender != receiver and not {sender, receiver} <= EU


def declare(
    goods: Sequence[Good], profile: Profile, *, sender: str, receiver: str, currency: str
) -> Declaration:
    """The declaration of a parcel. A kit is declared by its parts: they share its value by what they cost, or
    by their number where a cost is not known."""
    rows = _rows(goods)
    value = sum(row.value_minor for row in rows)
    weights = [row.weight_g for row in rows]
    ioss, why = _ioss(profile, value, currency, sender, receiver)
    eori = profile.eori.get(sender) or (profile.eori.get("EU", "") if sender in EU else "")
    missing = [f"{row.sku} has no HS code." for row in rows if not row.hs_code]
    missing += [f"{row.sku} has no country of origin." for row in rows if not row.origin]
    missing += [f"{row.sku} has no weight." for row in rows if row.weight_g is None]
    missing += [f"{row.sku} is given away: say what it is worth." for row in rows if not row.value_minor]
    if not eori:
        missing.append(f"There is no EORI number for {sender}.")
    if not profile.exporter:
        missing.append("Nobody is named as the exporter.")
    return Declaration(
        sender=sender,
        receiver=receiver,
        rows=rows,
        value_minor=value,
        currency=currency,
        weight_g=None if None in weights else sum(weight for weight in weights if weight is not None),
        eori=eori,
        ioss=ioss,
        incoterm=profile.incoterm,
        because=(why,) if why else (),
        missing=tuple(missing),
    )


def _rows(goods: Sequence[Good]) -> tuple[Row, ...]:
    lines: dict[int, list[Good]] = {}
    for good in goods:
        lines.setdefault(good.line, []).append(good)
    rows = []
    for parts in lines.values():
        costs = [good.cost_minor for good in parts]
        is_known = all(costs)
        weights = [(good.cost_minor or 0 if is_known else 1) * good.quantity for good in parts]
        for good, value in zip(parts, share(parts[0].line_value_minor, weights), strict=True):
            rows.append(_row(good, value))
    return tuple(rows)


def _row(good: Good, value_minor: int) -> Row:
    return Row(
        sku=good.sku,
        title=f"{good.title} (part of {good.kit})" if good.kit else good.title,
        quantity=good.quantity,
        value_minor=value_minor,
        hs_code=good.hs_code,
        origin=good.origin,
        weight_g=None if good.weight_g is None else good.weight_g * good.quantity,
    )


def _ioss(profile: Profile, value: int, currency: str, sender: str, receiver: str) -> tuple[str, str]:
    """The number to show, and why or why not; nothing is said where it cannot apply."""
    if receiver not in EU or sender in EU or not profile.ioss:
        return "", ""
    if currency != IOSS_CURRENCY:
        return "", f"No IOSS number: the value is in {currency}, and no rate to EUR is known."
    if value > IOSS_MAX_MINOR:
        return "", "No IOSS number: the goods are worth more than EUR 150."
    return profile.ioss, "IOSS: worth at most EUR 150, so VAT was collected at the sale."
