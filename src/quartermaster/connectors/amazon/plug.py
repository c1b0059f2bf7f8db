"""Amazon's plug: its settings form and the ports it offers."""

from collections.abc import Mapping
from datetime import datetime

from quartermaster.channels.ports import Bulk, Channel, Contents, Hooks, ListingNeeds, Listings, Queues
from quartermaster.connectors.amazon import translate
from quartermaster.connectors.amazon.channel import AmazonChannel
from quartermaster.connectors.amazon.feeds import AmazonBulk
from quartermaster.connectors.amazon.hooks import AmazonHooks
from quartermaster.connectors.amazon.listings import AmazonListings
from quartermaster.connectors.amazon.queue import AmazonQueue
from quartermaster.connectors.amazon.reports import AmazonFeedback, AmazonStanding
from quartermaster.connectors.amazon.warehouse import AmazonWarehouse
from quartermaster.core.plugs import Plug, Setting
from quartermaster.marketplaces.ports import FeedbackReports, StandingReports
from quartermaster.orders.ports import OrderSource, Reading
from quartermaster.outside.ports import Warehouse


class AmazonOrders:
    def read_orders(
        self, *, topic: str, headers: Mapping[str, str], body: bytes, received_at: datetime
    ) -> Reading:
        return translate.read(topic=topic.strip().lower(), body=body, received_at=received_at)


PLUG = Plug(
    kind="amazon",
    title="Amazon Seller Central",
    settings=(
        Setting(
            "marketplaces",
            "Marketplaces",
            hint="By country: DE, FR. All of one region (America, Europe, Far East); stock and prices are "
            "written in the first.",
        ),
        Setting(
            "seller_id", "Merchant token", hint="Seller Central: Settings, Account info, Merchant token."
        ),
        Setting(
            "client_id", "LWA client id", hint="Of your private application: Develop apps, LWA credentials."
        ),
        Setting(
            "client_secret",
            "LWA client secret",
            is_secret=True,
            lasts_days=180,
            ends_hint="Amazon tells it, and sends the next one, where the application's notification "
            "preferences name the queue.",
        ),
        Setting(
            "refresh_token",
            "Refresh token",
            is_secret=True,
            hint="Develop apps, Authorize app. It counts until you take the permission back.",
            ends_hint="Amazon tells none; only applications for other sellers are authorized anew each year.",
        ),
        Setting(
            "refunds",
            "Refunds",
            is_required=False,
            hint="yes: what was given back to buyers is read too, for which the application needs the role "
            "Finance and Accounting. Not read when empty.",
        ),
        Setting(
            "queue_url",
            "Queue",
            is_required=False,
            hint="https://sqs.REGION.amazonaws.com/ACCOUNT/NAME: your own, to which Amazon may send. A "
            "changed order is here within seconds.",
        ),
        Setting(
            "aws_key_id",
            "AWS access key id",
            is_required=False,
            hint="Of a user that may do no more than receive from that queue and delete there.",
        ),
        Setting(
            "aws_secret",
            "AWS secret access key",
            is_secret=True,
            is_required=False,
            ends_hint="AWS tells none.",
        ),
        Setting(
            "fba_speed",
            "Speed of Amazon's warehouses",
            is_required=False,
            hint="Of other shops' orders that leave from there: Standard, Expedited or Priority; Standard "
            "when empty.",
        ),
        Setting(
            "api_url",
            "API address",
            is_required=False,
            hint="Only for tests against another server than theirs.",
        ),
    ),
    ports={
        OrderSource: AmazonOrders(),
        Channel: AmazonChannel(),
        Listings: AmazonListings(),
        Contents: AmazonListings(),
        Bulk: AmazonBulk(),
        Hooks: AmazonHooks(),
        Queues: AmazonQueue(),
        ListingNeeds: ListingNeeds(("title", "barcode", "weight_g", "sides", "origin_country")),
        Warehouse: AmazonWarehouse(),
        StandingReports: AmazonStanding(),
        FeedbackReports: AmazonFeedback(),
    },
)
