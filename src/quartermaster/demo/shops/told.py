"""A sale as its shop tells it: a signed webhook."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from quartermaster.demo.company.sales import Change, Sale
from quartermaster.demo.company.shops import SHOPS
from quartermaster.demo.shops import shopify, woocommerce


class Webhook(NamedTuple):
    """One delivery, ready to post. Header names as on the wire."""

    slug: str
    headers: Mapping[str, str]
    body: bytes


def tell(sale: Sale, change: Change | None = None) -> Webhook:
    """The whole order, as it is after the change. The same again is the same to the byte."""
    shop = SHOPS[sale.shop]
    vendor = shopify if shop.kind == "shopify" else woocommerce
    topic, content = vendor.order(sale, shop, change)
    return signed(sale.shop, topic, msgspec.json.encode(content))


def signed(slug: str, topic: str, body: bytes, *, delivery: str = "") -> Webhook:
    """Exactly these bytes under the shop's signature. Their hash names the delivery if nothing else does."""
    shop = SHOPS[slug]
    signature = base64.b64encode(hmac.digest(shop.secret.encode(), body, hashlib.sha256)).decode()
    name = delivery or hashlib.sha256(topic.encode() + body).hexdigest()[:32]
    if shop.kind == "shopify":
        own = {
            "X-Shopify-Topic": topic,
            "X-Shopify-Webhook-Id": name,
            "X-Shopify-Shop-Domain": shop.address,
            "X-Shopify-Hmac-Sha256": signature,
        }
    else:
        own = {
            "X-WC-Webhook-Topic": topic,
            "X-WC-Webhook-Delivery-ID": name,
            "X-WC-Webhook-Source": f"https://{shop.address}/",
            "X-WC-Webhook-Signature": signature,
        }
    return Webhook(slug, {"Content-Type": "application/json", "User-Agent": "demo-shop", **own}, body)
