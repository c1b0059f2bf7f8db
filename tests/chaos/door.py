"""The door for webhooks, called in this process as the web server calls it, and the river behind it."""

import base64
import hashlib
import hmac
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from quartermaster.api import intake
from quartermaster.core import doctor, sql
from quartermaster.core.river import worker
from quartermaster.inbox.actions import connect
from quartermaster.testing.shop import INVENTED_SECRET

from .stand import AT

# How each kind names the delivery, the topic and the signature.
HEADERS = {
    "shopify": ("x-shopify-webhook-id", "x-shopify-topic", "x-shopify-hmac-sha256"),
    "woocommerce": ("x-wc-webhook-delivery-id", "x-wc-webhook-topic", "x-wc-webhook-signature"),
}
TOPIC = {"shopify": "orders/create", "woocommerce": "order.created"}
PLACE = {"shopify": "shop", "woocommerce": "url"}


class Door:
    """A connection of one kind, and whoever knocks."""

    def __init__(self, kind: str = "shopify", slug: str = "acme", secret: str = INVENTED_SECRET) -> None:
        self.kind, self.slug, self.secret = kind, slug, secret
        self.names = HEADERS[kind]
        connect(
            kind, slug, {"webhook_secret": secret, PLACE[kind]: "https://invented.example"}, at=AT, by="test"
        )
        self._deliveries = 0

    def headers(
        self, body: bytes, delivery_id: str | None = None, topic: str | None = None
    ) -> dict[str, str]:
        """As the genuine sender sends them over these bytes."""
        self._deliveries += 1
        name_id, name_topic, name_signature = self.names
        return {
            "content-type": "application/json",
            name_id: f"delivery-{self._deliveries}" if delivery_id is None else delivery_id,
            name_topic: TOPIC[self.kind] if topic is None else topic,
            name_signature: signature(body, self.secret),
        }

    def tell(self, body: bytes, delivery_id: str | None = None, topic: str | None = None) -> int:
        """Deliver genuine bytes; returns the status."""
        return self.knock(body, self.headers(body, delivery_id, topic))

    def knock(self, body: bytes, headers: Mapping[str, str], method: str = "POST") -> int:
        return knock(self.slug, body, headers, method)


def knock(slug: str, body: bytes, headers: Mapping[str, str], method: str = "POST") -> int:
    """The status that the sender of this gets."""
    said: list[str] = []
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": f"/in/{slug}",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        **{"HTTP_" + name.upper().replace("-", "_"): value for name, value in headers.items()},
    }
    intake.intake(environ, lambda status, _: said.append(status))
    return int(said[0][:3])


def signature(body: bytes, secret: str) -> str:
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


@contextmanager
def at_the_door() -> Iterator[None]:
    """What the intake remembers belongs to one test."""
    forget()
    try:
        yield
    finally:
        forget()
        keeper = intake._keeper
        if keeper._connection is not None:
            keeper._connection.close()
            keeper._connection = None


def forget() -> None:
    """A changed secret counts at once, not only after a moment."""
    intake._doors.clear()


def messages() -> list[tuple[str, str]]:
    """(state, because) of every message, oldest first."""
    return sql.run("select state, because from inbox_message order by id")  # type: ignore[return-value]


def work_off() -> None:
    """Let everything flow; afterwards nothing waits and nothing is stuck."""
    while worker.flow():
        pass
    assert worker.pending() == {}
    assert worker.stuck() == {}, sql.run("select because from inbox_message where state = 'stuck'")


def examine() -> None:
    broken = [finding for finding in doctor.examine() if finding.rows]
    assert not broken, broken
