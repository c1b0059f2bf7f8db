"""Idempotency-Key: the answer is stored in the very transaction that has the effect."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from quartermaster.api.auth import caller
from quartermaster.core import answers
from quartermaster.core.actions import answer
from quartermaster.core.river import signal

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})

type Run = Callable[..., HttpResponse]


def once(run: Run) -> Run:
    """Wrap an operation: with a key it is done once, however often it is sent. Only what was done is stored.

    A refusal has no effect and leaves no answer behind: the same key may try again when the reason is gone.
    """

    @wraps(run)
    def wrapped(request: HttpRequest, **path: Any) -> HttpResponse:
        key = request.headers.get(HEADER)
        if request.method not in WRITING or key is None:
            return run(request, **path)
        token = caller(request)
        if token is None:
            return run(request, **path)  # which turns it away
        answers.usable(key)
        print_ = answers.fingerprint(request.method, request.get_full_path(), request.body)
        response = _answer(run, request, path, caller=f"token:{token.name}", key=key, fingerprint=print_)
        signal.wake()  # what the action told its listeners before the commit came too early
        return response

    return wrapped


def _answer(
    run: Run, request: HttpRequest, path: dict[str, Any], *, caller: str, key: str, fingerprint: bytes
) -> HttpResponse:
    with transaction.atomic():
        stored = answer.begin(caller=caller, key=key, fingerprint=fingerprint)
        if stored is not None:
            headers = {REPLAYED: "true"}
            return HttpResponse(
                stored.body, status=stored.status, content_type=stored.content_type, headers=headers
            )
        response = run(request, **path)
        if 200 <= response.status_code < 300:
            given = answers.Stored(response.status_code, response.headers["Content-Type"], response.content)
            answer.keep(given, caller=caller, key=key, fingerprint=fingerprint)
        else:
            transaction.set_rollback(True)
        return response


def required(request: HttpRequest) -> str:
    """The key of an operation that cannot do without one. Raises KeyMissing."""
    key = request.headers.get(HEADER)
    if key is None:
        raise answers.KeyMissing
    return key


def needs_key[V: Callable[..., Any]](view: V) -> V:
    """Mark an operation that asks for a key by `required`, so that the document says so too."""
    setattr(view, "needs_key", True)  # noqa: B010 - functions have no declared attributes
    return view
