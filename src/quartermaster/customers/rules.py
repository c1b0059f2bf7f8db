"""Who is the same customer, and which addresses are the same place. Likeness is never enough."""

import contextlib
import hashlib
import re
import unicodedata
from collections.abc import Mapping

_ADDRESS = ("name", "company", "line1", "line2", "city", "region", "postcode", "country")
_EMAIL = re.compile(r"[^@\s\x00-\x1f\x7f\ud800-\udfff]+@[^@\s\x00-\x1f\x7f\ud800-\udfff]+")
_EMAIL_MAX = 254  # RFC 5321, a path without its angle brackets
_ID_MAX = 255


def merge_key(*, connection: str, external_id: str, email: str) -> str | None:
    """What makes two buyers one customer: the e-mail address, else the channel's customer id, else nothing.

    "email:ann@example.com" over all channels, "acme:customer:991" within one. None: a guest nobody can tell
    from another.
    """
    if address := normal_email(email):
        return f"email:{address}"
    known = external_id.strip()
    if not known:
        return None
    if len(known) > _ID_MAX or not known.isprintable():
        known = "sha256:" + hashlib.sha256(known.encode(errors="surrogatepass")).hexdigest()
    return f"{connection}:customer:{known}"


def normal_email(text: str) -> str:
    """The address in one spelling: trimmed, case folded, the domain as it travels. "" when it is no address.

    Dots and +tags stay: whether they matter is the mail provider's secret.
    """
    text = text.strip()
    if len(text) > _EMAIL_MAX or not _EMAIL.fullmatch(text):
        return ""
    if text.isascii():
        return text.lower()
    local, _, domain = unicodedata.normalize("NFKC", text).casefold().partition("@")
    with contextlib.suppress(UnicodeError):  # not a domain name of today: kept as it is written
        domain = domain.encode("idna").decode()
    return f"{local}@{domain}"


def address_digest(fields: Mapping[str, object]) -> bytes:
    """Equal for addresses that differ only in case, spacing or Unicode form. b"" for an empty address."""
    parts = [" ".join(str(fields.get(name) or "").split()) for name in _ADDRESS]
    if not any(parts):
        return b""
    text = "\x00".join(parts)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return hashlib.sha256(text.casefold().encode(errors="surrogatepass")).digest()
