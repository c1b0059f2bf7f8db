"""Words as WordPress writes them: names carry HTML entities, and an address is a dozen loose fields."""

from html import unescape

from quartermaster.connectors.leaves import country, cut, identity
from quartermaster.connectors.woocommerce.translate.bodies import Order, Place
from quartermaster.orders.ports import Address, Buyer


def plain(text: str | None, limit: int = 255) -> str:
    """Text for people: "Mug &ndash; blue" is "Mug – blue"."""
    return cut(unescape(text) if text and "&" in text else text, limit)


def address(place: Place | None, what: str, doubts: list[str]) -> Address | None:
    """None when nothing in it is filled in."""
    if place is None:
        return None
    found = Address(
        name=plain(_full_name(place)),
        company=plain(place.company),
        line1=plain(place.address_1),
        line2=plain(place.address_2),
        city=plain(place.city),
        region=plain(place.state),
        postcode=cut(place.postcode),
        country=country(place.country, what, doubts),
        phone=cut(place.phone),
    )
    return found if found != _EMPTY else None


_EMPTY = Address()


def buyer(order: Order) -> Buyer:
    """Who bought; guests have no id."""
    place = order.billing or order.billing_address or Place()
    return Buyer(
        external_id=identity(order.customer_id),
        name=plain(_full_name(place)),
        email=cut(place.email),
        phone=cut(place.phone),
    )


def _full_name(place: Place) -> str:
    return f"{place.first_name or ''} {place.last_name or ''}".strip()
