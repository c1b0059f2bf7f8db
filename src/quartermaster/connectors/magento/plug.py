"""Magento's plug: its settings form and the ports it offers."""

from collections.abc import Mapping
from datetime import datetime

from quartermaster.channels.ports import Bulk, Cancels, Channel, Contents, ListingNeeds, Listings, Refunds
from quartermaster.connectors.magento import translate
from quartermaster.connectors.magento.bulk import MagentoBulk
from quartermaster.connectors.magento.cancels import MagentoCancels
from quartermaster.connectors.magento.channel import MagentoChannel
from quartermaster.connectors.magento.listings import MagentoListings
from quartermaster.connectors.magento.refunds import MagentoRefunds
from quartermaster.core.plugs import Plug, Setting
from quartermaster.orders.ports import OrderSource, Reading


class MagentoOrders:
    def read_orders(
        self, *, topic: str, headers: Mapping[str, str], body: bytes, received_at: datetime
    ) -> Reading:
        return translate.read(topic=topic.strip().lower(), body=body, received_at=received_at)


PLUG = Plug(
    kind="magento",
    title="Magento / Adobe Commerce",
    settings=(
        Setting("url", "Shop address", hint="The address of the shop: https://shop.example.com"),
        Setting(
            "access_token",
            "Access token",
            is_secret=True,
            hint="System, Integrations: the Access Token of an activated integration. It has to count as a "
            "standalone bearer token.",
            ends_hint="Magento tells none: the token of an integration counts until somebody takes it back. "
            "A token of an administrator, which ends after hours, is no token for here.",
        ),
        Setting(
            "source_code",
            "Source",
            is_required=False,
            hint="The code of the inventory source that our stock is: default, when empty.",
        ),
        Setting(
            "website",
            "Website",
            is_required=False,
            hint="The code of the website whose buyers it is for: base, when empty.",
        ),
        Setting(
            "queue",
            "Message queue",
            is_required=False,
            hint="yes, where its consumers run (async.operations.all): it then takes many prices at once.",
        ),
    ),
    ports={
        OrderSource: MagentoOrders(),
        Channel: MagentoChannel(),
        Listings: MagentoListings(),
        Contents: MagentoListings(),
        Bulk: MagentoBulk(),
        ListingNeeds: ListingNeeds(("title", "weight_g")),
        Cancels: MagentoCancels(),
        Refunds: MagentoRefunds(),
    },
)
