"""Our shipments in Shippo's words.

https://docs.goshippo.com/shippoapi/public-api/shipments, read 2026-11-23.
"""

from collections.abc import Mapping
from decimal import Decimal

from quartermaster.connectors.senders import sender
from quartermaster.core.money import exponent
from quartermaster.core.outside import Invalid
from quartermaster.orders.ports import Address
from quartermaster.shipping.ports import ManifestWanted, Shipment, Wanted


def shipment(shipment: Shipment, settings: Mapping[str, str]) -> dict[str, object]:
    """The body of POST /shipments, which answers with rates. Raises Invalid."""
    mm = (shipment.length_mm, shipment.width_mm, shipment.height_mm)
    if not shipment.weight_g or not all(mm):
        raise Invalid("a parcel without its weight and size gets no rates here", {"weight_g": "is not known"})
    home = _address(sender(settings))
    there = home_phone(home) | _address(shipment.receiver)
    length, width, height = (str(side) for side in mm)
    body: dict[str, object] = {
        "address_from": there if shipment.is_return else home,
        "address_to": home if shipment.is_return else there,
        "parcels": [
            {
                "weight": str(shipment.weight_g),
                "mass_unit": "g",
                "length": length,
                "width": width,
                "height": height,
                "distance_unit": "mm",
            }
        ],
        "shipment_date": shipment.ready_at.isoformat(),
        "metadata": shipment.parcel,
        "async": False,
    }
    extra: dict[str, object] = {"dangerous_goods": {"contains": True}} if shipment.is_hazmat else {}
    extra |= {"is_return": True} if shipment.is_return else {}
    extra |= {"signature_confirmation": "STANDARD"} if shipment.needs_signature else {}
    if shipment.is_insured:
        amount = Decimal(shipment.value_minor or 0).scaleb(-exponent(shipment.value_currency))
        extra["insurance"] = {"amount": f"{amount:f}", "currency": shipment.value_currency}
    if extra:
        body["extra"] = extra
    accounts = [each.strip() for each in settings.get("carrier_accounts", "").split(",") if each.strip()]
    return body | ({"carrier_accounts": accounts} if accounts else {})


def transaction(wanted: Wanted, settings: Mapping[str, str]) -> dict[str, object]:
    """The body of POST /transactions: a rate is bought, once."""
    return {
        "rate": wanted.ref,
        "label_file_type": "ZPLII" if settings.get("label_format") == "zpl" else "PDF_4x6",
        "metadata": wanted.reference,
        "async": False,
    }


def manifest(wanted: ManifestWanted, settings: Mapping[str, str], carrier_account: str) -> dict[str, object]:
    """The body of POST /manifests."""
    return {
        "carrier_account": carrier_account,
        "shipment_date": f"{wanted.ship_on.isoformat()}T23:59:59Z",
        "address_from": _address(sender(settings)),
        "transactions": [each.carrier_ref for each in wanted.labels],
        "async": False,
    }


def address_to_check(asked: Address) -> dict[str, object]:
    """The body of POST /addresses, which looks whether there is such an address."""
    return {**_address(asked), "validate": True}


def home_phone(home: Mapping[str, object]) -> dict[str, object]:
    """Carriers want a phone: without the receiver's they call the sender."""
    return {"phone": home["phone"]} if home.get("phone") else {}


def _address(address: Address) -> dict[str, object]:
    told: dict[str, object] = {
        "name": address.name.strip() or address.company.strip(),
        "company": address.company.strip(),
        "street1": address.line1.strip(),
        "street2": address.line2.strip(),
        "city": address.city.strip(),
        "state": address.region.strip(),
        "zip": address.postcode.strip(),
        "country": address.country,
        "phone": address.phone.strip(),
    }
    return {name: value for name, value in told.items() if value}
