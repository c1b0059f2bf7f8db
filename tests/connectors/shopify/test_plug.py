import base64
import hashlib
import hmac
import random

import pytest

from quartermaster.connectors.shopify.plug import PLUG, ShopifyWebhooks
from quartermaster.inbox.ports import Label, Verdict

SECRET, NEXT = b"old-secret", b"next-secret"
BODY = b'{"id":1,"note":"caf\xc3\xa9"}'


def signed(secret: bytes = SECRET, body: bytes = BODY) -> dict[str, str]:
    made = hmac.new(secret, body, hashlib.sha256).digest()
    return {"x-shopify-hmac-sha256": base64.b64encode(made).decode()}


def verdict(headers: dict[str, str], body: bytes = BODY, secrets: tuple[bytes, ...] = (SECRET,)) -> Verdict:
    return ShopifyWebhooks().check(headers=headers, body=body, secrets=secrets, settings={})


def test_a_body_signed_with_the_secret_is_genuine():
    assert verdict(signed()) is Verdict.GENUINE


def test_both_secrets_count_during_a_rotation():
    for secret in (SECRET, NEXT):
        assert verdict(signed(secret), secrets=(SECRET, NEXT)) is Verdict.GENUINE
    assert verdict(signed(b"third"), secrets=(SECRET, NEXT)) is Verdict.FORGED


def test_a_thousand_changed_signatures_and_bodies_are_refused():
    dice = random.Random(1)
    (given,) = signed().values()
    for _ in range(500):
        at = dice.randrange(len(given))
        letter = dice.choice([c for c in "ABCabc019+/=" if c != given[at]])
        assert verdict({"x-shopify-hmac-sha256": given[:at] + letter + given[at + 1 :]}) is Verdict.FORGED
    for _ in range(500):
        body = bytearray(BODY)
        body[dice.randrange(len(body))] ^= dice.randrange(1, 256)
        assert verdict(signed(), body=bytes(body)) is Verdict.FORGED


@pytest.mark.parametrize("given", ["", "é", "\udcff", "=" * 44, "null", "0" * 10_000])
def test_a_signature_that_is_none_is_refused(given: str):
    assert verdict({"x-shopify-hmac-sha256": given}) is Verdict.FORGED
    assert verdict({}) is Verdict.FORGED


def test_an_empty_secret_signs_nothing():
    assert verdict(signed(b""), secrets=(b"",)) is Verdict.FORGED
    assert verdict(signed(), secrets=()) is Verdict.FORGED


def test_the_delivery_is_named_by_shopify_s_headers():
    headers = {"x-shopify-webhook-id": "w-1", "x-shopify-topic": "orders/paid", "x-shopify-event-id": "e-1"}
    assert ShopifyWebhooks().label(headers=headers, path="ignored") == Label("w-1", "orders/paid")


def test_the_settings_are_those_of_the_contract_and_a_location():
    told = {setting.name: (setting.is_secret, setting.is_required) for setting in PLUG.settings}
    assert told == {
        "webhook_secret": (True, True),
        "shop": (False, True),
        "access_token": (True, False),
        "location": (False, False),
        "bulk_from": (False, False),
        "api_url": (False, False),
    }
