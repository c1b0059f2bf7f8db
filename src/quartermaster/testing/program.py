"""A program that calls the API with a token, in the test's own process."""

from collections.abc import Mapping
from typing import Any

import msgspec
from django.test import Client

from quartermaster.testing.builders import a_token


class Program:
    """Calls /api with a token of these scopes; with none, without a token."""

    def __init__(self, *scopes: str) -> None:
        token = {"authorization": f"Bearer {a_token(*scopes)}"} if scopes else {}
        self._client = Client(SERVER_NAME="127.0.0.1", headers=token, raise_request_exception=False)

    def get(self, path: str, **headers: str) -> Any:
        return self._client.get(path, headers=_named(headers))

    def send(self, method: str, path: str, body: object = None, **headers: str) -> Any:
        """`body` is sent as JSON; bytes are sent as they are. Headers: if_match="…"."""
        sent = body if isinstance(body, bytes) else b"" if body is None else msgspec.json.encode(body)
        return self._client.generic(
            method, path, sent, content_type="application/json", headers=_named(headers)
        )

    def post(self, path: str, body: object = None, **headers: str) -> Any:
        return self.send("POST", path, body, **headers)


def _named(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def problem(response: Any, status: int, code: str) -> Any:
    """The problem document of a refusal, after making sure that it is one."""
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == "application/problem+json"
    told = response.json()
    assert told["status"] == status
    assert told["code"] == code, told
    assert told["title"]
    assert told["request_id"] == response.headers["X-Request-ID"]
    return told
