"""Our shipments in Karrio's words.

https://docs.karrio.io/reference/openapi, API 2026.1.32, read 2026-11-23.
"""

from collections.abc import Mapping
from decimal import Decimal

from quartermaster.connectors.senders import sender
from quartermaster.core.money import exponent
from quartermaster.core.outside import Invalid
from quartermaster.orders.ports import Address
from quartermaster.shipping.ports import ManifestWanted, PickupWanted, Shipment, Wanted

MARK = "quartermaster"  # under this name our reference stands in what has no field for one


def rates(shipment: Shipment, settings: Mapping[str, str]) -> dict[str, object]:
    """The body of POST /proxy/rates, which keeps nothing there. Raises Invalid."""
    named = [each.strip() for each in settings.get("carrier_ids", "").split(",") if each.strip()]
    return _shipment(shipment, settings) | ({"carrier_ids": named} if named else {})


def draft(wanted: Wanted, settings: Mapping[str, str]) -> dict[str, object]:
    """The body of POST /shipments. It names services, not one service: then nothing is bought yet."""
    return {
        **_shipment(wanted.shipment, settings),
        **rates_again(wanted),
        **_paper(settings),
        "reference": wanted.reference,
    }


def purchase(rate: str, settings: Mapping[str, str]) -> dict[str, object]:
    """The body of POST /shipments/{id}/purchase. The paper is named again: it would be PDF otherwise."""
    return {"selected_rate_id": rate, **_paper(settings)}


def _paper(settings: Mapping[str, str]) -> dict[str, object]:
    return {"label_type": "ZPL" if settings.get("label_format") == "zpl" else "PDF"}


def rates_again(wanted: Wanted) -> dict[str, object]:
    """The body of POST /shipments/{id}/rates: those of the connection that was decided for."""
    return {"carrier_ids": [wanted.ref], "services": [wanted.service]}


def manifest(wanted: ManifestWanted, settings: Mapping[str, str], carrier: str) -> dict[str, object]:
    """The body of POST /manifests."""
    home = sender(settings)
    return {
        "carrier_name": carrier,
        "address": _address(home, home.phone),
        "reference": wanted.reference,
        "shipment_ids": [each.carrier_ref for each in wanted.labels],
    }


def pickup(wanted: PickupWanted, settings: Mapping[str, str], carrier: str, of: str) -> dict[str, object]:
    """The body of POST /pickups. Times are those of the site. `of`: the connection that sold the labels."""
    home = sender(settings)
    told: dict[str, object] = {
        "carrier_code": carrier,
        "options": {"connection_id": of},
        "pickup_date": wanted.starts_at.date().isoformat(),
        "ready_time": f"{wanted.starts_at:%H:%M}",
        "closing_time": f"{wanted.ends_at:%H:%M}",
        "address": _address(home, home.phone),
        "tracking_numbers": [each.tracking_number for each in wanted.labels],
        "metadata": {MARK: wanted.reference},
    }
    return told | ({"instruction": wanted.note[:50]} if wanted.note else {})


def _shipment(shipment: Shipment, settings: Mapping[str, str]) -> dict[str, object]:
    if not shipment.weight_g:
        raise Invalid("a parcel without its weight gets no rates here", {"weight_g": "is not known"})
    home = sender(settings)
    parcel: dict[str, object] = {"weight": Decimal(shipment.weight_g) / 1000, "weight_unit": "KG"}
    sides = (shipment.length_mm, shipment.width_mm, shipment.height_mm)
    if all(sides):
        length, width, height = (Decimal(side or 0) / 10 for side in sides)
        parcel |= {"length": length, "width": width, "height": height, "dimension_unit": "CM"}
    # a return is told with the addresses of the way out: the server turns them round
    return {
        "shipper": _address(home, home.phone),
        "recipient": _address(shipment.receiver, home.phone),
        "parcels": [parcel],
        "options": _options(shipment),
    } | ({"is_return": True} if shipment.is_return else {})


def _options(shipment: Shipment) -> dict[str, object]:
    told: dict[str, object] = {"shipping_date": f"{shipment.ready_at:%Y-%m-%dT%H:%M}"}
    if shipment.value_minor is not None:
        worth = Decimal(shipment.value_minor).scaleb(-exponent(shipment.value_currency))
        told |= {"declared_value": worth, "currency": shipment.value_currency}
        told |= {"insurance": worth} if shipment.is_insured else {}
    told |= {"signature_confirmation": True} if shipment.needs_signature else {}
    return told | ({"dangerous_good": True} if shipment.is_hazmat else {})


def _address(address: Address, phone: str) -> dict[str, object]:
    """Carriers want a phone: without the receiver's they call the sender."""
    told = {
        "person_name": address.name.strip() or address.company.strip(),
        "company_name": address.company.strip(),
        "address_line1": address.line1.strip(),
        "address_line2": address.line2.strip(),
        "city": address.city.strip(),
        "state_code": address.region.strip(),
        "postal_code": address.postcode.strip(),
        "country_code": address.country,
        "phone_number": address.phone.strip() or phone,
    }
    return {name: value for name, value in told.items() if value}
