"""Our shipments in Easyship's words.

https://developers.easyship.com/reference, API 2024-09, read 2026-11-23.
"""

from collections.abc import Mapping
from decimal import Decimal

from quartermaster.connectors.senders import sender
from quartermaster.core.money import Money, exponent
from quartermaster.core.outside import Invalid
from quartermaster.orders.ports import Address
from quartermaster.shipping.ports import Shipment, Wanted

PLATFORM = "Quartermaster"


def rates(shipment: Shipment, settings: Mapping[str, str]) -> dict[str, object]:
    """The body of POST /rates. Raises Invalid."""
    return {
        **_shipment(shipment, settings),
        "courier_settings": {"apply_shipping_rules": False, "show_courier_logo_url": False},
        "shipping_settings": {"units": _UNITS} | _currency(settings),
    }


def label(wanted: Wanted, settings: Mapping[str, str]) -> dict[str, object]:
    """The body of POST /shipments that makes a shipment and buys its label. Raises Invalid."""
    return {
        **_shipment(wanted.shipment, settings),
        "order_data": {"platform_name": PLATFORM, "platform_order_number": wanted.reference},
        "courier_settings": {
            "courier_service_id": wanted.ref,
            "allow_fallback": False,
            "apply_shipping_rules": False,
        },
        "shipping_settings": {
            "units": _UNITS,
            "buy_label": True,
            "buy_label_synchronous": True,
            "printing_options": {"format": settings.get("label_format", "pdf"), "label": "4x6"},
        },
    }


_UNITS = {"weight": "kg", "dimensions": "cm"}


def _currency(settings: Mapping[str, str]) -> dict[str, object]:
    return {"output_currency": settings["currency"]} if settings.get("currency") else {}


def _shipment(shipment: Shipment, settings: Mapping[str, str]) -> dict[str, object]:
    mm = (shipment.length_mm, shipment.width_mm, shipment.height_mm)
    if not shipment.weight_g or not all(mm):
        raise Invalid("a parcel without its weight and size gets no rates here", {"weight_g": "is not known"})
    if shipment.value_minor is None:
        raise Invalid("a parcel whose value is not known gets no rates here", {"value_minor": "is not known"})
    length, width, height = (Decimal(side or 0) / 10 for side in mm)
    worth = Money(shipment.value_minor, shipment.value_currency)
    home = sender(settings)
    return {
        "origin_address": _address(home, home.phone, settings),
        "destination_address": _address(shipment.receiver, home.phone, settings),
        "incoterms": settings.get("incoterms", "DDU"),
        "insurance": {"is_insured": shipment.is_insured},
        "parcels": [
            {
                "total_actual_weight": Decimal(shipment.weight_g) / 1000,
                "box": {"length": length, "width": width, "height": height},
                "items": [
                    {
                        "description": settings.get("item_description", "Goods"),
                        "category": settings["item_category"],
                        "quantity": 1,
                        "actual_weight": Decimal(shipment.weight_g) / 1000,
                        "declared_currency": worth.currency,
                        "declared_customs_value": Decimal(worth.minor).scaleb(-exponent(worth.currency)),
                        "origin_country_alpha2": home.country,
                    }
                ],
            }
        ],
    }


def _address(address: Address, phone: str, settings: Mapping[str, str]) -> dict[str, object]:
    """Every label there needs a phone and an e-mail: without the receiver's they reach the sender."""
    told = {
        "line_1": address.line1.strip(),
        "line_2": address.line2.strip(),
        "city": address.city.strip(),
        "state": address.region.strip(),
        "postal_code": address.postcode.strip(),
        "country_alpha2": address.country,
        "contact_name": address.name.strip() or address.company.strip(),
        "company_name": address.company.strip(),
        "contact_phone": address.phone.strip() or phone,
        "contact_email": settings["from_email"],
    }
    return {name: value for name, value in told.items() if value}
