"""The page People: who may come in and do what, their badges, and the devices that let them in."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now

from quartermaster.console.gate import actor, who
from quartermaster.console.notices import tell
from quartermaster.console.orders.queries import user_names
from quartermaster.console.people import actions, queries
from quartermaster.console.people.roles import AREAS, ROLES
from quartermaster.console.people.words import told
from quartermaster.core.errors import Refused
from quartermaster.core.texts import short

type Answer = HttpResponse


def people(request: HttpRequest) -> Answer:
    """GET /people"""
    return _people(request)


def invite(request: HttpRequest) -> Answer:
    """POST /people: the link is shown on the page that answers, and never again."""
    try:
        user_id, token = actions.invite(
            short(request.POST.get("name", ""), 200),
            request.POST.get("role", ""),
            request.POST.getlist("sites"),
            at=now(),
            by=actor(request),
        )
    except Refused as refusal:
        return _people(request, wrong=refusal)
    return _person(request, user_id, link=_link(request, token), link_lasts="24 hours")


def person(request: HttpRequest, user_id: int) -> Answer:
    """GET /people/3"""
    return _person(request, user_id)


def change(request: HttpRequest, user_id: int) -> Answer:
    """POST /people/3: role and sites."""
    role, sites = request.POST.get("role", ""), request.POST.getlist("sites")
    actions.change(user_id, role, sites, at=now(), by=actor(request))
    tell(request, "Changed, from the next click on.")
    return redirect("person", user_id=user_id)


def link(request: HttpRequest, user_id: int) -> Answer:
    """POST /people/3/link: another one-time link, shown once."""
    token = actions.link_for(user_id, at=now())
    return _person(request, user_id, link=_link(request, token), link_lasts="24 hours")


def stop(request: HttpRequest, user_id: int) -> Answer:
    """POST /people/3/stop"""
    actions.stop(user_id, at=now(), by=actor(request))
    tell(request, "Out at once, everywhere; links and badge are worth nothing.")
    return redirect("person", user_id=user_id)


def take_back(request: HttpRequest, user_id: int) -> Answer:
    """POST /people/3/return"""
    actions.take_back(user_id, at=now(), by=actor(request))
    tell(request, "May come in again: make a link or a badge.")
    return redirect("person", user_id=user_id)


def badge(request: HttpRequest, user_id: int) -> Answer:
    """POST /people/3/badge: code and first PIN are on the page that answers, and never shown again."""
    code, pin = actions.make_badge(user_id, at=now(), by=actor(request), is_owner=_is_owner(request))
    return _person(request, user_id, code=code, pin=pin)


def revoke_badge(request: HttpRequest, user_id: int) -> Answer:
    """POST /people/3/badge/revoke"""
    actions.revoke_badge(user_id, at=now(), by=actor(request))
    tell(request, "The badge signs nobody in any more.")
    return redirect("person", user_id=user_id)


def pin(request: HttpRequest, user_id: int) -> Answer:
    """POST /people/3/pin: a new one, which also unlocks the badge."""
    made = actions.set_pin(user_id, at=now(), by=actor(request), is_owner=_is_owner(request))
    return _person(request, user_id, pin=made)


def revoke_device(request: HttpRequest, device_id: int) -> Answer:
    """POST /people/devices/3/revoke"""
    actions.revoke_device(device_id, at=now(), by=actor(request))
    tell(request, "The device lets nobody in any more.")
    return redirect("people")


def _people(request: HttpRequest, *, wrong: Refused | None = None) -> Answer:
    shown = queries.people()
    context = {
        "section": "people",
        "people": [(one, ROLES.get(one.role)) for one in shown],
        "roles": ROLES,
        "areas": AREAS,
        "sites": queries.site_codes(),
        "devices": queries.devices(),
        "wrong": wrong,
        "given": request.POST if wrong else {},
    }
    return render(request, "people/people.html", context, status=wrong.status if wrong else 200)


def _person(request: HttpRequest, user_id: int, **once: str) -> Answer:
    one = queries.person(user_id)
    trail = queries.trail(user_id)
    names = user_names(each.actor.partition(":")[2] for each in trail)
    context = {
        "section": "people",
        "person": one,
        "role": ROLES.get(one.role),
        "roles": ROLES,
        "sites": queries.site_codes(),
        "trail": [(each, *told(each.name, each.body), _by(each.actor, names, user_id)) for each in trail],
        "is_me": user_id == who(request).user_id,
        "can_badge": _is_owner(request) or one.role not in ("owner", "supervisor"),
        **once,
    }
    return render(request, "people/person.html", context)


def _by(actor: str, names: dict[str, str], user_id: int) -> str:
    """Who did it, when it was somebody else."""
    kind, _, number = actor.partition(":")
    return "" if actor == f"user:{user_id}" else names.get(number, actor) if kind == "user" else actor


def _is_owner(request: HttpRequest) -> bool:
    return who(request).may("people:lead")


def _link(request: HttpRequest, token: str) -> str:
    return f"{settings.URL or request.build_absolute_uri('/').rstrip('/')}/sign-in/{token}"
