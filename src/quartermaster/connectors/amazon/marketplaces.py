"""Amazon's marketplaces: their ids, what they sell in, and which of three servers answers for them.

https://developer-docs.amazon.com/sp-api/docs/marketplace-ids and …/sp-api-endpoints, read 2026-11-23.
"""

from typing import NamedTuple

from quartermaster.core.outside import NotDone


class Marketplace(NamedTuple):
    """`is_tax_included`: the prices buyers see contain their tax."""

    country: str
    id: str
    currency: str
    region: str
    is_tax_included: bool = True


MARKETPLACES = (
    Marketplace("US", "ATVPDKIKX0DER", "USD", "na", is_tax_included=False),
    Marketplace("CA", "A2EUQ1WTGCTBG2", "CAD", "na", is_tax_included=False),
    Marketplace("MX", "A1AM78C64UM0Y8", "MXN", "na"),
    Marketplace("BR", "A2Q3Y263D00KWC", "BRL", "na"),
    Marketplace("IE", "A28R8C7NBKEWEA", "EUR", "eu"),
    Marketplace("ES", "A1RKKUPIHCS9HS", "EUR", "eu"),
    Marketplace("GB", "A1F83G8C2ARO7P", "GBP", "eu"),
    Marketplace("FR", "A13V1IB3VIYZZH", "EUR", "eu"),
    Marketplace("BE", "AMEN7PMS3EDWL", "EUR", "eu"),
    Marketplace("NL", "A1805IZSGTT6HS", "EUR", "eu"),
    Marketplace("DE", "A1PA6795UKMFR9", "EUR", "eu"),
    Marketplace("IT", "APJ6JRA9NG5V4", "EUR", "eu"),
    Marketplace("SE", "A2NODRKZP88ZB9", "SEK", "eu"),
    Marketplace("ZA", "AE08WJ6YKNBMC", "ZAR", "eu"),
    Marketplace("PL", "A1C3SOZRARQ6R3", "PLN", "eu"),
    Marketplace("EG", "ARBP9OOSHTCHU", "EGP", "eu"),
    Marketplace("TR", "A33AVAJ2PDY3EV", "TRY", "eu"),
    Marketplace("SA", "A17E79C6D8DWNP", "SAR", "eu"),
    Marketplace("AE", "A2VIGQ35RCS4UG", "AED", "eu"),
    Marketplace("IN", "A21TJRUUN4KGV", "INR", "eu"),
    Marketplace("SG", "A19VAU5U5O7RUS", "SGD", "fe"),
    Marketplace("AU", "A39IBJ37TRP1C6", "AUD", "fe"),
    Marketplace("JP", "A1VC38T7YXB528", "JPY", "fe"),
)
BY_ID = {one.id: one for one in MARKETPLACES}
BY_COUNTRY = {one.country: one for one in MARKETPLACES}
_NAMED = {**BY_COUNTRY, **BY_ID, "UK": BY_ID["A1F83G8C2ARO7P"]}
_SERVER = "https://sellingpartnerapi-{}.amazon.com"


def chosen(text: str) -> tuple[Marketplace, ...]:
    """Those a setting names, by country or by id: "DE, FR". Raises NotDone."""
    names = [name.strip().upper() for name in text.split(",") if name.strip()]
    if unknown := [name for name in names if name not in _NAMED]:
        raise NotDone(f"{unknown[0]} is no marketplace: name them by their countries, such as DE, FR")
    found = tuple(dict.fromkeys(_NAMED[name] for name in names))
    if not found:
        raise NotDone("no marketplace is named")
    if len({one.region for one in found}) > 1:
        raise NotDone("these marketplaces are on different servers: make a connection for each region")
    return found


def server(marketplace: Marketplace) -> str:
    return _SERVER.format(marketplace.region)
