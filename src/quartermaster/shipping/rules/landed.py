"""What duties, taxes and fees a parcel is expected to cost where it arrives. Pure: goods, their way and the
tariff in, an estimate out. What no line of the tariff covers is unknown, and never nothing.

Duty is taken on the goods, or with the freight (cif), as its line says; value added tax on goods, freight and
duty together. A parcel worth at most a destination's limit is free of the one or the other.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal

from msgspec import Struct

from quartermaster.core.money import Money, share

type Kind = Literal["duty", "vat", "duty_free", "vat_free", "fee"]
KINDS: tuple[Kind, ...] = ("duty", "vat", "duty_free", "vat_free", "fee")
BASES = ("goods", "cif")


class Rate(Struct, frozen=True):
    """A line of the tariff. duty and vat: a percentage, for HS codes that begin so and goods of that origin;
    duty_free and vat_free: the amount up to which none is taken; fee: what a carrier takes for clearing, an
    amount and a percentage of what it lays out."""

    kind: Kind
    country: str
    from_on: date
    source: str
    hs_prefix: str = ""
    origin: str = ""
    carrier: str = ""
    service: str = ""
    percent_bp: int = 0
    amount_minor: int = 0
    currency: str = ""
    basis: Literal["goods", "cif"] = "goods"
    until_on: date | None = None
    is_example: bool = False


class Item(Struct, frozen=True):
    """A row of the declaration."""

    sku: str
    value_minor: int
    hs_code: str = ""
    origin: str = ""


class Asked(Struct, frozen=True):
    """Everything an estimate is made from. freight_minor: None when nobody knows. version: of the tariff;
    rates: its lines for the destination."""

    version: int
    on: date
    receiver: str
    currency: str
    items: tuple[Item, ...]
    freight_minor: int | None
    incoterm: Literal["DAP", "DDP"]
    has_ioss: bool
    rates: tuple[Rate, ...]
    carrier: str = ""
    service: str = ""


class Cost(Struct, frozen=True):
    """Minor units; None: unknown. because: the sentences behind it."""

    minor: int | None
    because: tuple[str, ...]


class Estimate(Struct, frozen=True):
    """total_minor is None as soon as one part is. payer: who is asked for it."""

    duty: Cost
    vat: Cost
    fee: Cost
    total_minor: int | None
    currency: str
    payer: Literal["we", "the receiver"]
    is_example: bool


def estimate(asked: Asked) -> Estimate:
    """What is to be expected. The same question always gets the same answer."""
    held = [each for each in asked.rates if _holds(each, asked.on)]
    value = sum(item.value_minor for item in asked.items)
    freight = None if asked.freight_minor is None else _freight(asked.items, asked.freight_minor)
    duties, duty = _duty(asked, held, value, freight)
    vat = _vat(asked, held, value, freight, duties)
    fee = _fee(asked, held, duty, vat)
    parts = [duty.minor, vat.minor, fee.minor]
    return Estimate(
        duty=duty,
        vat=vat,
        fee=fee,
        total_minor=None if None in parts else sum(part for part in parts if part is not None),
        currency=asked.currency,
        payer="we" if asked.incoterm == "DDP" else "the receiver",
        is_example=any(each.is_example for each in held),
    )


def percent_of(minor: int, percent_bp: int) -> int:
    """Rounded half up."""
    return (minor * percent_bp + 5_000) // 10_000


def _holds(line: Rate, on: date) -> bool:
    return line.from_on <= on and (line.until_on is None or on <= line.until_on)


def _freight(items: Sequence[Item], freight_minor: int) -> list[int]:
    return share(freight_minor, [item.value_minor for item in items]) if items else []


def _duty(
    asked: Asked, held: Sequence[Rate], value: int, freight: list[int] | None
) -> tuple[list[int] | None, Cost]:
    """By row and together."""
    free, because = _free(asked, held, "duty_free", value)
    if free:
        return [0] * len(asked.items), Cost(0, because)
    duties: list[int] = []
    unknown: list[str] = list(because)
    told: list[str] = []
    for n, item in enumerate(asked.items):
        line = _line(held, "duty", item)
        if not item.hs_code:
            unknown.append(f"{item.sku} has no HS code.")
        elif line is None:
            unknown.append(f"No duty is known for {item.hs_code} from {item.origin or 'unknown'}.")
        elif line.basis == "cif" and freight is None:
            unknown.append(f"The duty of {item.sku} counts the freight, and nobody knows it.")
        else:
            base = item.value_minor + (freight[n] if freight and line.basis == "cif" else 0)
            duties.append(percent_of(base, line.percent_bp))
            money = f"{Money(base, asked.currency)} is {Money(duties[-1], asked.currency)}"
            told.append(f"{item.sku}: {_percent(line)} of {money} ({line.source}).")
    if unknown:
        return None, Cost(None, tuple(dict.fromkeys(unknown)))
    return duties, Cost(sum(duties), tuple(told))


def _vat(
    asked: Asked, held: Sequence[Rate], value: int, freight: list[int] | None, duties: list[int] | None
) -> Cost:
    if asked.has_ioss:
        return Cost(0, ("It was collected at the sale (IOSS).",))
    free, because = _free(asked, held, "vat_free", value)
    if free:
        return Cost(0, because)
    lines = [_line(held, "vat", item) for item in asked.items]
    if because:
        return Cost(None, because)
    if any(line is None for line in lines):
        return Cost(None, (f"No tax rate of {asked.receiver} is known.",))
    if duties is None or freight is None:
        what = "the duty" if duties is None else "the freight"
        return Cost(None, (f"It is taken on {what} too, and that is unknown.",))
    total = 0
    told = []
    for item, line, duty, carriage in zip(asked.items, lines, duties, freight, strict=True):
        assert line is not None
        base = item.value_minor + carriage + duty
        total += percent_of(base, line.percent_bp)
        told.append(f"{item.sku}: {_percent(line)} of {Money(base, asked.currency)} ({line.source}).")
    return Cost(total, tuple(told))


def _fee(asked: Asked, held: Sequence[Rate], duty: Cost, vat: Cost) -> Cost:
    """A carrier takes it for laying out duty and tax: without these there is none."""
    if duty.minor == 0 and vat.minor == 0:
        return Cost(0, ("There is nothing to clear.",))
    lines = [
        each
        for each in held
        if each.kind == "fee" and each.carrier in ("", asked.carrier) and each.service in ("", asked.service)
    ]
    if not lines:
        return Cost(None, (f"What {asked.carrier or 'the carrier'} takes for clearing is not known.",))
    line = max(lines, key=lambda each: (bool(each.carrier), bool(each.service), each.from_on))
    if line.amount_minor and line.currency != asked.currency:
        return Cost(None, (f"The fee is told in {line.currency}, and no rate is known.",))
    if line.percent_bp and (duty.minor is None or vat.minor is None):
        return Cost(None, ("It is a share of duty and tax, and one of them is unknown.",))
    minor = line.amount_minor + percent_of((duty.minor or 0) + (vat.minor or 0), line.percent_bp)
    return Cost(minor, (f"For clearing: {Money(minor, asked.currency)} ({line.source}).",))


def _free(asked: Asked, held: Sequence[Rate], kind: Kind, value: int) -> tuple[bool, tuple[str, ...]]:
    """Is the parcel below the limit? And why, or why nobody can say."""
    limits = [each for each in held if each.kind == kind]
    if not limits:
        return False, ()
    newest = max(each.from_on for each in limits)
    here = [each for each in limits if each.from_on == newest and each.currency == asked.currency]
    if not here:
        money = ", ".join(sorted({each.currency for each in limits}))
        return False, (f"The limit it is free below is told in {money}, and no rate is known.",)
    most = Money(here[0].amount_minor, asked.currency)
    if value > here[0].amount_minor:
        return False, ()
    return True, (f"Worth at most {most}, it is free ({here[0].source}).",)


def _line(held: Sequence[Rate], kind: Kind, item: Item) -> Rate | None:
    """The one that says most about these goods: the longest HS code, its origin, the newest."""
    fit = [
        each
        for each in held
        if each.kind == kind and item.hs_code.startswith(each.hs_prefix) and each.origin in ("", item.origin)
    ]
    return max(fit, key=lambda each: (len(each.hs_prefix), bool(each.origin), each.from_on), default=None)


def _percent(line: Rate) -> str:
    return f"{line.percent_bp / 100:g} %"


def problems(line: Rate) -> Iterator[tuple[str, str]]:
    """Field and what is wrong with it."""
    if not (len(line.country) == 2 and line.country.isascii() and line.country.isupper()):
        yield "country", "two capital letters"
    if not line.source.strip():
        yield "source", "say who tells so"
    if line.kind in ("duty_free", "vat_free") and not line.currency:
        yield "amount", "the limit, with its currency"
    if line.kind in ("duty", "vat") and line.amount_minor:
        yield "amount", "only limits and fees are amounts"
    if line.amount_minor and not line.currency:
        yield "currency", "needed with an amount"
    if not 0 <= line.percent_bp <= 100_000:
        yield "percent", "from 0 to 1000"
    if line.hs_prefix and not (line.hs_prefix.isascii() and line.hs_prefix.isdecimal()):
        yield "hs_prefix", "digits"
    if line.until_on and line.until_on < line.from_on:
        yield "until_on", "is before it begins"
