"""Names, addresses and wishes. Personal data of Amazon's buyers serve the delivery and nothing else."""

from quartermaster.connectors.amazon.translate.bodies import Buyer as TheirBuyer
from quartermaster.connectors.amazon.translate.bodies import Item, Order, Place, Preference, Recipient
from quartermaster.connectors.leaves import country, cut
from quartermaster.orders.ports import Address, Buyer


def address(order: Order, doubts: list[str]) -> Address | None:
    """None when nothing in it is filled in: while an order is pending, and of what Amazon ships."""
    place = (order.recipient or Recipient()).delivery_address
    if place is None:
        return None
    found = Address(
        name=cut(place.name),
        company=cut(place.company_name),
        line1=cut(place.address_line1),
        line2=cut(", ".join(part for part in (place.address_line2, place.address_line3) if part)),
        city=cut(place.city or place.municipality),
        region=_region(place),
        postcode=cut(place.postal_code),
        country=country(place.country_code, "the address", doubts),
        phone=cut(place.phone),
    )
    return found if found != _EMPTY else None


_EMPTY = Address()


def _region(place: Place) -> str:
    return cut(place.state_or_region or place.district_or_county)


def buyer(order: Order) -> Buyer:
    """Amazon gives no id of a buyer, and an address for mails that it forwards itself."""
    told = order.buyer or TheirBuyer()
    return Buyer(name=cut(told.buyer_name), email=cut(told.buyer_email))


def note(order: Order, items: list[Item]) -> str:
    """What whoever packs and delivers has to read."""
    wish = (order.recipient or Recipient()).delivery_preference or Preference()
    said = [f"Delivery: {text}" for text in (wish.drop_off_location, wish.address_instruction) if text]
    for item in items[:100]:
        packing = item.fulfillment.packing if item.fulfillment else None
        gift = packing.gift_option if packing else None
        if gift is None:
            continue
        what = (item.product.seller_sku if item.product else "") or "a line"
        if gift.gift_wrap_level:
            said.append(f"Gift wrap for {what}: {gift.gift_wrap_level}")
        if gift.gift_message:
            said.append(f"Gift message for {what}: {gift.gift_message}")
    return cut("\n".join(said), 5_000)
