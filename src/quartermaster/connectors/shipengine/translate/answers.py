"""ShipEngine's answers in our words. What is missing or strange is no answer: it raises Unreadable."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from msgspec.structs import replace

from quartermaster.connectors.complaints import Complaint
from quartermaster.connectors.picked import day, listed, objects, text
from quartermaster.core.money import BadAmount, to_minor
from quartermaster.orders.ports import Address, Unreadable
from quartermaster.shipping.ports import Booked, Bought, Checked, Offer

_RATE_PARTS = ("shipping_amount", "insurance_amount", "confirmation_amount", "other_amount", "tax_amount")
_LABEL_PARTS = ("shipment_cost", "insurance_cost")


def complaint(body: Mapping[str, object]) -> Complaint:
    """The first of its errors; all fields they name."""
    errors = objects(body.get("errors"))
    if not errors:
        return Complaint("", "")
    said = [text(error.get("message")) for error in errors]
    fields = {
        text(error["field_name"]): text(error.get("message")) for error in errors if error.get("field_name")
    }
    return Complaint(text(errors[0].get("error_code")), " ".join(dict.fromkeys(said)), fields)


def offers(body: Mapping[str, object], *, account: str) -> tuple[Offer, ...]:
    """Every rate, by carrier and service; those it could not rate say why."""
    response = body.get("rate_response")
    if not isinstance(response, dict):
        raise Unreadable("There is no rate_response.")
    rated = [_offer(rate, account) for rate in objects(response.get("rates"))]
    invalid = [_offer(rate, account, is_invalid=True) for rate in objects(response.get("invalid_rates"))]
    by_name: dict[tuple[str, str], Offer] = {}
    for offer in (*rated, *invalid):  # the cheapest of those that differ only by packaging
        name = (offer.carrier, offer.service)
        if name not in by_name or _rank(offer) < _rank(by_name[name]):
            by_name[name] = offer
    return tuple(by_name[name] for name in sorted(by_name))


def _rank(offer: Offer) -> tuple[bool, int]:
    return bool(offer.removed), offer.cost_minor or 0


def _offer(rate: Mapping[str, object], account: str, *, is_invalid: bool = False) -> Offer:
    wrong = [text(each) for each in listed(rate.get("error_messages"))]
    if (is_invalid or rate.get("validation_status") == "invalid") and not wrong:
        wrong = ["is not offered for this parcel"]
    cost, currency = money(rate, _RATE_PARTS)
    carrier = text(rate.get("carrier_code"))
    service = text(rate.get("service_code")).strip()
    if not carrier or not service:
        raise Unreadable("A rate names no carrier or service.")
    carrier_title = text(rate.get("carrier_friendly_name")) or carrier
    return Offer(
        carrier=carrier,
        service=service,
        title=f"{carrier_title} {text(rate.get('service_type')) or service}",
        account=account,
        cost_minor=cost,
        currency=currency,
        leaves_on=day(rate.get("ship_date")),
        arrives_on=day(rate.get("estimated_delivery_date")),
        because=tuple(text(each) for each in listed(rate.get("warning_messages"))),
        removed="; ".join(wrong),
        ref=text(rate.get("carrier_id")),
    )


def bought(label: Mapping[str, object], *, reference: str, paper: bytes, is_zpl: bool) -> Bought:
    """A label that was made. Raises Unreadable without a tracking number."""
    number = text(label.get("tracking_number"))
    if not number:
        raise Unreadable("The label has no tracking number.")
    cost, currency = money(label, _LABEL_PARTS)
    return Bought(
        reference,
        number,
        cost,
        currency,
        pdf=None if is_zpl else paper,
        zpl=paper.decode("utf-8", "replace") if is_zpl else "",
        is_void=is_void(label),
        carrier_ref=text(label.get("label_id")),
    )


def is_void(label: Mapping[str, object]) -> bool:
    return label.get("voided") is True or label.get("status") == "voided"


def money(body: Mapping[str, object], parts: Iterable[str]) -> tuple[int | None, str]:
    """The sum of these amounts in minor units and its currency; (None, "") when it cannot be told."""
    total, currency = 0, ""
    for part in parts:
        amount = body.get(part)
        if not isinstance(amount, dict):
            continue
        value = amount.get("amount")
        named = text(amount.get("currency")).upper()
        if not isinstance(value, int | Decimal) or not value:
            currency = currency or named
            continue
        if total and named != currency:
            return None, ""
        try:
            total, currency = total + to_minor(value, named), named
        except BadAmount:
            return None, ""
    return (total, currency) if currency else (None, "")


def manifests(body: Mapping[str, object]) -> list[Mapping[str, object]]:
    """The manifests in an answer: one, or a list of them."""
    found = [*objects(body.get("manifests")), *([body] if body.get("manifest_id") else [])]
    return [each for each in found if each.get("manifest_id")]


def on_it(found: Mapping[str, object]) -> list[str]:
    """The labels of a manifest or a pickup."""
    return [text(each) for each in listed(found.get("label_ids"))]


def booked(pickup: Mapping[str, object]) -> Booked:
    return Booked(text(pickup.get("pickup_id")), text(pickup.get("confirmation_number")))


VERDICTS = {"verified": "good", "warning": "doubtful", "unverified": "doubtful", "error": "bad"}


def checked(result: Mapping[str, object], asked: Address) -> Checked:
    """Raises Unreadable for a status that is not known."""
    verdict = VERDICTS.get(text(result.get("status")))
    if verdict is None:
        raise Unreadable("The address has no status we know.")
    said = (text(each.get("message")).strip() for each in objects(result.get("messages")))
    return Checked(verdict, tuple(dict.fromkeys(filter(None, said))), _matched(result, asked))


def _matched(result: Mapping[str, object], asked: Address) -> Address | None:
    """What they would write, when that differs. Who lives there stays as it was."""
    found = result.get("matched_address")
    if not isinstance(found, dict):
        return None
    region, city = text(found.get("state_province")), text(found.get("city_locality"))
    if not asked.region and region.casefold() == city.casefold():
        region = ""  # we told the city again, where there are no states
    written = replace(
        asked,
        line1=text(found.get("address_line1")),
        line2=text(found.get("address_line2")),
        city=city,
        region=region,
        postcode=text(found.get("postal_code")),
    )
    parts = ("line1", "line2", "city", "region", "postcode")
    same = all(getattr(written, part).casefold() == getattr(asked, part).casefold() for part in parts)
    return None if same else written
