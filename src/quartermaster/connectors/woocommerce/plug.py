"""WooCommerce's plug: its settings form and the ports it offers."""

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
    Signs,
)
from quartermaster.connectors import signing
from quartermaster.connectors.woocommerce import translate
from quartermaster.connectors.woocommerce.back import WooCancels, WooRefunds
from quartermaster.connectors.woocommerce.channel import WooChannel
from quartermaster.connectors.woocommerce.goods import WooListings
from quartermaster.connectors.woocommerce.hooks import WooHooks
from quartermaster.core.plugs import Plug, Setting
from quartermaster.inbox.ports import Label, Verdict, Webhooks
from quartermaster.orders.ports import OrderSource, Reading


class WooWebhooks:
    """https://developer.woocommerce.com/docs/apis/rest-api/v3/webhooks/, read 2026-11-23."""

    def check(
        self,
        *,
        headers: Mapping[str, str],
        body: bytes,
        secrets: Sequence[bytes],
        settings: Mapping[str, str],
    ) -> Verdict:
        """The ping on saving a webhook is form-encoded and never signed; it holds nothing to forge."""
        verdict = signing.check(headers.get("x-wc-webhook-signature", ""), body, secrets)
        if verdict is Verdict.FORGED and translate.PING.fullmatch(body):
            return Verdict.UNSIGNED_PING
        return verdict

    def label(self, *, headers: Mapping[str, str], path: str) -> Label:
        return Label(
            delivery_id=headers.get("x-wc-webhook-delivery-id", ""),
            topic=headers.get("x-wc-webhook-topic", ""),
        )


class WooOrders:
    def read_orders(
        self, *, topic: str, headers: Mapping[str, str], body: bytes, received_at: datetime
    ) -> Reading:
        return translate.read(topic=topic.strip().lower(), body=body, received_at=received_at)


PLUG = Plug(
    kind="woocommerce",
    title="WooCommerce",
    settings=(
        Setting(
            "webhook_secret",
            "Webhook secret",
            is_secret=True,
            hint="The secret you typed in WooCommerce: Settings, Advanced, Webhooks.",
        ),
        Setting("url", "Shop address", hint="The address of the shop: https://shop.example.com"),
        Setting(
            "consumer_key",
            "Consumer key",
            is_secret=True,
            is_required=False,
            is_to_ask=True,
            hint="Settings, Advanced, REST API: read and write. Without it orders come by webhook alone, and "
            "the shop is told nothing.",
            ends_hint="WooCommerce tells none: a key counts until somebody revokes it.",
        ),
        Setting("consumer_secret", "Consumer secret", is_secret=True, is_required=False, is_to_ask=True),
        Setting(
            "plain_http",
            "Over plain http",
            is_required=False,
            hint="yes: the shop's address may be http. Requests are signed and the key is not sent, but what "
            "is said can be read on the way: for a network of your own.",
        ),
    ),
    ports={
        Webhooks: WooWebhooks(),
        OrderSource: WooOrders(),
        Channel: WooChannel(),
        Listings: WooListings(),
        Contents: WooListings(),
        ListingNeeds: ListingNeeds(("title", "weight_g")),
        Cancels: WooCancels(),
        Refunds: WooRefunds(),
        Hooks: WooHooks(),
        Signs: WooHooks(),
    },
)
