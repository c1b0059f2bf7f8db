"""Checks of signatures: nothing but the right secret over the very bytes is genuine."""

import base64
import random
from collections.abc import Iterator
from itertools import pairwise

from quartermaster.core.plugs import Plug
from quartermaster.inbox.ports import Verdict
from quartermaster.testing.conformance.asked import signed, verdict
from quartermaster.testing.conformance.deliveries import Delivery, recorded

OTHER_SECRET = b"quite another secret"
MUTATIONS = 1_000


def only_the_right_secret_makes_a_signature_genuine(plug: Plug) -> None:
    for delivery in signed(plug):
        assert verdict(plug, delivery) is Verdict.GENUINE, delivery.name
        assert verdict(plug, delivery, secrets=[OTHER_SECRET, delivery.secret]) is Verdict.GENUINE, "rotation"
        for secrets in ([OTHER_SECRET], [], [b""], [delivery.secret[:-1]], [delivery.secret + b" "]):
            assert verdict(plug, delivery, secrets=secrets) is Verdict.FORGED, (
                f"{delivery.name} with {secrets}"
            )


def a_body_changed_by_one_bit_is_forged(plug: Plug) -> None:
    dice = random.Random(13)
    deliveries = signed(plug)
    for _ in range(MUTATIONS):
        delivery = dice.choice(deliveries)
        body = bytearray(delivery.body)
        body[dice.randrange(len(body))] ^= 1 << dice.randrange(8)
        assert verdict(plug, delivery, body=bytes(body)) is Verdict.FORGED


def a_signature_changed_anyhow_is_forged(plug: Plug) -> None:
    for delivery in signed(plug):
        name = _signature_header(plug, delivery)
        given = delivery.headers[name]
        for other in _near(given):
            headers = {**delivery.headers, name: other}
            assert verdict(plug, delivery, headers=headers) is Verdict.FORGED, f"{name}: {other!r}"


def a_signature_of_another_delivery_is_forged(plug: Plug) -> None:
    deliveries = signed(plug)
    for one, other in pairwise(deliveries):
        assert verdict(plug, one, body=other.body) is Verdict.FORGED


def only_a_ping_may_come_unsigned(plug: Plug) -> None:
    for delivery in recorded(plug.kind):
        found = verdict(plug, delivery, headers={})
        assert found is (Verdict.FORGED if delivery.is_signed else Verdict.UNSIGNED_PING), delivery.name


def _signature_header(plug: Plug, delivery: Delivery) -> str:
    """The header without which the delivery is not genuine."""
    found = [
        name
        for name in delivery.headers
        if verdict(plug, delivery, headers={k: v for k, v in delivery.headers.items() if k != name})
        is not Verdict.GENUINE
    ]
    assert len(found) == 1, f"{delivery.name} is signed by {found or 'nothing'}"
    return found[0]


def _near(signature: str) -> Iterator[str]:
    """Signatures that are almost the given one."""
    yield from (
        "",
        " ",
        "=",
        "null",
        signature[:-1],
        signature[1:],
        signature + "=",
        signature + " ",
        f" {signature}",
    )
    yield from (
        signature.lower(),
        signature.upper(),
        signature.swapcase(),
        signature * 2,
        "\u00e9" + signature,
    )
    yield base64.urlsafe_b64encode(base64.b64decode(signature)).decode().rstrip("=")
    yield base64.b64decode(signature).hex()
    for n, character in enumerate(signature):
        yield f"{signature[:n]}{'A' if character != 'A' else 'B'}{signature[n + 1 :]}"
