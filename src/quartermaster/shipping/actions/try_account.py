"""Ask an account for rates, to see whether it can be reached and its key counts. Buys nothing."""

from time import monotonic

from msgspec import Struct

from quartermaster.core.moment import now
from quartermaster.core.outside import AuthExpired, NotDone, RefusedOutside, Unclear
from quartermaster.orders.ports import Address
from quartermaster.shipping.ports import Account, Carrier, Offer, Shipment
from quartermaster.shipping.queries.carriers import carrier_of


class Tried(Struct, frozen=True):
    """is_good: it answered. services: what it offers for a small parcel from the sender to himself; removed:
    those of them that do not take it."""

    is_good: bool
    because: str
    took_ms: int
    services: tuple[str, ...] = ()
    removed: int = 0


def try_account(slug: str) -> Tried:
    """Outside every transaction: it waits for somebody else, up to 20 seconds. Raises NotFound, and Refused
    where the account cannot be opened."""
    began = monotonic()

    def took() -> int:
        return round((monotonic() - began) * 1000)

    try:
        account, carrier = carrier_of(slug)
        offers = ask_for_rates(account, carrier)
    except AuthExpired as error:
        return Tried(False, f"Its key does not count: {error}", took())
    except RefusedOutside as error:
        return Tried(False, f"It answers, and refuses what it is asked: {error}", took())
    except (NotDone, Unclear) as error:
        return Tried(False, str(error), took())
    fit = tuple(each.title for each in offers if not each.removed)
    return Tried(True, "", took(), fit, len(offers) - len(fit))


def ask_for_rates(account: Account, carrier: Carrier) -> tuple[Offer, ...]:
    """The harmless call that tells whether a key counts: rates for a small parcel from the sender to
    himself."""
    return carrier.rate(account=account, shipment=_sample(account))


def _sample(account: Account) -> Shipment:
    given = account.settings
    home = Address(
        name=given.get("from_name", ""),
        phone=given.get("from_phone", ""),
        line1=given.get("from_line1", ""),
        city=given.get("from_city", ""),
        region=given.get("from_region", ""),
        postcode=given.get("from_postcode", ""),
        country=given.get("from_country", ""),
    )
    return Shipment(
        *("P-0", "", home.country, home.region, home.postcode, now().replace(microsecond=0), home),
        *(500, 200, 150, 40),
        value_minor=1990,
        value_currency=given.get("currency", "") or "EUR",
    )
