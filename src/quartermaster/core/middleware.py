"""What every request meets: an id, a limit, and an answer in words when something is refused or breaks."""

import logging
import re
import uuid
from collections.abc import Callable

import psycopg
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from quartermaster.core import problems
from quartermaster.core.errors import Refused

log = logging.getLogger(__name__)

API = "/api"
API_BODY_MAX = 1024 * 1024
PHOTO_BODY_MAX = 6 * 1024 * 1024  # a photo of 4 MB in base64
RETRY_AFTER_S = "2"
_AWAY = (
    *(OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError),
    psycopg.errors.IdleInTransactionSessionTimeout,  # we were frozen, and the database gave us up
)
_ANSWERED_BY_DJANGO = (Http404, PermissionDenied, SuspiciousOperation, BadRequest)
_PLAIN_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")

type Answer = Callable[[HttpRequest], HttpResponse]


class Problems:
    """Refusals become a page or problem+json; under /api so does everything else that is not an answer."""

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get(problems.REQUEST_ID_HEADER, "")
        request_id = given if _PLAIN_ID.fullmatch(given) else uuid.uuid4().hex
        request.META["quartermaster.request_id"] = request_id
        response = self._answer(request)
        response.headers[problems.REQUEST_ID_HEADER] = request_id
        if _is_api(request) and 400 <= response.status_code < 500:
            # In place of Django's own line, which holds the query: a token may have been put there.
            answered = (request.method, request.path, response.status_code)
            log.info("%s %s answered %s", *answered, extra={"request_id": request_id})
            _logged_already(response)
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        if not _is_api(request):
            return self._get_response(request)
        most = PHOTO_BODY_MAX if request.path.endswith("/photos") else API_BODY_MAX
        if _announced_length(request) > most:
            return problems.problem(request, 413, detail=f"At most {most} bytes are read.").response()
        if request.headers.get("Transfer-Encoding"):
            return problems.problem(request, 411).response()
        response = self._get_response(request)
        if response.status_code < 400 or problems.is_problem(response):
            return response
        allowed = {name: response.headers[name] for name in ("Allow",) if name in response.headers}
        return problems.problem(request, response.status_code).response(allowed)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Called for whatever a view raises. None leaves it to Django (a page that broke)."""
        if isinstance(error, Refused):
            return _refused(request, error)
        if not _is_api(request) or isinstance(error, _ANSWERED_BY_DJANGO):
            return None
        request_id = problems.request_id(request)
        if isinstance(error, _AWAY) or isinstance(error.__cause__, _AWAY):
            log.error(
                "%s: %s: %s", request.path, type(error).__name__, error, extra={"request_id": request_id}
            )
            response = problems.problem(request, 503).response({"Retry-After": RETRY_AFTER_S})
        else:
            log.error("%s failed", request.path, exc_info=error, extra={"request_id": request_id})
            response = problems.problem(request, 500).response()
        return _logged_already(response)


def _refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    if _is_api(request):
        response = problems.of_refusal(request, refusal).response()
    else:
        response = render(request, "refused.html", {"refusal": refusal}, status=refusal.status)
    return _logged_already(response)


def _is_api(request: HttpRequest) -> bool:
    return request.path == API or request.path.startswith(f"{API}/")


def _announced_length(request: HttpRequest) -> int:
    """Content-Length, 0 when there is none: WSGI then gives us no body to read either."""
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else PHOTO_BODY_MAX + 1


def _logged_already(response: HttpResponse) -> HttpResponse:
    """Keep Django from logging it a second time: a refusal is no news,
    and a failure is logged here with its id."""
    setattr(response, "_has_been_logged", True)  # noqa: B010 - Django's own mark, unknown to its types
    return response
