"""Who bought and where it goes, as Shopify writes it."""

from quartermaster.connectors.leaves import country, cut, identity
from quartermaster.connectors.shapes import as_text
from quartermaster.connectors.shopify.translate.bodies import Order, Place
from quartermaster.orders.ports import Address, Buyer


def address(place: Place | None, what: str, doubts: list[str]) -> Address | None:
    """None when nothing in it is filled in."""
    if place is None:
        return None
    latitude, longitude = _degrees(place.latitude, 90), _degrees(place.longitude, 180)
    if not latitude and not longitude:  # where the equator meets Greenwich nobody lives: it means "not known"
        latitude = longitude = None
    found = Address(
        name=cut(place.name or _full_name(place.first_name, place.last_name)),
        company=cut(place.company),
        line1=cut(place.address1),
        line2=cut(place.address2),
        city=cut(place.city),
        region=cut(place.province or place.province_code),
        postcode=cut(place.zip),
        country=country(place.country_code or place.country, what, doubts),
        phone=cut(place.phone),
        latitude=latitude,
        longitude=longitude,
    )
    return found if found != _EMPTY else None


_EMPTY = Address()


def buyer(order: Order) -> Buyer:
    customer = order.customer
    email = order.email or order.contact_email
    if customer is None:
        named = order.billing_address or order.shipping_address
        return Buyer(
            name=cut(named.name or _full_name(named.first_name, named.last_name)) if named else "",
            email=cut(email),
            phone=cut(order.phone),
        )
    return Buyer(
        external_id=identity(customer.id),
        name=cut(_full_name(customer.first_name, customer.last_name)),
        email=cut(email or customer.email),
        phone=cut(order.phone or customer.phone),
    )


def _full_name(first: str | None, last: str | None) -> str:
    return f"{first or ''} {last or ''}".strip()


def _degrees(value: object, limit: int) -> float | None:
    """Degrees, or None: a place on the map only helps, so a strange one is no doubt."""
    text = as_text(value)
    if text is None:
        return None
    try:
        degrees = float(text)
    except (ValueError, OverflowError):
        return None
    return degrees if -limit <= degrees <= limit else None
