"""Who sends a notification: a hash over its moment, our address and the application's secret.

https://seller.flipkart.com/api-docs/order-api-docs/NotifIntro.html, read 2026-11-23. The hash is SHA-1 and
leaves the body out, so a notification that passes may still say anything.
"""

import binascii
import hashlib
import hmac
from base64 import b64decode
from collections.abc import Mapping, Sequence
from typing import Final

SCHEME: Final = "FKLOGIN "


def signature(secret: bytes, *, moment: str, url: str, method: str = "POST") -> str:
    """SHA-1 in hexadecimal of moment, address, method and secret, one behind the other."""
    told = f"{moment}{url}{method}".encode("utf-8", "replace")
    return hashlib.sha1(told + secret, usedforsecurity=False).hexdigest()


def is_signed(headers: Mapping[str, str], secrets: Sequence[bytes], settings: Mapping[str, str]) -> bool:
    """By one of the secrets, each compared in constant time. Servers write the names of the headers with - or
    with _; the application's id has to be ours."""
    moment, url = headers.get("x-date", ""), settings.get("notification_url", "")
    app, _, given = _opened(headers.get("x-authorization", "")).partition(":")
    found = False
    for secret in secrets:
        made = signature(secret, moment=moment, url=url)
        found |= hmac.compare_digest(made.encode(), given.encode("utf-8", "replace")) and bool(secret)
    return found and bool(moment and url) and app == settings.get("app_id", "")


def _opened(authorization: str) -> str:
    """What is in the header: APPLICATION:SIGNATURE; "" when it cannot be read."""
    if not authorization.startswith(SCHEME):
        return ""
    try:
        return b64decode(authorization.removeprefix(SCHEME), validate=True).decode()
    except (binascii.Error, UnicodeError, ValueError):
        return ""
