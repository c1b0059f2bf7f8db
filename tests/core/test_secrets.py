import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from quartermaster.core.secrets import REDACTED, SealBroken, SecretKeyChanged, redact, seal, unseal


@given(st.text())
def test_what_was_sealed_opens_again_and_never_looks_the_same(text: str):
    sealed = seal(text, owner="acme")
    assert unseal(sealed, owner="acme") == text
    assert sealed != seal(text, owner="acme")


def test_bytes_of_another_owner_do_not_open():
    with pytest.raises(SealBroken):
        unseal(seal("canary", owner="acme"), owner="other")


@given(st.data())
def test_no_altered_byte_goes_unnoticed(data: st.DataObject):
    sealed = bytearray(seal("canary", owner="acme"))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises((SealBroken, SecretKeyChanged)):
        unseal(bytes(sealed), owner="acme")


@given(st.binary(max_size=40))
def test_foreign_bytes_are_refused_whatever_they_are(sealed: bytes):
    with pytest.raises((SealBroken, SecretKeyChanged)):
        unseal(sealed, owner="acme")


def test_a_changed_secret_key_is_told_from_a_broken_seal():
    sealed = seal("canary", owner="acme")
    with override_settings(SECRET_KEY="another"), pytest.raises(SecretKeyChanged) as refused:
        unseal(sealed, owner="acme")
    assert "QM_SECRET_KEY" in refused.value.remedy


def test_an_older_secret_key_still_opens_what_it_sealed():
    with override_settings(SECRET_KEY="older"):
        sealed = seal("canary", owner="acme")
    with override_settings(SECRET_KEY_FALLBACKS=["older"]):
        assert unseal(sealed, owner="acme") == "canary"


def test_telling_names_are_redacted_at_any_depth_and_nothing_else():
    told = {
        "Authorization": "Bearer canary",
        "X-Shopify-Hmac-Sha256": "canary",
        "X-Shopify-Topic": "orders/create",
        "settings": [{"consumer_secret": "canary", "url": "https://shop.example"}],
        "token": "",
    }
    shown = redact(told)
    assert "canary" not in str(shown)
    assert shown == {
        "Authorization": REDACTED,
        "X-Shopify-Hmac-Sha256": REDACTED,
        "X-Shopify-Topic": "orders/create",
        "settings": [{"consumer_secret": REDACTED, "url": "https://shop.example"}],
        "token": "",
    }
