"""The declaration of a parcel. Pure: goods and both ends in, papers out.

Within the European Union's customs territory nothing is declared. The import one-stop shop (IOSS) covers
goods that are sold from outside the Union to a buyer in it, worth up to 150 euros together (Council Directive
(EU) 2017/2455); value added tax was collected at the sale then.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

from msgspec import Struct

from quartermaster.shipping.rules.customs.forms import Limit
from quartermaster.shipping.rules.customs.union import EU, crosses
from quartermaster.shipping.rules.customs.values import Part, of_parcel, shares

__all__ = ["EU", "crosses"]
IOSS_MAX_MINOR, IOSS_CURRENCY = 15_000, "EUR"
type Purpose = Literal["sale", "gift", "sample", "return", "other"]
PURPOSES: Mapping[str, str] = {
    "sale": "Sale of goods",
    "gift": "Gift",
    "sample": "Commercial sample",
    "return": "Returned goods",
    "other": "Other",
}


class Site(Struct, frozen=True, forbid_unknown_fields=True):
    """A site that exports under another name or numbers; empty: as the company does."""

    exporter: str = ""
    eori: Mapping[str, str] = {}
    ioss: str = ""


class Profile(Struct, frozen=True, forbid_unknown_fields=True):
    """Who sends. eori: number by country, "EU" for all of the Union. incoterm: who pays duties, the receiver
    (DAP) or we (DDP). forms: limits of the CN22 beside those we know."""

    exporter: str = ""
    eori: Mapping[str, str] = {}
    ioss: str = ""
    incoterm: Literal["DAP", "DDP"] = "DAP"
    sites: Mapping[str, Site] = {}
    forms: tuple[Limit, ...] = ()

    def at(self, site: str) -> "Profile":
        """As a site has it."""
        own = self.sites.get(site, Site())
        return Profile(
            exporter=own.exporter or self.exporter,
            eori={**self.eori, **own.eori},
            ioss=own.ioss or self.ioss,
            incoterm=self.incoterm,
            forms=self.forms,
        )


class Contents(Struct, frozen=True, forbid_unknown_fields=True):
    """Why an order is sent, and by SKU what a unit is worth where its price does not say."""

    purpose: Purpose = "sale"
    worth: Mapping[str, int] = {}


class Good(Struct, frozen=True):
    """Units of one SKU from one order line in a parcel. `kit` is what they are a part of. weight and cost of
    one unit. line_value_minor is paid for all `parts` of the line; without parts they are what is here.
    before: units in earlier parcels. tax_minor: collected for the line."""

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
    before: int = 0
    parts: tuple[Part, ...] = ()
    tax_minor: int = 0


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
    """`missing`: what customs will ask for and nobody has told, a sentence each. `refused`: those of them
    without which no label is bought."""

    sender: str
    receiver: str
    rows: tuple[Row, ...]
    value_minor: int
    currency: str
    weight_g: int | None
    eori: str
    ioss: str
    incoterm: str
    purpose: Purpose
    because: tuple[str, ...]
    missing: tuple[str, ...]
    refused: tuple[str, ...]


def declare(
    goods: Sequence[Good],
    profile: Profile,
    *,
    sender: str,
    receiver: str,
    currency: str,
    contents: Contents | None = None,
) -> Declaration:
    """The declaration of a parcel. A kit is declared by its parts: they share its value by what they cost, or
    by their number where a cost is not known. What a unit is worth is what was paid for it; of gifts,
    samples and returned goods, and of what was given away, what somebody says, for nothing is worth
    nothing."""
    told = contents or Contents()
    rows = _rows(goods, told)
    value = sum(row.value_minor for row in rows)
    weights = [row.weight_g for row in rows]
    ioss, because, needs_ioss = _ioss(profile, told, goods, value, currency, sender, receiver)
    eori = profile.eori.get(sender) or (profile.eori.get("EU", "") if sender in EU else "")
    missing = [f"{row.sku} has no HS code." for row in rows if not row.hs_code]
    missing += [f"{row.sku} has no country of origin." for row in rows if not row.origin]
    missing += [f"{row.sku} has no weight." for row in rows if row.weight_g is None]
    missing += [f"{row.sku} is given away: say what it is worth." for row in rows if not row.value_minor]
    refused = list(needs_ioss)
    if not eori:
        missing.append(f"There is no EORI number for {sender}.")
        if sender in EU or sender == "GB":
            refused.append(missing[-1])
    if not profile.exporter:
        missing.append("Nobody is named as the exporter.")
    if told.purpose == "gift":
        because = (*because, "A gift of a company is taxed as a sale: the relief is for people.")
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
        purpose=told.purpose,
        because=because,
        missing=(*missing, *needs_ioss),
        refused=tuple(refused),
    )


def _rows(goods: Sequence[Good], contents: Contents) -> tuple[Row, ...]:
    lines: dict[int, list[Good]] = {}
    for good in goods:
        lines.setdefault(good.line, []).append(good)
    return tuple(
        _row(good, _worth(good, paid, contents))
        for some in lines.values()
        for good, paid in zip(some, _paid(some), strict=True)
    )


def _paid(goods: Sequence[Good]) -> list[int]:
    """Of one line's value what falls on each of these goods."""
    parts = goods[0].parts
    if not parts:
        here = [Part(good.sku, good.quantity, good.cost_minor) for good in goods]
        return shares(goods[0].line_value_minor, here)
    units = {part.sku: part.units for part in parts}
    value = {
        part.sku: share for part, share in zip(parts, shares(goods[0].line_value_minor, parts), strict=True)
    }
    return [
        of_parcel(value[good.sku], units[good.sku], before=good.before, here=good.quantity) for good in goods
    ]


def _worth(good: Good, paid_minor: int, contents: Contents) -> int:
    each = contents.worth.get(good.sku)
    if each is None or (contents.purpose == "sale" and paid_minor):
        return paid_minor
    return each * good.quantity


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


def _ioss(
    profile: Profile,
    contents: Contents,
    goods: Sequence[Good],
    value: int,
    currency: str,
    sender: str,
    receiver: str,
) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """The number to show, why or why not, and that it is missing where tax was collected at the sale: without
    it the receiver pays it twice. Nothing is said where it cannot apply."""
    if receiver not in EU or sender in EU or contents.purpose != "sale":
        return "", (), ()
    was_taxed = any(good.tax_minor for good in goods)
    if currency != IOSS_CURRENCY:
        told = f"No IOSS number: the value is in {currency}, and no rate to EUR is known."
        return "", (told,) if profile.ioss else (), ()
    if value > IOSS_MAX_MINOR:
        return "", ("No IOSS number: the goods are worth more than EUR 150.",) if profile.ioss else (), ()
    if not profile.ioss:
        told = "VAT was collected at the sale, and there is no IOSS number: the receiver would pay it twice."
        return "", (), (told,) if was_taxed else ()
    return profile.ioss, ("IOSS: worth at most EUR 150, so VAT was collected at the sale.",), ()
