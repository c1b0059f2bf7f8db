"""AfterShip over HTTP: create a tracking, look one up, list what changed.

https://www.aftership.com/docs/tracking/2026-07/quickstart, read 2026-11-23.
"""

import atexit
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from urllib.parse import urlsplit

import httpx
import msgspec

from quartermaster.connectors.aftership import translate
from quartermaster.connectors.json_bytes import load
from quartermaster.orders.ports import Unreadable
from quartermaster.shipping.ports import Account, NotDone, Unclear
from quartermaster.tracking.ports import NotFollowed, ToFollow, Told

API_URL = "https://api.aftership.com/tracking/2026-07"
CALL_S = 18.0  # tracking.ports: within 20 seconds
PAGE = 100
ALREADY_THERE = 4003
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


class AfterShip:
    """The port Follower."""

    def follow(self, *, account: Account, parcel: ToFollow) -> str:
        body = translate.wanted(parcel, translate.couriers(account.settings.get("couriers", "")))
        code, answer = _ask(account, "POST", "/trackings", body=body)
        if code < 300:
            return translate.name_of(answer)
        wrong, said = translate.complaint(answer)
        if wrong == ALREADY_THERE:
            return translate.name_of(answer) or self.find(account=account, parcel=parcel) or ""
        raise NotFollowed(said or f"AfterShip answered {code}")

    def find(self, *, account: Account, parcel: ToFollow) -> str | None:
        asked = {"tracking_numbers": parcel.tracking_number, "limit": str(PAGE)}
        answer = _found(account, asked)
        slug = translate.couriers(account.settings.get("couriers", "")).get(parcel.carrier.lower(), "")
        try:
            names = translate.names(answer, parcel, slug)
        except Unreadable as nonsense:
            raise NotDone(f"AfterShip: {nonsense}") from None
        return names[0] if names else None

    def changed(self, *, account: Account, since: datetime, after: str) -> Told:
        asked = {
            "updated_at_min": since.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
            "limit": str(PAGE),
        } | ({"cursor": after} if after else {})
        try:
            return translate.page(_found(account, asked))
        except Unreadable as nonsense:
            raise NotDone(f"AfterShip: {nonsense}") from None


def _found(account: Account, asked: Mapping[str, str]) -> Mapping[str, object]:
    try:
        code, answer = _ask(account, "GET", "/trackings", params=asked)
    except Unclear as lost:
        raise NotDone(str(lost)) from None  # a question leaves nothing unclear
    if code >= 300:
        _, said = translate.complaint(answer)
        raise NotDone(f"AfterShip answered {code}: {said}".rstrip(": "))
    return answer


def _ask(
    account: Account,
    method: str,
    path: str,
    *,
    body: Mapping[str, object] | None = None,
    params: Mapping[str, str] | None = None,
) -> tuple[int, Mapping[str, object]]:
    """The status and the object that came back. Raises NotDone, Unclear."""
    url = account.settings.get("api_url", "") or API_URL
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
        raise NotDone("its API address is not https, so no key is sent there")
    headers = {"as-api-key": account.settings.get("api_key", ""), "Content-Type": "application/json"}
    content = None if body is None else msgspec.json.encode(body)
    try:
        answer = _client().request(
            method, url.rstrip("/") + path, params=params, headers=headers, content=content, timeout=CALL_S
        )
    except _NOT_SENT:
        raise NotDone("AfterShip cannot be reached") from None
    except httpx.HTTPError as error:
        raise Unclear(f"AfterShip gave no clear answer ({type(error).__name__})") from None
    match answer.status_code:
        case 401 | 403:
            raise NotDone("AfterShip does not accept our key")
        case 429:
            raise NotDone("AfterShip was asked too often")
        case code if code >= 500:
            raise Unclear(f"AfterShip answered {code}")
    try:
        found, _ = load(answer.content)
    except Unreadable:
        raise Unclear(f"AfterShip answered {answer.status_code} with nonsense") from None
    return answer.status_code, found if isinstance(found, dict) else {}


@cache
def _client() -> httpx.Client:
    """One for the process: it is safe among threads and keeps connections."""
    client = httpx.Client(follow_redirects=False, headers={"User-Agent": "Quartermaster"})
    atexit.register(client.close)
    return client
