"""Calls to outside systems over HTTP: with an end, without redirects, and with errors that say what to do.

What a connector needs of an HTTP client and no more. Nothing is tried again here: what may be repeated is
known to the one who asked.
"""

import atexit
from collections.abc import Callable, Container, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from time import monotonic, sleep
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx
import msgspec

from quartermaster.connectors.complaints import Complaint
from quartermaster.connectors.json_bytes import load
from quartermaster.core import pace
from quartermaster.core.outside import (
    AuthExpired,
    Conflict,
    Invalid,
    Missing,
    NotDone,
    RefusedOutside,
    Throttled,
    Unclear,
)
from quartermaster.orders.ports import Unreadable

CONNECT_S, CALL_S = 5.0, 18.0  # all requests of one Caller end within 20 seconds (shipping.ports)
CHANGE_S = 6.0  # what must be left of it for a change to be sent: its answer is worth waiting for
TURN_S = 2.0  # a turn that is free sooner is waited for; a later one is the caller's to come back for
BODY_MAX = 8_000_000  # bytes of an answer: a label as PDF has some ten thousand
RETRY_MAX = timedelta(hours=1)  # a longer wait than this is not believed
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_encoder = msgspec.json.Encoder(decimal_format="number")


class Answer(NamedTuple):
    """What came back. `at` is our clock when it had come."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    at: datetime

    def json(self) -> dict[str, object]:
        """The object in it, numbers as int or Decimal. Raises Unreadable."""
        value, _ = load(self.body)
        if not isinstance(value, dict):
            raise Unreadable("The answer is a list, not an object.")
        return value


type ReadComplaint = Callable[[Mapping[str, object]], Complaint]
type Heard = Callable[[str, str, Mapping[str, str]], None]  # method, path, headers of the answer
type Seal = Callable[[str, str, Mapping[str, str], bytes], Mapping[str, str]]  # … headers, body: headers
type Sign = Callable[[str, str, Mapping[str, str]], Mapping[str, str]]  # method, address, query: headers


class Caller:
    """One account at one vendor, for one call of a port: its time runs from here.

    `complaint` reads the vendor's errors, `secrets` are never repeated, `files` are the domains from which it
    hands out papers, besides its own, `limit_of` how often it may be asked; `heard` gets the headers of every
    answer, for those that say it there. `sign` makes the headers of each request, where a key is not sent but
    signed with; only then may `is_open` let an address be plain http. `seal`: where the body is signed as
    well; `kind`: what a body is called, where it is JSON of another name. `refusals`: codes by which the
    vendor refuses with a 5xx. `within`: another one, in whose time this one goes on. `answered_at`: the
    moment the vendor's clock showed with its last answer (ours where it shows none).
    """

    def __init__(
        self,
        address: str,
        *,
        name: str,
        headers: Mapping[str, str],
        complaint: ReadComplaint,
        secrets: Iterable[str] = (),
        files: tuple[str, ...] = (),
        limit_of: pace.LimitOf | None = None,
        heard: Heard | None = None,
        sign: Sign | None = None,
        seal: Seal | None = None,
        kind: str = "application/json",
        is_open: bool = False,
        refusals: Container[str] = (),
        within: "Caller | None" = None,
    ) -> None:
        self.address = checked(address, is_open=is_open and sign is not None)
        self.name = name
        self._headers = dict(headers)
        self._complaint = complaint
        self._files = files
        self._limit_of = limit_of
        self._heard = heard
        self._sign = sign
        self._seal = seal
        self._kind = kind
        self._refusals = refusals
        self._is_begun = False
        self._ends: float = within._ends if within else monotonic() + CALL_S
        self.answered_at = datetime.now(UTC)
        self._secrets = sorted((each for each in secrets if each), key=len, reverse=True)

    def look(self, path: str, *, params: Mapping[str, str] | None = None) -> dict[str, object]:
        """GET an object. Raises Missing, other RefusedOutside, NotDone: a question leaves nothing unclear."""
        return self.looked(path, params=params)[0]

    def looked(
        self, path: str, *, params: Mapping[str, str] | None = None
    ) -> tuple[dict[str, object], datetime]:
        """`look`, and the moment the vendor's clock showed then (ours where it shows none)."""
        answer = self._ask("GET", path, params=params, changes=False)
        return self._object(answer, changes=False), _date(answer)

    def listed(
        self, path: str, *, params: Mapping[str, str] | None = None
    ) -> tuple[list[dict[str, object]], datetime]:
        """GET a list of objects, and the moment the vendor's clock showed then (ours where it shows none).
        Raises as `look` does."""
        answer = self._ask("GET", path, params=params, changes=False)
        try:
            value, _ = load(answer.body)
        except Unreadable:
            raise self._lost("nonsense", False) from None
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise self._lost("no list", False)
        return value, _date(answer)

    def version(self, path: str) -> str:
        """The ETag of what is there, for If-Match. Raises as `look` does, and NotDone when it has none."""
        tag = self._ask("GET", path, changes=False).headers.get("etag", "")
        if not tag:
            raise NotDone(f"{self.name} does not say which version it has")
        return tag

    def ask(self, path: str, body: object) -> dict[str, object]:
        """POST a question that changes nothing, such as one for rates. Raises as `look` does."""
        return self._object(self._ask("POST", path, body=body, changes=False), changes=False)

    def asked_at(self, path: str, body: object) -> tuple[dict[str, object], datetime]:
        """`ask`, and the moment the vendor's clock showed then (ours where it shows none)."""
        answer = self._ask("POST", path, body=body, changes=False)
        return self._object(answer, changes=False), _date(answer)

    def sign_in(self, path: str, form: Mapping[str, str]) -> dict[str, object]:
        """`ask` with the fields of a form, as OAuth wants it."""
        return self._object(self._ask("POST", path, form=form, changes=False), changes=False)

    def ask_all(self, path: str, body: object) -> list[object]:
        """`ask` where the answer is a list."""
        answer = self._ask("POST", path, body=body, changes=False)
        try:
            value, _ = load(answer.body)
        except Unreadable:
            value = None
        if not isinstance(value, list):
            raise self._lost("nonsense", changes=False)
        return value

    def change(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        params: Mapping[str, str] | None = None,
        is_apart: bool = False,
    ) -> dict[str, object]:
        """Do something there. RefusedOutside and NotDone: surely nothing happened; else Unclear. `is_apart`:
        it waits for a turn as the first call does, for what was done stays done, and the rest comes later."""
        answer = self._ask(method, path, body=body, params=params, changes=True, is_apart=is_apart)
        return self._object(answer, changes=True)

    def change_any(self, method: str, path: str, body: object = None) -> object:
        """`change` where the answer may be a bare number, a truth or a list; None where it is empty."""
        answer = self._ask(method, path, body=body, changes=True)
        try:
            value, _ = load(b"[%b]" % answer.body)
        except Unreadable:
            raise self._lost("nonsense", changes=True) from None
        return value[0] if isinstance(value, list) and len(value) == 1 else None

    def fetch(self, url: str) -> bytes:
        """The bytes at an address the vendor gave us, when it is one of the vendor's own. Raises NotDone."""
        if urlsplit(url)[:2] == urlsplit(self.address)[:2]:
            return self._ask("GET", url, changes=False).body
        if not self.hands_out(url):
            raise NotDone(f"{self.name} names a file elsewhere, which is not fetched: {_host(url)}")
        return self._ask("GET", url, changes=False, headers={}).body  # others do not get the key

    def hands_out(self, url: str) -> bool:
        """Whether the vendor's files may be fetched from there: its own address, or https at `files`."""
        parts = urlsplit(url)
        is_own = parts[:2] == urlsplit(self.address)[:2]
        return is_own or (parts.scheme == "https" and _is_within(parts.hostname or "", self._files))

    def put(self, url: str, content: bytes, kind: str) -> None:
        """Lay bytes at an address the vendor gave us for them, when it is one of the vendor's own. What lies
        there counts for nothing yet. Raises RefusedOutside, NotDone."""
        if not self.hands_out(url):
            raise NotDone(f"{self.name} names a place elsewhere, where nothing is laid: {_host(url)}")
        self._ask("PUT", url, content=content, changes=False, headers={"Content-Type": kind})

    def part(self, url: str, start: int, size: int) -> bytes:
        """`size` bytes from `start` on of a long file at such an address; fewer at its end. Where ranges are
        not known, what stands before is read and dropped. Raises RefusedOutside (it is gone), NotDone."""
        if not self.hands_out(url):
            raise NotDone(f"{self.name} names a file elsewhere, which is not fetched: {_host(url)}")
        asked = {"Range": f"bytes={start}-{start + size - 1}", "Accept-Encoding": "identity"}
        return self._ask("GET", url, changes=False, headers=asked, window=(start, size)).body

    def redacted(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "…")
        return " ".join(text.split())[:400]

    def _ask(
        self,
        method: str,
        path: str,
        *,
        body: object = None,
        form: Mapping[str, str] | None = None,
        content: bytes | None = None,
        params: Mapping[str, str] | None = None,
        changes: bool,
        headers: Mapping[str, str] | None = None,
        window: tuple[int, int] | None = None,
        is_apart: bool = False,
    ) -> Answer:
        url = self.address + path if path.startswith("/") else path
        sent = dict(self._headers if headers is None else headers)
        if self._sign is not None and headers is None:
            sent.update(self._sign(method, url, params or {}))
        if body is not None:
            sent["Content-Type"] = self._kind
        content = content if body is None else _encoder.encode(body)
        if self._seal is not None and headers is None:
            sent.update(self._seal(method, url, sent, content or b""))
        limit = self._limit_of(method, path) if self._limit_of and path.startswith("/") else None
        if limit is not None:
            self._take_turn(limit, begun=self._is_begun and not is_apart)
        left = self._ends - monotonic()
        if left < (CHANGE_S if changes else 0):
            raise NotDone(f"{self.name} took too long")
        timeout = httpx.Timeout(left, connect=min(CONNECT_S, left))
        request = _client().build_request(
            method, url, params=params, headers=sent, content=content, data=form, timeout=timeout
        )
        try:
            answer = _sent(request, self._ends, window)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol):
            raise NotDone(f"{self.name} cannot be reached") from None
        except (httpx.HTTPError, httpx.StreamError, TimeoutError) as error:
            raise self._lost(type(error).__name__, changes) from None
        self.answered_at = _date(answer)
        if self._heard:
            self._heard(method, path, answer.headers)
        if answer.status < 300:
            return answer
        wrong = self._error(answer, changes)
        if limit is not None and isinstance(wrong, Throttled):
            wrong.retry_at = wrong.retry_at or answer.at + timedelta(seconds=limit.each_s)
            pace.close(limit, wrong.retry_at)  # the others need not find out for themselves
        raise wrong

    def _take_turn(self, limit: pace.Limit, *, begun: bool) -> None:
        """Wait for a turn that is near. Raises Throttled when it is not."""
        while wait := pace.take(limit, begun=begun):
            if wait > min(TURN_S, self._ends - monotonic() - CHANGE_S):
                free_at = datetime.now(UTC) + timedelta(seconds=wait)
                raise Throttled(f"{self.name} is asked as often as it allows", free_at)
            sleep(wait)
        self._is_begun = True

    def _lost(self, what: str, changes: bool) -> Exception:
        said = f"{self.name} gave no clear answer ({what})"
        return Unclear(said) if changes else NotDone(said)

    def _object(self, answer: Answer, *, changes: bool) -> dict[str, object]:
        try:
            return answer.json() if answer.body else {}
        except Unreadable:
            raise self._lost("nonsense", changes) from None

    def _error(self, answer: Answer, changes: bool) -> Exception:
        try:
            complaint = self._complaint(answer.json())
        except Unreadable:
            complaint = Complaint("", f"{self.name} answered {answer.status}")
        because = self.redacted(complaint.because) or f"{self.name} answered {answer.status}"
        match answer.status:
            case 401 | 403:
                return AuthExpired(f"{self.name} does not accept our key: {because}")
            case 429:
                return Throttled(f"{self.name} was asked too often", _retry_at(answer))
            case 404 | 410:
                return Missing(because)
            case 409:
                return Conflict(because)
            case status if 400 <= status < 500 and status != 408:
                fields = {name: self.redacted(wrong) for name, wrong in complaint.fields.items()}
                return _by_code(complaint.code, because, fields)
        if complaint.code in self._refusals:
            return Invalid(because)
        return self._lost(str(answer.status), changes)


def _by_code(code: str, because: str, fields: Mapping[str, str]) -> RefusedOutside:
    """A vendor that answers 400 to everything tells a conflict by its code."""
    return Conflict(because) if "conflict" in code else Invalid(because, fields)


def _host(url: str) -> str:
    return urlsplit(url).netloc[:80]


def _is_within(host: str, domains: Iterable[str]) -> bool:
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)


def checked(address: str, *, is_open: bool = False) -> str:
    """An address a key may be sent to, or with `is_open` any of http. Raises NotDone for any other."""
    parts = urlsplit(address)
    is_plain = parts.scheme == "http" and (is_open or parts.hostname in _LOOPBACK)
    if parts.hostname and (parts.scheme == "https" or is_plain):
        return address.rstrip("/")
    raise NotDone("its API address is not https, so no key is sent there")


def _sent(request: httpx.Request, ends: float, window: tuple[int, int] | None = None) -> Answer:
    """Send it and read all of the answer before time is up, or (start, size) of it alone. Raises what httpx
    does, and TimeoutError."""
    response = _client().send(request, stream=True)
    try:
        start, size = window or (0, BODY_MAX)
        ahead = start if response.status_code == 200 else 0  # ranges are not known there
        body = bytearray()
        for chunk in response.iter_bytes():
            body += chunk[ahead:]
            ahead = max(0, ahead - len(chunk))
            if monotonic() > ends or (window is None and len(body) > BODY_MAX):
                raise TimeoutError
            if window is not None and len(body) >= size:
                break
        if window is not None:
            del body[size:]
        return Answer(response.status_code, response.headers, bytes(body), datetime.now(UTC))
    finally:
        response.close()


def _date(answer: Answer) -> datetime:
    try:
        moment = parsedate_to_datetime(answer.headers.get("date", ""))
    except (ValueError, TypeError):
        return answer.at
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _retry_at(answer: Answer) -> datetime | None:
    """Retry-After, as seconds or as a date. None when it is absent or absurd."""
    text = answer.headers.get("retry-after", "").strip()
    try:
        is_wait = text.isascii() and text.isdecimal()
        moment = answer.at + timedelta(seconds=int(text)) if is_wait else parsedate_to_datetime(text)
    except (ValueError, OverflowError, IndexError, TypeError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(moment, answer.at + RETRY_MAX)


@cache
def _client() -> httpx.Client:
    """One for the process: it is safe among threads and keeps connections."""
    client = httpx.Client(follow_redirects=False, headers={"User-Agent": "Quartermaster"})
    atexit.register(client.close)
    return client
