"""Karrio's answers in our words."""

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from quartermaster.connectors.complaints import Complaint
from quartermaster.connectors.picked import day, objects, text
from quartermaster.core.money import BadAmount, to_minor
from quartermaster.orders.ports import Unreadable
from quartermaster.shipping.ports import Bought, Offer, Shipment, Wanted

_LOST = "SHIPPING_SDK_INTERNAL_ERROR"  # its own client failed: whether the carrier acted is not known there
_LOOK = "What became of it at the carrier is not known there: look at the carrier before it is asked again."


def complaint(body: Mapping[str, object]) -> Complaint:
    """Errors are its own or come from a carrier, whose name then stands before them."""
    said = []
    for each in (*objects(body.get("errors")), *objects(body.get("messages"))):
        name, sentence = text(each.get("carrier_name")), text(each.get("message")).strip()
        said.append(f"{name}: {sentence}" if name and sentence else sentence)
        if each.get("code") == _LOST:
            said.append(_LOOK)
    return Complaint("", " ".join(dict.fromkeys(filter(None, said))))


def offers(body: Mapping[str, object], shipment: Shipment, *, account: str) -> tuple[Offer, ...]:
    """The cheapest of each carrier's services, whichever of its connections offers it."""
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
    carrier, service, of = (text(rate.get(name)) for name in ("carrier_name", "service", "carrier_id"))
    if not (carrier and service and of):
        raise Unreadable("A rate names no carrier, service or connection.")
    meta = rate.get("meta")
    title = text(meta.get("service_name")) if isinstance(meta, dict) else ""
    cost, currency = _price(rate)
    leaves_on = shipment.ready_at.date()
    return Offer(
        carrier=carrier,
        service=service,
        title=title or service.replace("_", " "),
        account=account,
        cost_minor=cost,
        currency=currency,
        leaves_on=leaves_on,
        arrives_on=_arrival(rate, leaves_on),
        ref=of,
    )


def _price(rate: Mapping[str, object]) -> tuple[int | None, str]:
    """(None, "") when it cannot be told."""
    currency, charge = text(rate.get("currency")).upper(), rate.get("total_charge")
    try:
        return (to_minor(charge, currency), currency) if isinstance(charge, int | Decimal) else (None, "")
    except BadAmount:
        return None, ""


def _arrival(rate: Mapping[str, object], leaves_on: date) -> date | None:
    """The day the carrier names, else its days from the day it leaves."""
    days = rate.get("transit_days")
    named = day(rate.get("estimated_delivery"))
    if named is not None and named >= leaves_on:
        return named
    return leaves_on + timedelta(days=days) if isinstance(days, int) and 0 <= days < 366 else None


def rate_of(draft: Mapping[str, object], wanted: Wanted) -> str:
    """The id of the draft's rate for what was decided; "" when it has none."""
    mine = (
        text(each.get("id"))
        for each in objects(draft.get("rates"))
        if (each.get("service"), each.get("carrier_id")) == (wanted.service, wanted.ref)
    )
    return next(mine, "")


def is_made(shipment: Mapping[str, object]) -> bool:
    """Has it a label, void or not? What the states are called differs by version."""
    return bool(shipment.get("tracking_number")) and shipment.get("status") not in (None, "", "draft")


def is_void(shipment: Mapping[str, object]) -> bool:
    return shipment.get("status") == "cancelled"


def rank(shipment: Mapping[str, object]) -> tuple[bool, bool, str]:
    return not is_made(shipment), is_void(shipment), text(shipment.get("created_at"))


def identifier(shipment: Mapping[str, object]) -> str:
    """What the carrier calls the shipment: by this it stands on manifests."""
    return text(shipment.get("shipment_identifier")) or text(shipment.get("tracking_number"))


def label_in(shipment: Mapping[str, object]) -> Mapping[str, object] | None:
    """The label's paper, where it came along: lists only say where it is."""
    papers = objects(shipment.get("shipping_documents"))
    return next((each for each in papers if each.get("category") == "label" and each.get("base64")), None)


def bought(shipment: Mapping[str, object], *, reference: str, document: Mapping[str, object]) -> Bought:
    """A shipment that has a label, with its paper. Raises Unreadable."""
    content, is_zpl = paper(document), text(document.get("format")).upper().startswith("ZPL")
    rate = shipment.get("selected_rate")
    cost, currency = _price(rate) if isinstance(rate, dict) else (None, "")
    return Bought(
        reference,
        text(shipment["tracking_number"]),
        cost,
        currency,
        pdf=None if is_zpl else content,
        zpl=content.decode("utf-8", "replace") if is_zpl else "",
        is_void=is_void(shipment),
        carrier_ref=text(shipment.get("id")),
    )


def paper(document: Mapping[str, object]) -> bytes:
    """Raises Unreadable."""
    try:
        content = b64decode(text(document.get("base64")), validate=True)
    except NotBase64:
        raise Unreadable("The paper cannot be decoded.") from None
    if not content:
        raise Unreadable("There is no paper in it.")
    return content
