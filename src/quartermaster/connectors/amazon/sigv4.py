"""The signature AWS wants under each request (Signature Version 4, with the body in one piece). Pure.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html, read 2026-11-23.
"""

import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final, NamedTuple
from urllib.parse import parse_qsl, quote, unquote, urlsplit

ALGORITHM: Final = "AWS4-HMAC-SHA256"


class Signer(NamedTuple):
    """Whose key it is, and for which service where."""

    key_id: str
    secret: str
    region: str
    service: str


def signed(
    signer: Signer, method: str, url: str, headers: Mapping[str, str], body: bytes, *, at: datetime
) -> dict[str, str]:
    """The headers to send with these, which are signed with it: `X-Amz-Date` and `Authorization`."""
    moment = at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    named = {name.lower(): " ".join(value.split()) for name, value in headers.items()}
    named |= {"host": urlsplit(url).netloc, "x-amz-date": moment}
    names = ";".join(sorted(named))
    scope = f"{moment[:8]}/{signer.region}/{signer.service}/aws4_request"
    request = sha256(_canonical(method, url, named, body).encode()).hexdigest()
    made = hmac.new(_key(signer, moment[:8]), f"{ALGORITHM}\n{moment}\n{scope}\n{request}".encode(), sha256)
    credential = f"{ALGORITHM} Credential={signer.key_id}/{scope}"
    told = f"{credential}, SignedHeaders={names}, Signature={made.hexdigest()}"
    return {"X-Amz-Date": moment, "Authorization": told}


def _canonical(method: str, url: str, named: Mapping[str, str], body: bytes) -> str:
    parts = urlsplit(url)
    path = quote(unquote(parts.path), safe="/-_.~") or "/"
    asked = sorted(
        (quote(name, safe="-_.~"), quote(value, safe="-_.~"))
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
    )
    query = "&".join(f"{name}={value}" for name, value in asked)
    headers = "".join(f"{name}:{named[name]}\n" for name in sorted(named))
    return f"{method}\n{path}\n{query}\n{headers}\n{';'.join(sorted(named))}\n{sha256(body).hexdigest()}"


def _key(signer: Signer, day: str) -> bytes:
    made = f"AWS4{signer.secret}".encode()
    for part in (day, signer.region, signer.service, "aws4_request"):
        made = hmac.digest(made, part.encode(), "sha256")
    return made
