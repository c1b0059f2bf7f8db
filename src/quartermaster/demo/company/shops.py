"""The shops that send orders: two of Shopify's kind, one of WooCommerce's."""

import hashlib

from msgspec import Struct


class Shop(Struct, frozen=True):
    """`countries` it sells to, none for all that no other shop names. `share` of the orders beside others."""

    slug: str
    kind: str
    title: str
    address: str
    share: int
    first_number: int
    countries: tuple[str, ...] = ()

    @property
    def secret(self) -> str:
        """Signs its webhooks. A made-up shop on one machine: everybody may know it."""
        return hashlib.sha256(f"demo secret of {self.slug}".encode()).hexdigest()

    @property
    def settings(self) -> dict[str, str]:
        where = {"shop": self.address} if self.kind == "shopify" else {"url": f"https://{self.address}"}
        return {"webhook_secret": self.secret, **where}


SHOPS = {
    shop.slug: shop
    for shop in (
        Shop("harbor-pine", "shopify", "Harbor & Pine", "harbor-pine.example", 70, 24_000),
        Shop("pine-and-wool", "woocommerce", "Pine & Wool", "pine-and-wool.example", 30, 7_000),
        Shop("harbor-pine-us", "shopify", "Harbor & Pine US", "us.harbor-pine.example", 100, 3_000, ("US",)),
    )
}
