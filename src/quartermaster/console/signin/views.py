"""Sign-in: looking at a link costs nothing, pressing the button uses it up."""

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now

from quartermaster.console import gate
from quartermaster.console.actions import LinkSpent, spend_link
from quartermaster.console.context import KEYS, LOOK_COOKIE, THEMES, look
from quartermaster.console.queries import is_link_good

_YEAR_S = 365 * 24 * 3600


def ask(request: HttpRequest) -> HttpResponse:
    """Says where a link comes from."""
    if gate.is_signed_in(request, at=now()):
        return redirect("home")
    return render(request, "signin/ask.html")


def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """One button. GET changes nothing, so that a link preview cannot burn the link."""
    if not is_link_good(token, at=now()):
        raise LinkSpent
    return render(request, "signin/confirm.html")


def enter(request: HttpRequest, token: str) -> HttpResponse:
    """Uses the link and starts a fresh session: one that was planted before is worth nothing."""
    at = now()
    user = spend_link(token, at=at)
    request.session.flush()
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    gate.start_session(request, at=at)
    return redirect("home")


def leave(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("sign-in")


def set_look(request: HttpRequest) -> HttpResponse:
    """Theme and single-key shortcuts of this browser."""
    theme, keys = look(request)
    theme = request.POST.get("theme", theme)
    keys = request.POST.get("keys", keys)
    back = request.POST.get("back", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = "/"
    response = redirect(back)
    if theme in THEMES and keys in KEYS:
        response.set_cookie(
            LOOK_COOKIE,
            f"{theme}.{keys}",
            max_age=_YEAR_S,
            samesite="Lax",
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return response
