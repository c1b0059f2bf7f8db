"""Checks of webhooks that are hints: a signature says who sent something, and no body is believed."""

from quartermaster.core.plugs import Plug
from quartermaster.inbox.ports import Verdict
from quartermaster.orders.ports import Ignored
from quartermaster.testing.conformance.asked import orders, read, read_bytes, verdict, webhooks
from quartermaster.testing.conformance.deliveries import Delivery, recorded

OTHER_SECRET = b"quite another secret"


def sent(plug: Plug) -> list[Delivery]:
    """What came by itself."""
    return [delivery for delivery in recorded(plug.kind) if "topic" not in delivery.headers]


def only_the_right_secret_makes_a_hint_genuine(plug: Plug) -> None:
    assert sent(plug)
    for delivery in sent(plug):
        assert verdict(plug, delivery) is Verdict.GENUINE, delivery.name
        assert verdict(plug, delivery, secrets=[OTHER_SECRET, delivery.secret]) is Verdict.GENUINE, "rotation"
        for secrets in ([OTHER_SECRET], [], [b""], [delivery.secret[:-1]], [delivery.secret + b" "]):
            assert verdict(plug, delivery, secrets=secrets) is Verdict.FORGED, delivery.name


def a_hint_without_one_of_its_headers_is_forged(plug: Plug) -> None:
    for delivery in sent(plug):
        for name, value in delivery.headers.items():
            if name == "content-type":
                continue
            for other in ("", " ", value[:-1], value[1:], value + "=", value.swapcase(), "\u00e9" + value):
                headers = {**delivery.headers, name: other}
                assert verdict(plug, delivery, headers=headers) is Verdict.FORGED, f"{name}: {other!r}"
        assert verdict(plug, delivery, headers={}) is Verdict.FORGED


def no_hint_is_believed_whatever_its_body_says(plug: Plug) -> None:
    """Even a whole order, in the very bytes that would be an order when they were fetched. But the channel
    is asked."""
    for delivery in sent(plug):
        told = read(plug, delivery)
        assert isinstance(told, Ignored), delivery.name
        assert told.is_hint, delivery.name
        topic = webhooks(plug).label(headers=delivery.headers, path="").topic
        for order in orders(plug):
            assert isinstance(read_bytes(plug, order.body, topic), Ignored), order.name


CHECKS = (
    only_the_right_secret_makes_a_hint_genuine,
    a_hint_without_one_of_its_headers_is_forged,
    no_hint_is_believed_whatever_its_body_says,
)
