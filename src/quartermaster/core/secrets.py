"""Secrets at rest: AES-256-GCM under a key of their own for each owner; and what must not be shown, redacted.

The keys are derived from QM_SECRET_KEY, so a stolen database opens nothing. The owner is sealed in: bytes
copied to another row do not open there. Older secret keys may stay in SECRET_KEY_FALLBACKS for reading.
"""

import hashlib
import os
from collections.abc import Mapping
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from quartermaster.core.errors import Refused

_FORMAT = b"\x01"
_MARK_BYTES, _NONCE_BYTES = 4, 12
REDACTED = "[redacted]"
_TELLING = (
    "authorization",
    "cookie",
    "signature",
    "hmac",
    "secret",
    "token",
    "api-key",
    "api_key",
    "apikey",
    "password",
    "passwd",
    "credential",
)


class SecretKeyChanged(Refused):
    code = "secret-key-changed"
    message = "The secrets of {owner} were sealed with another secret key than today's."
    remedy = "Start with the QM_SECRET_KEY they were sealed with, or set them again: ./qm connect."


class SealBroken(Refused):
    code = "seal-broken"
    message = "The secrets of {owner} do not open: the stored bytes were altered, or belong to another."
    remedy = "Set them again: ./qm connect. And find out who writes to the database."


def seal(text: str, *, owner: str) -> bytes:
    """Encrypt for one owner ("acme-shopify"). Sealing the same text twice gives different bytes."""
    nonce = os.urandom(_NONCE_BYTES)
    head = _FORMAT + _mark(settings.SECRET_KEY)
    return head + nonce + _cipher(settings.SECRET_KEY, owner).encrypt(nonce, text.encode(), _aad(head, owner))


def unseal(sealed: bytes, *, owner: str) -> str:
    """The text that was sealed for this owner. Raises SecretKeyChanged, SealBroken."""
    head, rest = sealed[: 1 + _MARK_BYTES], sealed[1 + _MARK_BYTES :]
    if not head.startswith(_FORMAT) or len(rest) < _NONCE_BYTES:
        raise SealBroken(owner=owner)
    for secret_key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        if _FORMAT + _mark(secret_key) == head:
            break
    else:
        raise SecretKeyChanged(owner=owner)
    nonce, text = rest[:_NONCE_BYTES], rest[_NONCE_BYTES:]
    try:
        return _cipher(secret_key, owner).decrypt(nonce, text, _aad(head, owner)).decode()
    except InvalidTag:
        raise SealBroken(owner=owner) from None


def redact(told: Mapping[str, object]) -> dict[str, object]:
    """A copy that can be shown and logged: values whose name tells of a secret are replaced, at any depth."""
    return {
        name: REDACTED if is_telling(name) and value not in ("", None) else _redacted(value)
        for name, value in told.items()
    }


def is_telling(name: str) -> bool:
    """Whether a header or field of this name lets somebody act as its owner."""
    return any(part in name.lower() for part in _TELLING)


def _redacted(value: object) -> object:
    if isinstance(value, Mapping):
        return redact(value)
    if isinstance(value, list | tuple):
        return [_redacted(one) for one in value]
    return value


def _aad(head: bytes, owner: str) -> bytes:
    return head + owner.encode()


@lru_cache(maxsize=1024)
def _cipher(secret_key: str, owner: str) -> AESGCM:
    purpose = b"quartermaster secrets of " + owner.encode()
    return AESGCM(HKDF(hashes.SHA256(), 32, salt=None, info=purpose).derive(secret_key.encode()))


@lru_cache(maxsize=16)
def _mark(secret_key: str) -> bytes:
    """Tells one secret key from another, and nothing about it: a few bytes of a key that opens nothing."""
    derived = HKDF(hashes.SHA256(), 32, salt=None, info=b"quartermaster mark").derive(secret_key.encode())
    return hashlib.sha256(derived).digest()[:_MARK_BYTES]
