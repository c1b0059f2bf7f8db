"""Flipkart's plug: its settings form and the ports it offers."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from quartermaster.channels.ports import Cancels, Channel, ListingNeeds, Listings
from quartermaster.connectors.flipkart import translate
from quartermaster.connectors.flipkart.channel import FlipkartCancels, FlipkartChannel
from quartermaster.connectors.flipkart.labels import FlipkartLabels
from quartermaster.connectors.flipkart.listings import FlipkartListings
from quartermaster.connectors.flipkart.signature import is_signed
from quartermaster.connectors.senders import API_URL
from quartermaster.core.plugs import Plug, Setting
from quartermaster.inbox.ports import Label, Verdict, Webhooks
from quartermaster.orders.ports import OrderSource, Reading
from quartermaster.shipping.ports import ShopLabels


class FlipkartWebhooks:
    """The signature is over the moment and the address, not over the body: it says that somebody who knows
    the secret sent something to us then. What a notification says is never believed; it is a hint to look."""

    is_hint_only = True

    def check(
        self,
        *,
        headers: Mapping[str, str],
        body: bytes,
        secrets: Sequence[bytes],
        settings: Mapping[str, str],
    ) -> Verdict:
        return Verdict.GENUINE if is_signed(headers, secrets, settings) else Verdict.FORGED

    def label(self, *, headers: Mapping[str, str], path: str) -> Label:
        """Neither an id nor a type is in the headers. Under this topic nothing is believed."""
        return Label(delivery_id="", topic=translate.HINT)


class FlipkartOrders:
    def read_orders(
        self, *, topic: str, headers: Mapping[str, str], body: bytes, received_at: datetime
    ) -> Reading:
        return translate.read(topic=topic, body=body, received_at=received_at)


PLUG = Plug(
    kind="flipkart",
    title="Flipkart Marketplace",
    settings=(
        Setting("app_id", "Application id", hint="Of the application you made at api.flipkart.net."),
        Setting(
            "webhook_secret",
            "Application secret",
            is_secret=True,
            hint="It signs in, and notifications are signed with it.",
            ends_hint="Flipkart tells none. The tokens drawn with it end after 60 days, and are renewed "
            "here.",
        ),
        Setting(
            "location_id",
            "Location id",
            is_required=False,
            hint="LOC…, of the place the shipments leave from: only they are fetched, and its stock is "
            "written. Empty: all of them, and no stock is written.",
        ),
        Setting(
            "notification_url",
            "Notification address",
            is_required=False,
            hint="Letter by letter as you registered it with Flipkart; without it no notification is taken.",
        ),
        API_URL,
    ),
    ports={
        Webhooks: FlipkartWebhooks(),
        OrderSource: FlipkartOrders(),
        Channel: FlipkartChannel(),
        Listings: FlipkartListings(),
        ListingNeeds: ListingNeeds(("title", "weight_g", "sides", "hs_code", "origin_country")),
        Cancels: FlipkartCancels(),
        ShopLabels: FlipkartLabels(),
    },
)
