"""A connector, asked the way the inbox and the orders ask it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from quartermaster.core.plugs import Plug
from quartermaster.inbox.ports import Verdict, Webhooks
from quartermaster.orders.ports import (
    Ignored,
    OrderRemoved,
    OrderSold,
    OrderSource,
    Reading,
    RefundNotice,
    Unreadable,
)
from quartermaster.testing.conformance.deliveries import Delivery, recorded
from quartermaster.testing.conformance.soundness import assert_sound

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)


def source(plug: Plug) -> OrderSource:
    found = plug.offer(OrderSource)  # type: ignore[type-abstract]  # a port is looked up by its protocol
    assert found is not None
    return found


def webhooks(plug: Plug) -> Webhooks:
    found = plug.offer(Webhooks)  # type: ignore[type-abstract]  # a port is looked up by its protocol
    assert found is not None
    return found


def topic_of(plug: Plug, delivery: Delivery) -> str:
    """As its webhooks say it; an order that is only ever fetched was recorded with it."""
    found = plug.offer(Webhooks)  # type: ignore[type-abstract]  # a port is looked up by its protocol
    if found is None or "topic" in delivery.headers:
        return delivery.headers["topic"]
    return found.label(headers=delivery.headers, path="").topic


def read(plug: Plug, delivery: Delivery, topic: str | None = None) -> Reading:
    if topic is None:
        topic = topic_of(plug, delivery)
    return source(plug).read_orders(topic=topic, headers=delivery.headers, body=delivery.body, received_at=AT)


def read_bytes(plug: Plug, body: bytes, topic: str = "") -> Reading:
    return source(plug).read_orders(topic=topic, headers={}, body=body, received_at=AT)


def assert_survived(plug: Plug, body: bytes, delivery: Delivery, what: str) -> None:
    """Anything but Unreadable, or an order that is not sound, fails and names the spoiled field."""
    try:
        because = refusal(plug, body, topic_of(plug, delivery))
    except Exception as error:
        raise AssertionError(f"{delivery.name}: {what}: {type(error).__name__}: {error}") from error
    assert because != "", f"{delivery.name}: {what}: refused without a reason"


def refusal(plug: Plug, body: bytes, topic: str = "") -> str | None:
    """Why the body is unreadable; None when it was read, and soundly."""
    try:
        assert_sound(read_bytes(plug, body, topic))
    except Unreadable as refusal:
        return str(refusal).strip()
    return None


def orders(plug: Plug) -> list[Delivery]:
    return [delivery for delivery in recorded(plug.kind) if delivery.says.startswith("order ")]


def signed(plug: Plug) -> list[Delivery]:
    return [delivery for delivery in recorded(plug.kind) if delivery.is_signed]


def sold(reading: Reading) -> list[OrderSold]:
    return [one for one in reading if isinstance(one, OrderSold)] if isinstance(reading, tuple) else []


def versions(reading: Reading) -> list[str]:
    return [order.version for order in sold(reading)]


def said(reading: Reading) -> str:
    """A reading in the words of a recording's `says`."""
    if isinstance(reading, Ignored):
        return "ignored"
    (one,) = reading
    match one:
        case OrderSold():
            return f"order {one.external_id}"
        case RefundNotice():
            return f"refund {one.refund.external_id} of {one.order_external_id}"
        case OrderRemoved():
            return f"removed {one.order_external_id}"


def verdict(
    plug: Plug,
    delivery: Delivery,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    secrets: Sequence[bytes] | None = None,
) -> Verdict:
    return webhooks(plug).check(
        headers=delivery.headers if headers is None else headers,
        body=delivery.body if body is None else body,
        secrets=[delivery.secret] if secrets is None else secrets,
        settings=delivery.settings,
    )
