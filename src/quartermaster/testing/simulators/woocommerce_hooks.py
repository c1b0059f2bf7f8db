"""WooCommerce's webhooks: kept, signed, sent once and never again; switched off after failures in a row."""

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Callable
from datetime import datetime
from typing import cast

import msgspec

from quartermaster.testing.simulators.sending import Delivery, Mail
from quartermaster.testing.simulators.server import Request, Response

FAILURES_MAX = 5  # more in a row, and it is disabled

SOMEBODY = "theirs"

type Json = dict[str, object]


class Webhooks:
    def __init__(self, now: Callable[[], datetime], new_id: Callable[[], int]) -> None:
        self.kept: dict[str, Json] = {}
        self.secrets: dict[str, str] = {}
        self.failures: dict[str, int] = {}
        self.made = 0
        self.mail = Mail(on_end=self._ended)
        self._now, self._new_id = now, new_id

    def put(self, topic: str, address: str, secret: str = SOMEBODY) -> str:
        """A subscription, whoever makes it: its number. Nobody pings here."""
        number = str(self._new_id())
        self.kept[number] = {
            "id": int(number),
            "name": topic,
            "status": "active",
            "topic": topic,
            "delivery_url": address,
        }
        self.secrets[number] = secret
        return number

    def switch_off(self, number: str) -> None:
        self.kept[number]["status"] = "disabled"

    def drop(self, number: str) -> None:
        del self.kept[number], self.secrets[number]

    def tell(self, resource: str, event: str, body: Json) -> None:
        """Send it to whoever wants to hear of it."""
        content = msgspec.json.encode(body)
        for number, hook in self.kept.items():
            if hook["topic"] == f"{resource}.{event}" and hook["status"] == "active":
                self.mail.put(self._signed(number, hook, resource, event, content))

    def _signed(self, number: str, hook: Json, resource: str, event: str, content: bytes) -> Delivery:
        made = hmac.digest(self.secrets[number].encode(), content, hashlib.sha256)
        headers = {
            "Content-Type": "application/json",
            "X-WC-Webhook-Source": "https://shop.example.com/",
            "X-WC-Webhook-Topic": f"{resource}.{event}",
            "X-WC-Webhook-Resource": resource,
            "X-WC-Webhook-Event": event,
            "X-WC-Webhook-Signature": b64encode(made).decode(),
            "X-WC-Webhook-ID": number,
            "X-WC-Webhook-Delivery-ID": hashlib.sha256(f"{number} {self._new_id()}".encode()).hexdigest()[
                :32
            ],
        }
        return Delivery(number, str(hook["delivery_url"]), headers, content)

    def _ended(self, delivery: Delivery, is_taken: bool) -> None:
        """Each failure counts, none is sent again; the next success forgives them."""
        failed = 0 if is_taken else self.failures.get(delivery.subscription, 0) + 1
        self.failures[delivery.subscription] = failed
        if failed > FAILURES_MAX and delivery.subscription in self.kept:
            self.switch_off(delivery.subscription)

    def respond(self, request: Request, number: str) -> Response:
        if request.method == "GET":
            size, page = int(request.query.get("per_page", "10")), int(request.query.get("page", "1"))
            rows = [self.kept[key] for key in sorted(self.kept, key=int)]
            return Response(200, rows[(page - 1) * size : page * size])
        body = cast("Json", request.body or {})
        if request.method == "POST":
            number = self.put(str(body["topic"]), str(body["delivery_url"]))
            self.made += 1
        elif number not in self.kept:
            return Response(404, {"code": "woocommerce_rest_webhook_invalid_id", "message": "Invalid ID."})
        if "secret" in body:
            self.secrets[number] = str(body["secret"])
        if body.get("status") == "active":
            self.failures.pop(number, None)
        self.kept[number] |= {key: value for key, value in body.items() if key != "secret"}
        return Response(201 if request.method == "POST" else 200, self.kept[number])
