"""AfterShip's plug: its settings form and the ports it offers."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from quartermaster.connectors import signing
from quartermaster.connectors.aftership import translate
from quartermaster.connectors.aftership.client import AfterShip
from quartermaster.core.plugs import Plug, Setting
from quartermaster.inbox.ports import Label, Verdict, Webhooks
from quartermaster.orders.ports import Ignored
from quartermaster.tracking.ports import Follower, ScanSource, ScanTold


class AfterShipWebhooks:
    """https://www.aftership.com/docs/tracking/webhook/webhook-signature, read 2026-11-23."""

    def check(
        self,
        *,
        headers: Mapping[str, str],
        body: bytes,
        secrets: Sequence[bytes],
        settings: Mapping[str, str],
    ) -> Verdict:
        return signing.check(headers.get("aftership-hmac-sha256", ""), body, secrets)

    def label(self, *, headers: Mapping[str, str], path: str) -> Label:
        """Their id of a delivery stands in the body only: the same bytes are the same delivery."""
        return Label(delivery_id="", topic=translate.EVENT)


class AfterShipScans:
    def read_scans(
        self, *, topic: str, headers: Mapping[str, str], body: bytes, received_at: datetime
    ) -> tuple[ScanTold, ...] | Ignored:
        return translate.read(body)


PLUG = Plug(
    kind="aftership",
    title="AfterShip",
    settings=(
        Setting(
            "webhook_secret",
            "Webhook secret",
            is_secret=True,
            hint="Shown by AfterShip: Settings, Webhooks.",
        ),
        Setting("api_key", "API key", is_secret=True, hint="Made by AfterShip: Settings, API keys."),
        Setting(
            "couriers",
            "Couriers",
            is_required=False,
            hint="Your carriers by its names: post=deutsch-post, ups=ups. Others it finds by the number.",
        ),
        Setting("api_url", "API address", is_required=False, hint="Only for tests against another server."),
    ),
    ports={Webhooks: AfterShipWebhooks(), ScanSource: AfterShipScans(), Follower: AfterShip()},
)
