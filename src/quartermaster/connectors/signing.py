"""Signatures over the raw body, as Shopify and WooCommerce make them: base64 of an HMAC-SHA256."""

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Sequence

from quartermaster.inbox.ports import Verdict


def check(given: str, body: bytes, secrets: Sequence[bytes]) -> Verdict:
    """GENUINE when one of the secrets made `given`. Every secret is tried, each compared in constant time."""
    signature = given.encode("utf-8", "replace")
    is_genuine = False
    for secret in secrets:
        made = b64encode(hmac.digest(secret, body, hashlib.sha256))
        is_genuine |= hmac.compare_digest(made, signature) and bool(secret)
    return Verdict.GENUINE if is_genuine else Verdict.FORGED
