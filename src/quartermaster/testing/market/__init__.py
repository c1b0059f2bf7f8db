"""Shops with buyers: the simulated ones, with what buyers and the shops' own people do there."""

from quartermaster.testing.market.amazon import AmazonStall
from quartermaster.testing.market.flipkart import FlipkartStall
from quartermaster.testing.market.magento import MagentoStall
from quartermaster.testing.market.shopify import ShopifyStall
from quartermaster.testing.market.stall import Seen, Stall
from quartermaster.testing.market.woocommerce import WooStall

STALLS: dict[str, type[Stall]] = {
    "amazon": AmazonStall,
    "flipkart": FlipkartStall,
    "magento": MagentoStall,
    "shopify": ShopifyStall,
    "woocommerce": WooStall,
}

__all__ = ["STALLS", "Seen", "Stall"]
