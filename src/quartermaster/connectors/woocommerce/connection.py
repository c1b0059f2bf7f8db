"""A shop as it is called: its address, its key, and how a request proves that it has it.

Over https the key is sent (Basic). Over http it never is: the request is signed with it instead, by
one-legged OAuth 1.0a, as WooCommerce wants it there.
https://woocommerce.github.io/woocommerce-rest-api-docs/#authentication-over-http, read 2026-11-23.
"""

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Callable, Mapping
from secrets import token_hex
from time import time
from urllib.parse import quote, urlsplit

from quartermaster.connectors.calls import Caller, Sign
from quartermaster.connectors.complaints import Complaint
from quartermaster.connectors.picked import text
from quartermaster.core.outside import Account, AuthExpired

API = "/wp-json/wc/v3"
# What it says with a 500 when it will not give money back: more than is left, or no way to send it.
NO_REFUND = "woocommerce_rest_cannot_create_order_refund"


def caller_of(account: Account) -> Caller:
    """Raises AuthExpired without a key, NotDone for an address no request is sent to."""
    told = account.settings
    address = told.get("url", "").strip()
    key, secret = told.get("consumer_key", ""), told.get("consumer_secret", "")
    if not (key and secret):
        raise AuthExpired(f"{account.slug} has no consumer key: it can be neither asked nor told")
    proof = b64encode(f"{key}:{secret}".encode()).decode()
    is_plain = urlsplit(address).scheme == "http"
    proven = {} if is_plain else {"Authorization": f"Basic {proof}"}
    return Caller(
        address,
        name="WooCommerce",
        headers={"Accept": "application/json", **proven},
        complaint=complaint,
        secrets=(key, secret, proof),
        sign=signing(key, secret) if is_plain else None,
        is_open=told.get("plain_http", "").strip().lower() == "yes",
        refusals=(NO_REFUND,),
    )


def complaint(said: Mapping[str, object]) -> Complaint:
    return Complaint(text(said.get("code")), text(said.get("message")))


def signing(
    key: str, secret: str, *, now: Callable[[], float] = time, nonce: Callable[[], str] = token_hex
) -> Sign:
    """The header that proves the key without sending its secret: good for this request alone."""

    def sign(method: str, url: str, query: Mapping[str, str]) -> Mapping[str, str]:
        own = {
            "oauth_consumer_key": key,
            "oauth_nonce": nonce(),
            "oauth_signature_method": "HMAC-SHA256",
            "oauth_timestamp": str(int(now())),
            "oauth_version": "1.0",
        }
        said = basis(method, url, {**query, **own})
        made = hmac.digest(f"{_quoted(secret)}&".encode(), said.encode(), hashlib.sha256)
        own["oauth_signature"] = b64encode(made).decode()
        told = ", ".join(f'{name}="{_quoted(value)}"' for name, value in own.items())
        return {"Authorization": f"OAuth {told}"}

    return sign


def basis(method: str, url: str, params: Mapping[str, str]) -> str:
    """What is signed (RFC 5849, 3.4.1): the method, the address, and all parameters in their order."""
    pairs = sorted((_quoted(name), _quoted(value)) for name, value in params.items())
    joined = "&".join(f"{name}={value}" for name, value in pairs)
    return "&".join((method.upper(), _quoted(url), _quoted(joined)))


def _quoted(text: str) -> str:
    return quote(text, safe="-._~")
