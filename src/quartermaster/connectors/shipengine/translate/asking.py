"""Our shipments in ShipEngine's words.

https://www.shipengine.com/docs/reference/create-label/, read 2026-11-23.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC
from decimal import Decimal

from quartermaster.connectors.senders import sender
from quartermaster.core.money import exponent
from quartermaster.core.outside import Invalid
from quartermaster.orders.ports import Address
from quartermaster.shipping.ports import PickupWanted, Shipment, Sold, Wanted


def rates(shipment: Shipment, settings: Mapping[str, str]) -> dict[str, object]:
    """The body of POST /rates. Raises Invalid."""
    options: dict[str, object] = {"carrier_ids": carrier_ids(settings)}
    if settings.get("currency"):
        options["preferred_currency"] = settings["currency"].lower()
    return {
        "shipment": {**_shipment(shipment, settings), "validate_address": "no_validation"},
        "rate_options": options,
    }


def label(wanted: Wanted, settings: Mapping[str, str]) -> dict[str, object]:
    """The body of POST /labels: our reference is the shipment's external id. Raises Invalid."""
    return {
        "shipment": {
            "carrier_id": wanted.ref or carrier_ids(settings)[0],
            "service_code": wanted.service,
            "external_shipment_id": wanted.reference,
            **_shipment(wanted.shipment, settings),
        },
        **paper(settings),
        **_returning(wanted.shipment),
    }


def _returning(shipment: Shipment) -> dict[str, object]:
    if not shipment.is_return:
        return {}
    charge = "on_carrier_acceptance" if shipment.is_paid_on_scan else "on_creation"
    return {"is_return_label": True, "charge_event": charge}


def labels(sold: Sequence[Sold]) -> list[str]:
    return [each.carrier_ref for each in sold]


def pickup(wanted: PickupWanted, settings: Mapping[str, str]) -> dict[str, object]:
    """The body of POST /pickups. Raises Invalid."""
    if not settings.get("from_email"):
        raise Invalid(
            "a pickup needs the sender's e-mail in the account's settings", {"from_email": "is empty"}
        )
    return {
        "label_ids": labels(wanted.labels),
        "contact_details": {
            "name": settings["from_name"],
            "email": settings["from_email"],
            "phone": settings["from_phone"],
        },
        "pickup_notes": f"{wanted.reference} {wanted.note}".strip()[:100],
        "pickup_window": {
            "start_at": wanted.starts_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "end_at": wanted.ends_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        },
    }


def address(asked: Address) -> dict[str, object]:
    """One of POST /addresses/validate."""
    return _address(asked)


def paper(settings: Mapping[str, str]) -> dict[str, object]:
    return {
        "label_format": settings.get("label_format", "pdf"),
        "label_layout": "4x6",
        "label_download_type": "url",
    }


def carrier_ids(settings: Mapping[str, str]) -> list[str]:
    return [each.strip() for each in settings["carrier_ids"].split(",") if each.strip()]


def _shipment(shipment: Shipment, settings: Mapping[str, str]) -> dict[str, object]:
    home = _address(sender(settings))
    there = {
        "phone": home["phone"],  # carriers want one: without the receiver's they call the sender
        **_address(shipment.receiver),
        "address_residential_indicator": "no" if shipment.receiver.company.strip() else "unknown",
    }
    return {
        "ship_date": shipment.ready_at.isoformat(),
        "ship_to": home if shipment.is_return else there,
        "ship_from": there if shipment.is_return else home,
        "return_to": home,
        "packages": [_package(shipment)],
        "advanced_options": {"dangerous_goods": True} if shipment.is_hazmat else {},
        **({"confirmation": "signature"} if shipment.needs_signature else {}),
        **({"insurance_provider": "carrier"} if shipment.is_insured else {}),
    }


def _package(shipment: Shipment) -> dict[str, object]:
    if not shipment.weight_g:
        raise Invalid("a parcel without a weight gets no rates here", {"weight_g": "is not known"})
    package: dict[str, object] = {
        "package_code": "package",
        "weight": {"value": shipment.weight_g, "unit": "gram"},
    }
    if shipment.is_insured:
        package["insured_value"] = _worth(shipment)
    mm = (shipment.length_mm, shipment.width_mm, shipment.height_mm)
    if all(mm):
        length, width, height = (Decimal(side or 0) / 10 for side in mm)
        package["dimensions"] = {"unit": "centimeter", "length": length, "width": width, "height": height}
    return package


def _worth(shipment: Shipment) -> dict[str, object]:
    amount = Decimal(shipment.value_minor or 0).scaleb(-exponent(shipment.value_currency))
    return {"currency": shipment.value_currency.lower(), "amount": amount}


def _address(address: Address) -> dict[str, object]:
    """Empty fields are not allowed there. A state is: where a country has none, the city is told again."""
    told = {
        "name": address.name.strip() or address.company.strip(),
        "company_name": address.company.strip(),
        "phone": address.phone.strip(),
        "address_line1": address.line1.strip(),
        "address_line2": address.line2.strip(),
        "city_locality": address.city.strip(),
        "state_province": address.region.strip() or address.city.strip(),
        "postal_code": address.postcode.strip(),
        "country_code": address.country,
    }
    return {name: value for name, value in told.items() if value}
