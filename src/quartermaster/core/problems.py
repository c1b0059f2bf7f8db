"""Answers to programs when something is wrong:
application/problem+json (RFC 9457) with our own words in it."""

from collections.abc import Iterable, Mapping

import msgspec
from django.http import HttpRequest, HttpResponse

from quartermaster.core.errors import Refused

CONTENT_TYPE = "application/problem+json"
REQUEST_ID_HEADER = "X-Request-ID"


class FieldError(msgspec.Struct, frozen=True):
    """One field and what is wrong with it. field is a path: "lines.0.quantity"."""

    field: str
    because: str


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """What the caller reads. code is stable; title says what happened, remedy what can be done now."""

    status: int
    code: str
    title: str
    detail: str = ""
    remedy: str = ""
    errors: tuple[FieldError, ...] = ()
    request_id: str = ""

    def response(self, headers: Mapping[str, str] | None = None) -> HttpResponse:
        return HttpResponse(
            msgspec.json.encode(self),
            status=self.status,
            content_type=CONTENT_TYPE,
            headers={"Cache-Control": "no-store", **(headers or {})},
        )


# What happened and what to do, for answers that nobody worded: a path that leads nowhere, a wrong method.
_WORDS: dict[int, tuple[str, str, str]] = {
    400: ("bad-request", "The request cannot be read.", "Check headers and body and send it again."),
    401: (
        "unauthenticated",
        "There is no valid token.",
        "Send Authorization: Bearer TOKEN with a live token.",
    ),
    403: ("forbidden", "This token may not do that.", "Use a token with the scope that is named."),
    404: ("not-found", "There is nothing at this address.", "Look the path up in /api/openapi.json."),
    405: ("method-not-allowed", "This address does not take that method.", "Use one of those in Allow."),
    411: ("length-required", "The body does not say how long it is.", "Send a Content-Length, not chunks."),
    413: ("too-large", "The body is too large.", "Send it in smaller parts."),
    500: ("internal", "Something broke on our side.", "Try again; if it stays, tell us the request id."),
    503: ("unavailable", "The database cannot be reached now.", "Try again in a moment."),
}


def problem(request: HttpRequest, status: int, *, detail: str = "", **words: str) -> Problem:
    """The problem for a status, in standing words unless `code`, `title` or `remedy` are given."""
    code, title, remedy = _WORDS.get(status) or _WORDS[400 if status < 500 else 500]
    return Problem(
        status=status,
        code=words.get("code", code),
        title=words.get("title", title),
        detail=detail,
        remedy=words.get("remedy", remedy),
        request_id=request_id(request),
    )


def of_refusal(request: HttpRequest, refusal: Refused) -> Problem:
    return Problem(
        status=refusal.status,
        code=refusal.code,
        title=refusal.title,
        remedy=refusal.remedy,
        errors=field_errors(refusal.errors.items()),
        request_id=request_id(request),
    )


def field_errors(found: Iterable[tuple[str, str]]) -> tuple[FieldError, ...]:
    return tuple(FieldError(field, because) for field, because in found)


def request_id(request: HttpRequest) -> str:
    """The id our middleware gave this request; it stands in the answer and in the log."""
    return str(request.META.get("quartermaster.request_id", ""))


def is_problem(response: HttpResponse) -> bool:
    return response.headers.get("Content-Type", "") == CONTENT_TYPE
