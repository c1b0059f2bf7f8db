"""Who bought, and where it goes."""

from quartermaster.connectors.leaves import country, cut, identity
from quartermaster.connectors.magento.translate.bodies import Order, Place
from quartermaster.connectors.shapes import as_text
from quartermaster.orders.ports import Address, Buyer

PICKUP = "instore_pickup"  # the method of MSI's own in-store delivery


def address(place: Place | None, what: str, doubts: list[str]) -> Address | None:
    """None when nothing in it is filled in. A third and fourth line of the street stay in the second."""
    if place is None:
        return None
    street = [text for each in place.street or () if (text := (as_text(each) or "").strip())]
    found = Address(
        name=_name(place.firstname, place.lastname),
        company=cut(place.company),
        line1=cut(street[0]) if street else "",
        line2=cut(", ".join(street[1:])),
        city=cut(place.city),
        region=cut(place.region_code or place.region),
        postcode=cut(place.postcode),
        country=country(place.country_id, what, doubts),
        phone=cut(place.telephone),
    )
    return found if found != _EMPTY else None


_EMPTY = Address()


def buyer(order: Order) -> Buyer:
    """Guests have no id, and their name stands in the billing address alone."""
    place = order.billing_address or Place()
    name = _name(order.customer_firstname, order.customer_lastname)
    return Buyer(
        external_id=identity(order.customer_id),
        name=name or _name(place.firstname, place.lastname),
        email=cut(order.customer_email or place.email),
        phone=cut(place.telephone),
    )


def _name(first: str | None, last: str | None) -> str:
    return cut(f"{first or ''} {last or ''}".strip())
