import base64
import hashlib
import hmac
import random

import pytest

from quartermaster.connectors.woocommerce.plug import PLUG, WooWebhooks
from quartermaster.inbox.ports import Label, Verdict

SECRET = b"shop-secret"
BODY = b'{"id":1,"name":"caf\xc3\xa9 \\/ bar"}'
HEADER = "x-wc-webhook-signature"


def signature(body: bytes = BODY, secret: bytes = SECRET) -> str:
    return base64.b64encode(hmac.new(secret, body, hashlib.sha256).digest()).decode()


def verdict(headers: dict[str, str], body: bytes = BODY, secrets: tuple[bytes, ...] = (SECRET,)) -> Verdict:
    return WooWebhooks().check(headers=headers, body=body, secrets=secrets, settings={})


def test_a_body_signed_with_a_secret_of_the_connection_is_genuine():
    assert verdict({HEADER: signature()}) is Verdict.GENUINE
    assert verdict({HEADER: signature()}, secrets=(b"next", SECRET)) is Verdict.GENUINE


def test_a_thousand_changed_bodies_are_refused():
    dice = random.Random(2)
    for _ in range(1_000):
        body = bytearray(BODY)
        body[dice.randrange(len(body))] ^= dice.randrange(1, 256)
        assert verdict({HEADER: signature()}, body=bytes(body)) is Verdict.FORGED


def test_the_unsigned_ping_is_answered_kindly():
    for headers in ({}, {HEADER: ""}, {HEADER: "nonsense"}):
        assert verdict(headers, body=b"webhook_id=7") is Verdict.UNSIGNED_PING


@pytest.mark.parametrize("body", [b"webhook_id=7&order=1", b'{"webhook_id":7}', b"webhook_id=", b"x=7", b""])
def test_nothing_else_passes_for_a_ping(body: bytes):
    assert verdict({}, body=body) is Verdict.FORGED


def test_the_delivery_is_named_by_woocommerce_s_headers():
    headers = {"x-wc-webhook-delivery-id": "d-1", "x-wc-webhook-topic": "order.updated"}
    assert WooWebhooks().label(headers=headers, path="") == Label("d-1", "order.updated")


def test_the_settings_are_those_of_the_contract():
    told = {setting.name: (setting.is_secret, setting.is_required) for setting in PLUG.settings}
    assert told == {
        "webhook_secret": (True, True),
        "url": (False, True),
        "consumer_key": (True, False),
        "consumer_secret": (True, False),
        "plain_http": (False, False),
    }
