"""The gate before every page: one function per method, and nobody comes in without having signed in."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import now

type View = Callable[..., HttpResponse]

SESSION_LASTS = timedelta(days=7)  # however busy
IDLE_FOR = timedelta(hours=12)
_RENEWED_EVERY = timedelta(minutes=15)  # a session is written this often, not at every click
SINCE, SEEN = "signed_in_at", "seen_at"


def page(*, get: View | None = None, post: View | None = None) -> View:
    """A view for signed-in people. Others are asked to sign in."""
    answer = open_page(get=get, post=post)

    def gate(request: HttpRequest, **given: Any) -> HttpResponse:
        if not is_signed_in(request, at=now()):
            return _ask(request)
        return answer(request, **given)

    return gate


def open_page(*, get: View | None = None, post: View | None = None) -> View:
    """A view for everybody: the sign-in pages, and an order for whoever has its link."""
    by_method = {"GET": get, "HEAD": get, "POST": post}
    allowed = [method for method, view in by_method.items() if view is not None]

    def answer(request: HttpRequest, **given: Any) -> HttpResponse:
        view = by_method.get(request.method or "")
        return view(request, **given) if view is not None else HttpResponseNotAllowed(allowed)

    return answer


def start_session(request: HttpRequest, *, at: datetime) -> None:
    """Called right after the session was rotated by signing in."""
    request.session[SINCE] = request.session[SEEN] = at.isoformat()
    request.session.set_expiry(IDLE_FOR)


def is_signed_in(request: HttpRequest, *, at: datetime) -> bool:
    """Also ends a session that is too old, and keeps a used one alive."""
    if not request.user.is_authenticated:
        return False
    since, seen = request.session.get(SINCE), request.session.get(SEEN)
    if not (since and seen) or at - datetime.fromisoformat(since) > SESSION_LASTS:
        logout(request)
        return False
    if at - datetime.fromisoformat(seen) > _RENEWED_EVERY:
        request.session[SEEN] = at.isoformat()
        request.session.set_expiry(IDLE_FOR)
    return True


def actor(request: HttpRequest) -> str:
    """Who did it, as events tell it: "user:3"."""
    return f"user:{request.user.pk}"


def _ask(request: HttpRequest) -> HttpResponse:
    address = reverse("sign-in")
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Redirect": address})
    return redirect(address)
