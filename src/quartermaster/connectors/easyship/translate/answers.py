"""Easyship's answers in our words."""

import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

from quartermaster.connectors.complaints import Complaint
from quartermaster.connectors.picked import listed, objects, text
from quartermaster.core.money import BadAmount, to_minor
from quartermaster.orders.ports import Unreadable
from quartermaster.shipping.ports import Bought, Offer, Shipment

MADE = frozenset(("generated", "printed", "reported"))
MAKING = frozenset(("pending", "generating"))
VOID = frozenset(("voided", "void_reported"))


def complaint(body: Mapping[str, object]) -> Complaint:
    error = body.get("error")
    if not isinstance(error, dict):
        return Complaint("", "")
    details = [text(each) for each in listed(error.get("details"))]
    return Complaint(text(error.get("code")), " ".join([text(error.get("message")), *details]).strip())


def offers(body: Mapping[str, object], shipment: Shipment, *, account: str) -> tuple[Offer, ...]:
    """Every rate by courier and service, the cheapest of each."""
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
    service = rate.get("courier_service")
    if not isinstance(service, dict) or not text(service.get("id")):
        raise Unreadable("A rate names no courier service.")
    name = text(service.get("name")) or text(service["id"])
    courier = text(service.get("umbrella_name")) or name
    currency = text(rate.get("currency")).upper()
    charge = rate.get("total_charge")
    try:
        cost = to_minor(charge, currency) if isinstance(charge, int | Decimal) else None
    except BadAmount:
        cost = None
    leaves_on = shipment.ready_at.date()
    days = rate.get("max_delivery_time")
    return Offer(
        carrier=_code(courier),
        service=_code(name),
        title=name if name.startswith(courier) else f"{courier} {name}",
        account=account,
        cost_minor=cost,
        currency=currency,
        leaves_on=leaves_on,
        arrives_on=leaves_on + timedelta(days=days) if isinstance(days, int) and 0 <= days < 366 else None,
        because=tuple(filter(None, [text(rate.get("warning_message"))])),
        ref=text(service["id"]),
    )


def _code(name: str) -> str:
    return re.sub("[^a-z0-9]+", "_", name.lower()).strip("_") or "unnamed"


def is_void(shipment: Mapping[str, object]) -> bool:
    return shipment.get("shipment_state") == "cancelled" or shipment.get("label_state") in VOID


def bought(shipment: Mapping[str, object], *, reference: str) -> Bought:
    """A shipment whose label was made, with its paper. Raises Unreadable. The price is that of its rate."""
    numbers = [text(each.get("tracking_number")) for each in objects(shipment.get("trackings"))]
    number = next(filter(None, numbers), "")
    if not number:
        raise Unreadable("The shipment has no tracking number.")
    paper, is_zpl = _paper(shipment)
    return Bought(
        reference,
        number,
        None,
        "",
        pdf=None if is_zpl else paper,
        zpl=paper.decode("utf-8", "replace") if is_zpl else "",
        is_void=is_void(shipment),
        carrier_ref=text(shipment.get("easyship_shipment_id")),
    )


def _paper(shipment: Mapping[str, object]) -> tuple[bytes, bool]:
    """The label's bytes, and whether they are ZPL."""
    for document in objects(shipment.get("shipping_documents")):
        pages = [text(each) for each in listed(document.get("base64_encoded_strings"))]
        if document.get("category") == "label" and pages:
            try:
                return b"".join(b64decode(page, validate=True) for page in pages[:1]), (
                    document.get("format") == "zpl"
                )
            except NotBase64:
                raise Unreadable("The label's paper cannot be decoded.") from None
    raise Unreadable("The label has no paper.")
