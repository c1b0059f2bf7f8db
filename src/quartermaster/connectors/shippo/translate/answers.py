"""Shippo's answers in our words."""

import re
from collections.abc import Mapping
from datetime import timedelta

from msgspec.structs import replace

from quartermaster.connectors.complaints import Complaint
from quartermaster.connectors.picked import listed, objects, text
from quartermaster.core.money import BadAmount, to_minor
from quartermaster.orders.ports import Address, Unreadable
from quartermaster.shipping.ports import Bought, Checked, Offer, Shipment

VOID = frozenset(("REFUNDED", "REFUNDPENDING"))
MAKING = frozenset(("WAITING", "QUEUED"))
MADE = frozenset(("SUCCESS", "REFUNDED", "REFUNDPENDING", "REFUNDREJECTED"))


def complaint(body: Mapping[str, object]) -> Complaint:
    """Errors come as a detail, as messages, or as lists by field."""
    if detail := text(body.get("detail")):
        return Complaint("", detail)
    said = messages(body)
    fields = {
        name: " ".join(text(each) for each in listed(value)) or text(value)
        for name, value in body.items()
        if name not in ("messages", "status") and isinstance(value, str | list)
    }
    told = [f"{name}: {wrong}" if name != "__all__" else wrong for name, wrong in fields.items()]
    return Complaint("", said or "; ".join(told), {} if said else fields)


def messages(body: Mapping[str, object]) -> str:
    """What its messages say, as one text."""
    said = (text(each.get("text")).strip() for each in objects(body.get("messages")))
    return " ".join(dict.fromkeys(each for each in said if each))


def is_busy(transaction: Mapping[str, object]) -> bool:
    """The carrier behind it did not answer: nothing was bought, it may be tried again."""
    return any("timeout" in text(each.get("code")) for each in objects(transaction.get("messages")))


def offers(body: Mapping[str, object], shipment: Shipment, *, account: str) -> tuple[Offer, ...]:
    """The rates of a shipment, the cheapest of each service."""
    if "rates" not in body:
        raise Unreadable("There are no rates in it.")
    by_name: dict[tuple[str, str], Offer] = {}
    for rate in objects(body["rates"]):
        offer = _offer(rate, shipment, account)
        name = (offer.carrier, offer.service)
        if name not in by_name or (offer.cost_minor or 0) < (by_name[name].cost_minor or 0):
            by_name[name] = offer
    return tuple(by_name[name] for name in sorted(by_name))


def _offer(rate: Mapping[str, object], shipment: Shipment, account: str) -> Offer:
    level = rate.get("servicelevel")
    service = text(level.get("token")) if isinstance(level, dict) else ""
    title = text(level.get("name")) if isinstance(level, dict) else ""
    provider, ref = text(rate.get("provider")), text(rate.get("object_id"))
    if not (service and provider and ref):
        raise Unreadable("A rate names no carrier, service or id.")
    cost, currency = _price(rate)
    leaves_on = shipment.ready_at.date()
    days = rate.get("estimated_days")
    return Offer(
        carrier=re.sub("[^a-z0-9]+", "_", provider.lower()).strip("_"),
        service=service,
        title=f"{provider} {title or service}",
        account=account,
        cost_minor=cost,
        currency=currency,
        leaves_on=leaves_on,
        arrives_on=leaves_on + timedelta(days=days) if isinstance(days, int) and 0 <= days < 366 else None,
        because=tuple(filter(None, [messages(rate)])),
        ref=ref,
    )


def _price(rate: Mapping[str, object]) -> tuple[int | None, str]:
    """The price in the currency of the account's country; (None, "") when it cannot be told."""
    currency = text(rate.get("currency_local")).upper()
    try:
        return to_minor(text(rate.get("amount_local")), currency), currency
    except BadAmount:
        return None, ""


def bought(transaction: Mapping[str, object], *, reference: str, paper: bytes) -> Bought:
    """A transaction that was made. What it cost is the price of its rate."""
    number = text(transaction.get("tracking_number"))
    if not number:
        raise Unreadable("The label has no tracking number.")
    is_zpl = is_thermal(transaction)
    return Bought(
        reference,
        number,
        None,
        "",
        pdf=None if is_zpl else paper,
        zpl=paper.decode("utf-8", "replace") if is_zpl else "",
        is_void=transaction.get("status") in VOID,
        carrier_ref=text(transaction.get("object_id")),
    )


def is_thermal(transaction: Mapping[str, object]) -> bool:
    return text(transaction.get("label_file_type")).startswith("ZPL")


def checked(body: Mapping[str, object], asked: Address) -> Checked:
    """Raises Unreadable without a verdict. A valid address with something to say is doubtful."""
    results = body.get("validation_results")
    if not isinstance(results, dict) or not isinstance(results.get("is_valid"), bool):
        raise Unreadable("There is no validation_results.")
    said = messages(results)
    verdict = "bad" if not results["is_valid"] else "doubtful" if said else "good"
    written = replace(
        asked,
        line1=text(body.get("street1")),
        line2=text(body.get("street2")),
        city=text(body.get("city")),
        region=text(body.get("state")),
        postcode=text(body.get("zip")),
    )
    parts = ("line1", "line2", "city", "region", "postcode")
    same = all(getattr(written, part).casefold() == getattr(asked, part).casefold() for part in parts)
    suggested = None if same or verdict == "bad" else written
    return Checked(verdict, tuple(filter(None, [said])), suggested)
