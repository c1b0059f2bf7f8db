"""The gate before every page: one function per method; nobody comes in without having signed in, nor further
than role and sites go. What a page asks for stands in people.rights, and nowhere else."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import now

from quartermaster.console.people.places import keep_to_sites
from quartermaster.console.people.queries import Standing, standing
from quartermaster.console.people.rights import is_for_badges, right_of
from quartermaster.console.people.roles import ROLES, who_can
from quartermaster.core.errors import Refused

type View = Callable[..., HttpResponse]

SESSION_LASTS = timedelta(days=7)  # however busy
IDLE_FOR = timedelta(hours=12)
_RENEWED_EVERY = timedelta(minutes=15)  # a session is written this often, not at every click
BADGE_LASTS = timedelta(hours=12)
BADGE_IDLE = timedelta(minutes=10)  # then a shared device belongs to nobody
_BADGE_RENEWED = timedelta(seconds=30)
SINCE, SEEN = "signed_in_at", "seen_at"
_KEPT = "quartermaster_standing"
BADGE, DEVICE, DEVICE_NAME = "badge", "device", "device_name"  # of a session that a badge began


class NotAllowed(Refused):
    code = "not-allowed"
    status = 403
    message = "This is not among what the role {role} may do."
    remedy = "{who} can do it, and an owner can give you another role on the page People."


class OfficeOnly(Refused):
    code = "not-by-badge"
    status = 403
    message = "A badge opens the floor's pages, and this is none."
    remedy = "Sign in with a link on a computer of your own."


def page(*, get: View | None = None, post: View | None = None) -> View:
    """A view for signed-in people. Others are asked to sign in."""
    answer = open_page(get=get, post=post)

    def gate(request: HttpRequest, **given: Any) -> HttpResponse:
        if not is_signed_in(request, at=now()):
            return _ask(request)
        if elsewhere := _check(request, given):
            return elsewhere
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


def start_session(
    request: HttpRequest, *, at: datetime, badge: int | None = None, device: tuple[int, str] | None = None
) -> None:
    """Called right after the session was rotated by signing in. By badge it is short, and the device's."""
    request.session[SINCE] = request.session[SEEN] = at.isoformat()
    request.session.set_expiry(BADGE_IDLE if badge else IDLE_FOR)
    if badge is not None and device is not None:
        request.session[BADGE], (request.session[DEVICE], request.session[DEVICE_NAME]) = badge, device


def is_signed_in(request: HttpRequest, *, at: datetime) -> bool:
    """Also ends a session that is too old or whose badge counts no more, and keeps a used one alive."""
    if not request.user.is_authenticated:
        return False
    since, seen = request.session.get(SINCE), request.session.get(SEEN)
    by_badge = BADGE in request.session
    lasts, idle, renewed = (
        (BADGE_LASTS, BADGE_IDLE, _BADGE_RENEWED) if by_badge else (SESSION_LASTS, IDLE_FOR, _RENEWED_EVERY)
    )
    if (
        not (since and seen)
        or at - datetime.fromisoformat(since) > lasts
        or (by_badge and at - datetime.fromisoformat(seen) > idle)
        or not who(request).is_current
    ):
        logout(request)
        return False
    if at - datetime.fromisoformat(seen) > renewed:
        request.session[SEEN] = at.isoformat()
        request.session.set_expiry(idle)
    return True


def who(request: HttpRequest) -> Standing:
    """The signed-in person with role and sites; read once a request."""
    found = getattr(request, _KEPT, None)
    if not isinstance(found, Standing):
        assert request.user.pk is not None, "asked behind the gate only"
        session = request.session
        found = standing(request.user.pk, badge=session.get(BADGE), device=session.get(DEVICE))
        setattr(request, _KEPT, found)
    return found


def insist(request: HttpRequest, right: str) -> None:
    """For what a form does beyond its page's own right. Raises NotAllowed."""
    person = who(request)
    if not person.may(right):
        role = ROLES[person.role].title if person.role in ROLES else "none"
        raise NotAllowed(role=role, who=" or ".join(who_can(right)))


def _check(request: HttpRequest, given: dict[str, Any]) -> HttpResponse | None:
    """Role, badge and sites; None when nothing speaks against it, else where to go instead."""
    person, route = who(request), request.resolver_match.url_name if request.resolver_match else ""
    right = right_of(route or "", request.method or "", request.path)
    if route == "home" and (person.by_badge or not person.may(right)) and person.may("floor:read"):
        return redirect("floor")
    if person.by_badge and not is_for_badges(request.path):
        raise OfficeOnly
    insist(request, right)
    return keep_to_sites(request, person, route or "", given)


def actor(request: HttpRequest) -> str:
    """Who did it, as events tell it: "user:3"."""
    return f"user:{request.user.pk}"


def _ask(request: HttpRequest) -> HttpResponse:
    shared = any(name in request.COOKIES for name in ("qm_device", "__Host-qm_device"))
    address = reverse("floor-in" if shared else "sign-in")
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Redirect": address})
    return redirect(address)
