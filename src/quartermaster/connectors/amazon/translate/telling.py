"""What Amazon is asked and told about orders, and what it says. Pure."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

import msgspec

from quartermaster.channels.ports import Change, Shipment
from quartermaster.connectors.amazon.marketplaces import Marketplace
from quartermaster.connectors.amazon.translate.carriers import carrier_code
from quartermaster.connectors.amazon.translate.messages import TOPIC
from quartermaster.connectors.complaints import Complaint
from quartermaster.connectors.picked import objects, text
from quartermaster.core.outside import Invalid

LAG: Final = timedelta(minutes=2, seconds=30)  # Amazon refuses to tell of the last two minutes
# PACKAGES are looked up when a parcel is told of; TAX is the buyer's registrations, which nobody here needs.
INCLUDED: Final = "BUYER,RECIPIENT,PROCEEDS,PROMOTION,CANCELLATION,FULFILLMENT,PAYMENT"
_PAGE: Final = "100"

_encoder = msgspec.json.Encoder(decimal_format="number")
_NUMBER = re.compile(r"[A-Z]+-([1-9]\d{0,17})", re.ASCII)

type Json = Mapping[str, object]


class Page(NamedTuple):
    """Orders changed from `after` to `before`; `token` for those behind the first hundred."""

    after: datetime
    before: datetime
    token: str = ""


def page(since: datetime, cursor: str, *, at: datetime) -> Page:
    """The cursor is AFTER|BEFORE|TOKEN: Amazon wants the same moments with each of its tokens."""
    if not cursor:
        return Page(since.astimezone(UTC), (at - LAG).replace(microsecond=0))  # as it is written
    after, before, token = cursor.split("|", 2)
    return Page(datetime.fromisoformat(after), datetime.fromisoformat(before), token)


def asked(page: Page, markets: Sequence[Marketplace]) -> dict[str, str]:
    told = {
        "lastUpdatedAfter": _utc(page.after),
        "lastUpdatedBefore": _utc(page.before),
        "marketplaceIds": ",".join(one.id for one in markets),
        "maxResultsPerPage": _PAGE,
        "includedData": INCLUDED,
    }
    return told | ({"paginationToken": page.token} if page.token else {})


def orders(answer: Json) -> list[dict[str, object]]:
    """Raises ValueError where there is no list of them."""
    found = answer.get("orders")
    if not isinstance(found, list):
        raise ValueError(f"Amazon lists no orders: {complaint(answer).because or 'it says nothing'}")
    return objects(found)


def following(page: Page, answer: Json) -> str:
    """The cursor behind a page; "" behind the last."""
    pagination = answer.get("pagination")
    token = text(pagination.get("nextToken")) if isinstance(pagination, dict) else ""
    return f"{page.after.isoformat()}|{page.before.isoformat()}|{token}" if token else ""


def change(order: Json) -> Change:
    return Change(TOPIC, _encoder.encode(order))


def package_number(shipment: Shipment) -> str:
    """Our reference as Amazon takes it, which has to be a positive number: 12 of P-12. Raises Invalid."""
    found = _NUMBER.fullmatch(shipment.reference)
    if found is None:
        raise Invalid(f"{shipment.reference} has no number to name a package by")
    return found[1]


def confirmation(shipment: Shipment, order: Json) -> dict[str, object]:
    """Raises Invalid for what Amazon cannot be told."""
    if not shipment.tracking_number:
        raise Invalid("Amazon takes no parcel without a tracking number: confirm this one in Seller Central")
    channel = order.get("salesChannel")
    marketplace = text(channel.get("marketplaceId")) if isinstance(channel, dict) else ""
    if not marketplace:
        raise Invalid("Amazon does not say in which marketplace this order was placed")
    code = carrier_code(shipment.carrier)
    package: dict[str, object] = {
        "packageReferenceId": package_number(shipment),
        "carrierCode": code,
        "trackingNumber": shipment.tracking_number,
        "shipDate": _utc(shipment.shipped_at),
        "orderItems": [{"orderItemId": line.line, "quantity": line.quantity} for line in shipment.lines],
    }
    if code == "Other":
        package["carrierName"] = shipment.carrier or "Other"
    return {"marketplaceId": marketplace, "packageDetail": package}


def package_of(shipment: Shipment, order: Json) -> str:
    """Amazon's name for this parcel; "" when it has none. A package that somebody confirmed by hand, under a
    name that is none of our numbers, is known by its tracking number."""
    number = package_number(shipment)
    for package in objects(order.get("packages")):
        name = text(package.get("packageReferenceId"))
        is_by_hand = not name.isdecimal() and shipment.tracking_number != ""
        if name == number or (is_by_hand and package.get("trackingNumber") == shipment.tracking_number):
            return name
    return ""


def is_amazons(order: Json) -> bool:
    fulfillment = order.get("fulfillment")
    return isinstance(fulfillment, dict) and fulfillment.get("fulfilledBy") == "AMAZON"


def complaint(said: Json) -> Complaint:
    """Of the API: a list of errors. Of the login: `error` and what it means."""
    errors = objects(said.get("errors"))
    if not errors:
        return Complaint(text(said.get("error")), text(said.get("error_description")))
    told = [text(one.get("details")) or text(one.get("message")) or text(one.get("code")) for one in errors]
    return Complaint(text(errors[0].get("code")), " ".join(dict.fromkeys(each for each in told if each)))


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
