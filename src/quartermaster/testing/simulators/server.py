"""A simulator's server: it counts, keeps what it was sent, and goes wrong on demand.

Faults are taken in their order, one for each request of their operation ("*": of any):
"429", "401", "500", "down": nothing happens, and it says so or hangs up · "late": it happens, then the line
is cut · "500 late": it happens, then 500 · "slow": it happens, and the answer comes after `slow_s` ·
"lying": nothing happens, 200 with errors · "lying late": it happens, 200 with errors · "broken": it happens,
200 with nonsense · "twice": it happens, and every list in the answer has each thing twice.
"""

import threading
import time
from collections import deque
from collections.abc import Iterable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from typing import NamedTuple, Protocol, cast, runtime_checkable
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec

from quartermaster.testing.simulators.budgets import Budget
from quartermaster.testing.simulators.sending import Line, Mail, posting

FAULTS = (
    *("429", "401", "500", "down", "late", "500 late", "slow"),
    *("lying", "lying late", "broken", "twice"),
)
BRING_S = 0.2  # between two rounds of what is sent
_BEFORE = {
    "429": (429, {"Retry-After": "1"}),
    "too often": (429, {}),  # as Amazon says it: when to come again, nobody says
    "401": (401, {}),
    "500": (500, {}),
}


class Request(NamedTuple):
    """A request as it came; `body` is the JSON in it, the fields of a form, or None."""

    operation: str
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: object


class Response(NamedTuple):
    """`body`: bytes as they are, anything else as JSON."""

    status: int
    body: object


class Vendor(Protocol):
    """A memory that answers. `respond` runs under the simulator's lock."""

    def operation(self, method: str, path: str) -> str:
        """What a request asks for, in a word: rates, buy, find, void, …"""
        ...

    def respond(self, request: Request, *, url: str) -> Response: ...

    def error(self, status: int) -> object:
        """The body of an error, in the vendor's shape."""
        ...

    @property
    def paid(self) -> int:
        """Labels that were paid for and not given back."""
        ...


@runtime_checkable
class ByHand(Protocol):
    """A vendor with which something can be done by hand, past its API. Runs under the simulator's lock."""

    def by_hand(self, what: str, said: Mapping[str, object]) -> object:
        """What is answered. Raises KeyError for what it does not know or is not told."""
        ...


@runtime_checkable
class Sends(Protocol):
    """A vendor that sends messages by itself."""

    @property
    def mail(self) -> Mail: ...


class Simulator:
    """A vendor behind a port of the loopback. Use it as a context."""

    def __init__(self, vendor: Vendor, *, port: int = 0, slow_s: float = 0.2, seed: int = 1) -> None:
        self.vendor = vendor
        self.faults: deque[tuple[str, str]] = deque()
        self.chances: dict[str, float] = {}  # fault -> how often, for every operation
        self.requests: list[Request] = []
        self.budget: Budget | None = None  # None: it may be asked as often as anybody likes
        self.slow_s = slow_s
        self.lock = threading.Lock()
        self._chance = Random(seed)
        self._server = _Server(("127.0.0.1", port), _Talk)
        self._server.simulator = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def misbehave(self, operation: str, *faults: str) -> None:
        """The next requests of this operation go wrong like this, one each."""
        assert set(faults) <= set(FAULTS), faults
        self.faults.extend((operation, fault) for fault in faults)

    def __enter__(self) -> "Simulator":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def run(self) -> None:
        """Serve until interrupted, in this thread; what the vendor sends is brought to where it belongs."""
        threading.Thread(target=self._bring, daemon=True).start()
        try:
            self._server.serve_forever()
        finally:
            self._server.server_close()

    def bring(self) -> int:
        """One round of what the vendor sends, over HTTP. Returns how many messages there were."""
        mail = self.mail
        if mail is None:
            return 0
        with self.lock:
            taken = mail.take()
        for one in taken:
            is_taken = 200 <= posting(one) < 300
            with self.lock:
                mail.ended(one, is_taken=is_taken)
        return len(taken)

    @property
    def mail(self) -> Mail | None:
        return self.vendor.mail if isinstance(self.vendor, Sends) else None

    def _bring(self) -> None:
        while self.mail is not None:
            self.bring()
            time.sleep(BRING_S)

    def fault(self, operation: str) -> str:
        """What goes wrong with this request; "" when nothing does. Under the lock."""
        for place, (which, fault) in enumerate(self.faults):
            if which in ("*", operation):
                del self.faults[place]
                return fault
        for fault, often in self.chances.items():
            if self._chance.random() < often:
                return fault
        return ""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    simulator: Simulator


class _Talk(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._talk()

    do_POST = do_PUT = do_DELETE = do_PATCH = do_GET  # noqa: N815 - named by http.server

    def log_message(self, format: str, *args: object) -> None:
        """Simulators keep their requests; they need no log."""

    def _talk(self) -> None:
        simulator = cast(_Server, self.server).simulator
        length = int(self.headers.get("Content-Length") or 0)
        raw = self.rfile.read(length)
        address = urlsplit(self.path)
        if address.path.startswith("/_simulator/"):
            self._told(simulator, address.path, raw)
            return
        with simulator.lock:
            body = _read(raw, self.headers.get("Content-Type", ""))
            request = Request(
                _named(body) or simulator.vendor.operation(self.command, address.path),
                self.command,
                unquote(address.path),
                dict(parse_qsl(address.query)),
                {name.lower(): value for name, value in self.headers.items()},
                body,
            )
            simulator.requests.append(request)
            is_let = simulator.budget is None or simulator.budget.lets(self.command, request.path)
            fault = simulator.fault(request.operation) if is_let else "too often"
            if fault in ("", "late", "500 late", "slow", "lying late", "broken", "twice"):
                response = simulator.vendor.respond(request, url=simulator.url)
            else:
                response = Response(200, simulator.vendor.error(200))
        self._say(simulator, fault, response)

    def _say(self, simulator: Simulator, fault: str, response: Response) -> None:
        if fault in ("down", "late"):
            self.close_connection = True
            return
        if fault == "slow":
            time.sleep(simulator.slow_s)
        if fault in _BEFORE:
            status, headers = _BEFORE[fault]
            self._answer(status, simulator.vendor.error(status), headers)
        elif fault == "500 late":
            self._answer(500, simulator.vendor.error(500))
        elif fault == "lying late":
            self._answer(200, simulator.vendor.error(200))
        elif fault == "broken":
            self._answer(200, b"<html>502 Bad Gateway</html>")
        else:
            self._answer(response.status, _twice(response.body) if fault == "twice" else response.body)

    def _told(self, simulator: Simulator, path: str, raw: bytes) -> None:
        """By hand: POST /_simulator/faults {"operation": "buy", "faults": ["late"]}; GET shows how it is.
        Of a warehouse: POST /_simulator/ship {"reference": "QM-…", "units": {"LAMP": 1}, "is_last": true}. Of
        one that sends: POST /_simulator/line {"line": {"lost": 0.1}, "seed": 7} (see `sending`). Shares
        of calls that go wrong: POST /_simulator/chances {"500": 0.1}. Anything else is the vendor's own."""
        what, status, said = path.removeprefix("/_simulator/"), 200, None
        with simulator.lock:
            try:
                said = _done_by_hand(simulator, what, raw or b"{}")
            except (KeyError, msgspec.MsgspecError) as error:
                status, said = 400, f"{what}: {error}"
            state = {
                "paid": simulator.vendor.paid,
                "requests": len(simulator.requests),
                "faults": list(simulator.faults),
                **({} if said is None else {"said": said}),
            }
        self._answer(status, state)

    def _answer(self, status: int, body: object, headers: Mapping[str, str] | None = None) -> None:
        content = body if isinstance(body, bytes) else msgspec.json.encode(body)
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("ETag", '"1"')
        self.send_header(
            "Content-Type", "application/octet-stream" if isinstance(body, bytes) else "application/json"
        )
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)


def _done_by_hand(simulator: Simulator, what: str, raw: bytes) -> object:
    """Under the lock. Raises KeyError for what nobody knows, MsgspecError for what cannot be read."""
    vendor = simulator.vendor
    if what == "ship":
        left = msgspec.json.decode(raw, type=_Left)
        cast(_Warehouse, vendor).ship(left.reference, left.units, left.is_last)
    elif what == "faults":
        told = msgspec.json.decode(raw, type=_Told)
        simulator.misbehave(told.operation, *told.faults)
    elif what == "line" and simulator.mail is not None:
        wanted = msgspec.json.decode(raw, type=_Line)
        simulator.mail.line = wanted.line
        simulator.mail.seed(wanted.seed)
    elif what == "chances":
        simulator.chances = msgspec.json.decode(raw, type=dict[str, float])
    elif what != "state":
        if not isinstance(vendor, ByHand):
            raise KeyError("nothing of that kind can be done by hand")
        return vendor.by_hand(what, msgspec.json.decode(raw, type=dict[str, object]))
    return None


class _Told(msgspec.Struct):
    operation: str = "*"
    faults: list[str] = []


class _Line(msgspec.Struct):
    line: Line
    seed: int = 1


class _Left(msgspec.Struct):
    reference: str
    units: dict[str, int]
    is_last: bool = True


class _Warehouse(Protocol):
    def ship(self, reference: str, units: dict[str, int], is_last: bool) -> None: ...


def _read(raw: bytes, kind: str) -> object:
    if kind.startswith("application/x-www-form-urlencoded"):
        return dict(parse_qsl(raw.decode()))
    return msgspec.json.decode(raw) if raw else None


def _named(body: object) -> str:
    """GraphQL asks everything at one address, and names in the body what it asks."""
    return str(body.get("operationName") or "") if isinstance(body, dict) else ""


def _twice(body: object) -> object:
    if not isinstance(body, dict):
        return body
    told = {key: _each_twice(value) if isinstance(value, list) else value for key, value in body.items()}
    if "_embedded" in told:  # where HAL has its lists
        told["_embedded"] = _twice(told["_embedded"])
    return told


def _each_twice(values: Iterable[object]) -> list[object]:
    return [value for value in values for _ in range(2)]
