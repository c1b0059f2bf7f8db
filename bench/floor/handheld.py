"""A handheld that is a script: it reads the pages it is shown and sends the forms that stand on them."""

import html
import http.client
import re
import threading
import time
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

_FORM = re.compile(r'<form\b[^>]*\baction="([^"]*)"[^>]*>(.*?)</form>', re.S)
_FIELD = re.compile(r"<input\b[^>]*>", re.S)
_NAME = re.compile(r'\bname="([^"]*)"')
_VALUE = re.compile(r'\bvalue="([^"]*)"')
_PATIENCE_S = 60


class Form(NamedTuple):
    """Where it goes, and what is filled in already."""

    action: str
    fields: dict[str, str]


class Page(NamedTuple):
    path: str
    status: int
    text: str

    def forms(self) -> list[Form]:
        return [
            Form(html.unescape(action), dict(filter(None, map(_field, _FIELD.findall(inside)))))
            for action, inside in _FORM.findall(self.text)
        ]

    def form(self, *, ends: str = "", having: str = "") -> Form | None:
        """The first form whose address ends so and that has a field of that name."""
        fits = (
            form
            for form in self.forms()
            if form.action.endswith(ends) and (not having or having in form.fields)
        )
        return next(fits, None)


def _field(tag: str) -> tuple[str, str] | None:
    name, value = _NAME.search(tag), _VALUE.search(tag)
    if name is None or 'type="checkbox"' in tag:
        return None
    return name[1], html.unescape(value[1]) if value else ""


class Handheld:
    """One person's device: a connection that is kept, cookies, and the time each scan took to be answered."""

    def __init__(self, port: int, scans_per_s: float, stop: threading.Event) -> None:
        self.port, self.pause_s, self.stop = port, 1 / scans_per_s, stop
        self.answers_ms: list[float] = []
        self._cookies: dict[str, str] = {}
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_S)
        self._next_at = 0.0

    @property
    def token(self) -> str:
        """What the server wants to see in a form: the cookie's own value will do."""
        return self._cookies["qm_csrf"]

    def get(self, path: str) -> Page:
        return self._ask("GET", path, None)

    def send(self, form: Form, **filled: str) -> Page:
        return self._ask("POST", form.action, form.fields | filled)

    def scan(self, form: Form, **filled: str) -> Page:
        """As `send`, no faster than a hand can, and with a look at the clock."""
        self.stop.wait(max(0.0, self._next_at - time.monotonic()))
        began = time.monotonic()
        self._next_at = began + self.pause_s
        page = self.send(form, **filled)
        self.answers_ms.append(1000 * (time.monotonic() - began))
        return page

    def _ask(self, method: str, path: str, fields: dict[str, str] | None) -> Page:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._line.request(method, path, urlencode(fields) if fields is not None else None, headers)
        answer = self._line.getresponse()
        text = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        if answer.status in (302, 303):
            return self.get(_path(answer.headers["Location"]))
        if answer.status >= 500:
            raise RuntimeError(f"{method} {path}: {answer.status} {text[:500]}")
        return Page(path, answer.status, text)


def _path(location: str) -> str:
    parts = urlsplit(location)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
