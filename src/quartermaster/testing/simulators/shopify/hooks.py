"""Shopify's webhooks: subscribed to once for each address, signed with the app's own secret, sent again with
the content they had at first, and removed when nobody takes them."""

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Callable
from typing import cast

import msgspec

from quartermaster.testing.simulators.sending import Delivery, Mail
from quartermaster.testing.simulators.shopify.nodes import Json, gid, page

SECRET = "simulated"
TRIES_MAX = 9  # the first, and eight more within four hours


class Subscriptions:
    """`subscriptions` by their ids, `mail` what they send."""

    def __init__(self) -> None:
        self.subscriptions: dict[str, Json] = {}
        self.subscribed = 0
        self.mail = Mail(on_end=self._ended)
        self._tries: dict[str, int] = {}  # of a delivery
        self._delivered = 0

    def put(self, topic: str, address: str) -> str:
        self.subscribed += 1
        made = gid("WebhookSubscription", self.subscribed)
        self.subscriptions[made] = {
            "id": made,
            "topic": topic,
            "uri": address,
            "format": "JSON",
            "filter": "",
            "includeFields": [],
        }
        return made

    def tell(self, topic: str, body: Json) -> None:
        """Send it to whoever wants to hear of it: tell("orders/create", …)."""
        content = msgspec.json.encode(body)
        made = hmac.digest(SECRET.encode(), content, hashlib.sha256)
        for key, one in self.subscriptions.items():
            if one["topic"] == topic.replace("/", "_").upper():
                self._delivered += 1
                headers = {
                    "Content-Type": "application/json",
                    "X-Shopify-Topic": topic,
                    "X-Shopify-Shop-Domain": "simulated.myshopify.com",
                    "X-Shopify-Webhook-Id": hashlib.sha256(f"{key} {self._delivered}".encode()).hexdigest()[
                        :32
                    ],
                    "X-Shopify-Hmac-Sha256": b64encode(made).decode(),
                }
                self.mail.put(Delivery(key, str(one["uri"]), headers, content))

    def of_hooks(self) -> dict[str, Callable[[Json], Json]]:
        return {
            "Subscriptions": self._listed,
            "CreateSubscription": self._create,
            "MendSubscription": self._mend,
        }

    def _ended(self, delivery: Delivery, is_taken: bool) -> None:
        """The same again, not what has become of it; after the last try the subscription is gone."""
        name = delivery.headers["X-Shopify-Webhook-Id"]
        tries = self._tries[name] = self._tries.get(name, 0) + 1
        if is_taken or delivery.subscription not in self.subscriptions:
            return
        if tries < TRIES_MAX:
            self.mail.put(delivery)
        else:
            del self.subscriptions[delivery.subscription]

    def _listed(self, asked: Json) -> Json:
        begin = int(str(asked.get("after") or 0))
        all_of_them = list(self.subscriptions.values())
        shown = all_of_them[begin : begin + 100]
        is_more = len(all_of_them) > begin + 100
        found = page(shown, has_next=is_more, end=str(begin + len(shown)) if shown else None)
        return {"webhookSubscriptions": found}

    def _create(self, asked: Json) -> Json:
        wanted, topic = cast("Json", asked["subscription"]), str(asked["topic"])
        address = str(wanted["uri"])
        if any((one["topic"], one["uri"]) == (topic, address) for one in self.subscriptions.values()):
            wrong = {"field": ["webhookSubscription"], "message": "Address for this topic has been taken"}
            return {"webhookSubscriptionCreate": {"webhookSubscription": None, "userErrors": [wrong]}}
        made = {"id": self.put(topic, address)}
        return {"webhookSubscriptionCreate": {"webhookSubscription": made, "userErrors": []}}

    def _mend(self, asked: Json) -> Json:
        self.subscriptions[str(asked["id"])] |= cast("Json", asked["subscription"])
        mended = {"id": asked["id"]}
        return {"webhookSubscriptionUpdate": {"webhookSubscription": mended, "userErrors": []}}
