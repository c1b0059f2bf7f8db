"""Shopify's plug: its settings form and the ports it offers."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from quartermaster.channels.ports import (
    Cancels,
    Channel,
    Contents,
    Hooks,
    ListingNeeds,
    Listings,
    Refunds,
)
from quartermaster.connectors import signing
from quartermaster.connectors.shopify import translate
from quartermaster.connectors.shopify.back import ShopifyCancels, ShopifyRefunds
from quartermaster.connectors.shopify.channel import ShopifyChannel
from quartermaster.connectors.shopify.hooks import ShopifyHooks
from quartermaster.connectors.shopify.listings import ShopifyListings
from quartermaster.core.plugs import Plug, Setting
from quartermaster.inbox.ports import Label, Verdict, Webhooks
from quartermaster.orders.ports import OrderSource, Reading


class ShopifyWebhooks:
    """https://shopify.dev/docs/apps/build/webhooks/verify-deliveries, read 2026-11-23."""

    def check(
        self,
        *,
        headers: Mapping[str, str],
        body: bytes,
        secrets: Sequence[bytes],
        settings: Mapping[str, str],
    ) -> Verdict:
        return signing.check(headers.get("x-shopify-hmac-sha256", ""), body, secrets)

    def label(self, *, headers: Mapping[str, str], path: str) -> Label:
        return Label(
            delivery_id=headers.get("x-shopify-webhook-id", ""), topic=headers.get("x-shopify-topic", "")
        )


class ShopifyOrders:
    def read_orders(
        self, *, topic: str, headers: Mapping[str, str], body: bytes, received_at: datetime
    ) -> Reading:
        return translate.read(topic=topic.strip().lower(), body=body, received_at=received_at)


PLUG = Plug(
    kind="shopify",
    title="Shopify",
    settings=(
        Setting(
            "webhook_secret",
            "Webhook secret",
            is_secret=True,
            hint="Shopify admin: Settings, Notifications, Webhooks; for an app, its client secret.",
        ),
        Setting("shop", "Shop", hint="The shop's own address: your-shop.myshopify.com"),
        Setting(
            "access_token",
            "Admin API access token",
            is_secret=True,
            is_required=False,
            is_to_ask=True,
            hint="Of an app of your own shop. Without it orders come by webhook alone, and the shop is told "
            "nothing.",
            ends_hint="Shopify's API tells none: a token of an app of your own shop counts until the app is "
            "removed. One that ends after an hour is no token for here.",
        ),
        Setting(
            "location",
            "Location",
            is_required=False,
            hint="Whose stock is told, where the shop has several: the number at the end of the address of "
            "its page in Settings, Locations.",
        ),
        Setting(
            "bulk_from",
            "In bulk from",
            is_required=False,
            hint="So many orders or variants and more are gathered by Shopify, not read in pages: 1000 where "
            "nothing is said, 0 for never.",
        ),
        Setting(
            "api_url",
            "API address",
            is_required=False,
            hint="Only for tests against another server than Shopify's.",
        ),
    ),
    ports={
        Webhooks: ShopifyWebhooks(),
        OrderSource: ShopifyOrders(),
        Channel: ShopifyChannel(),
        Listings: ShopifyListings(),
        Contents: ShopifyListings(),
        ListingNeeds: ListingNeeds(("title", "weight_g", "barcode")),
        Cancels: ShopifyCancels(),
        Refunds: ShopifyRefunds(),
        Hooks: ShopifyHooks(),
    },
)
