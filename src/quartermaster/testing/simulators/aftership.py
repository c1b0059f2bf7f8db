"""An invented AfterShip: a real HTTP server on this machine that keeps trackings and posts webhooks.

with AfterShipServer() as theirs:
    connect("aftership", "ship", {"api_url": theirs.url, ...})
    theirs.faults.append("late")        # of its next answer
    theirs.happened("T1", "Delivered")  # a checkpoint, and the webhook that tells of it
    for hook in theirs.hooks: ...       # post them twice, in any sequence, or not at all
"""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections import deque
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple, Self
from urllib.parse import parse_qs, urlsplit

SECRET, KEY = "sesame", "asak_invented"
_BEFORE = ("429", "401", "500", "down", "lying")


class Hook(NamedTuple):
    """One webhook, ready to post."""

    body: bytes
    headers: Mapping[str, str]


class AfterShipServer:
    """`faults` are what its next answers do, one each:

    "429", "401", "500", "down": nothing happens · "lying": nothing happens, and it answers 200 with an
    error · "late": it does what it was asked, and the answer is lost · "500 late", "lying late", "broken": it
    does, and answers with 500, with 200 and an error, or with nonsense · "slow": it does, and the answer
    takes `slow_s` · "twice": it does, and every list in the answer has each thing twice. `page`: how many
    trackings a list answers with at most. `calls`: what was asked, and with which body.
    """

    def __init__(self, page: int = 100, slow_s: float = 0.3) -> None:
        self.trackings: dict[str, dict[str, Any]] = {}  # by id
        self.faults: deque[str] = deque()
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.hooks: list[Hook] = []
        self.page, self.slow_s = page, slow_s
        self.now = datetime.now(UTC)
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._answerer())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/tracking/2026-07"

    @property
    def settings(self) -> dict[str, str]:
        """What a connection to it needs."""
        return {"webhook_secret": SECRET, "api_key": KEY, "api_url": self.url}

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def happened(self, number: str, tag: str, *, at: datetime | None = None, **more: Any) -> Hook:
        """The carrier tells something of a parcel that is followed. Returns the webhook, which is not
        posted."""
        with self._lock:
            tracking = next(each for each in self.trackings.values() if each["tracking_number"] == number)
            self.now += timedelta(seconds=1)
            point = {"checkpoint_time": (at or self.now).isoformat(), "tag": tag, "message": tag, **more}
            point["hash"] = hashlib.sha256(json.dumps(point, sort_keys=True).encode()).hexdigest()[:16]
            tracking["checkpoints"].append(point)
            tracking |= {"tag": tag, "subtag": more.get("subtag", ""), "updated_at": self.now.isoformat()}
            body = {"event": "tracking_update", "event_id": f"e-{len(self.hooks)}", "msg": tracking}
            self.hooks.append(hook(json.dumps(body).encode()))
            return self.hooks[-1]

    def do(self, method: str, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """The answer to a call without a fault."""
        parts = urlsplit(path)
        if not parts.path.endswith("/trackings"):
            return 404, _wrong(404, "The requested resource does not exist.")
        with self._lock:
            if method == "POST":
                return self._create(body)
            return self._list({name: values[0] for name, values in parse_qs(parts.query).items()})

    def _create(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        number = body.get("tracking_number", "")
        if not number:
            return 400, _wrong(4005, "The value of tracking_number is invalid.")
        for known in self.trackings.values():
            if known["tracking_number"] == number:
                found = _wrong(4003, "Tracking already exists.")
                return 400, found | {"data": {"id": known["id"], "tracking_number": number}}
        if body.get("slug") == "nobody":
            return 400, _wrong(4012, "The courier is not supported.")
        tracking = {**body, "id": f"t{len(self.trackings) + 1:031d}", "slug": body.get("slug", "detected")}
        tracking |= {"tag": "Pending", "checkpoints": [], "updated_at": self.now.isoformat()}
        self.trackings[tracking["id"]] = tracking
        return 201, {"meta": {"code": 201}, "data": tracking}

    def _list(self, asked: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        since = asked.get("updated_at_min", "")
        found = [
            each
            for each in self.trackings.values()
            if asked.get("tracking_numbers", each["tracking_number"]) == each["tracking_number"]
            and (not since or datetime.fromisoformat(each["updated_at"]) >= datetime.fromisoformat(since))
        ]
        start = int(asked.get("cursor", "0"))
        end = start + min(self.page, int(asked.get("limit", "100")))
        where = {
            "total": len(found),
            "has_next_page": end < len(found),
            "next_cursor": str(end) if end < len(found) else None,
        }
        return 200, {"meta": {"code": 200}, "data": {"pagination": where, "trackings": found[start:end]}}

    def _answerer(self) -> type[BaseHTTPRequestHandler]:
        theirs = self

        class Answerer(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self._answer("GET", {})

            def do_POST(self) -> None:
                length = int(self.headers.get("content-length", 0))
                self._answer("POST", json.loads(self.rfile.read(length) or b"{}"))

            def _answer(self, method: str, body: dict[str, Any]) -> None:
                theirs.calls.append((f"{method} {self.path}", body))
                fault = theirs.faults.popleft() if theirs.faults else ""
                if self.headers.get("as-api-key") != KEY:
                    fault = "401"
                status, told = (0, {}) if fault in _BEFORE else theirs.do(method, self.path, body)
                if fault in ("down", "late"):
                    self.close_connection = True
                elif fault == "slow":
                    time.sleep(theirs.slow_s)
                    self._send(status, told)
                elif fault.partition(" ")[0] in ("429", "401", "500"):
                    self._send(int(fault[:3]), _wrong(int(fault[:3]), "No."))
                elif fault.startswith("lying"):
                    self._send(200, _wrong(4001, "No."))
                elif fault == "broken":
                    self._write(200, b"<html>502</html>")
                else:
                    self._send(status, _twice(told) if fault == "twice" else told)

            def _send(self, status: int, told: dict[str, Any]) -> None:
                self._write(status, json.dumps(told).encode())

            def _write(self, status: int, body: bytes) -> None:
                try:
                    self.send_response(status)
                    self.send_header("content-type", "application/json")
                    self.send_header("content-length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True

            def log_message(self, format: str, *args: object) -> None:
                """Quiet: a test says what went wrong itself."""

        return Answerer


def hook(body: bytes, secret: str = SECRET) -> Hook:
    """A webhook over exactly these bytes, signed as AfterShip does."""
    signature = base64.b64encode(hmac.digest(secret.encode(), body, hashlib.sha256)).decode()
    return Hook(body, {"content-type": "application/json", "aftership-hmac-sha256": signature})


def _wrong(code: int, message: str) -> dict[str, Any]:
    return {"meta": {"code": code, "message": message, "type": "BadRequest"}, "data": {}}


def _twice(told: dict[str, Any]) -> dict[str, Any]:
    found = told["data"].get("trackings")
    return {**told, "data": {**told["data"], "trackings": [*found, *found]}} if found else told
