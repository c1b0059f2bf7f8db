"""Coming in and going out at a shared device: badge, then PIN; and making a device one that people share."""

import hashlib

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now

from quartermaster.console import gate
from quartermaster.console.notices import tell
from quartermaster.console.people import actions
from quartermaster.console.people.actions.badges import choose_pin
from quartermaster.console.people.queries import DeviceShown, device_of, site_codes
from quartermaster.core.errors import Invalid, Refused
from quartermaster.core.texts import short

type Answer = HttpResponse

_COOKIE_LASTS_S = 400 * 24 * 3600  # browsers keep none longer


def ask(request: HttpRequest) -> Answer:
    """GET /floor/in"""
    if gate.is_signed_in(request, at=now()) and not gate.who(request).by_badge:
        return redirect("floor")
    return _asked(request)


def enter(request: HttpRequest) -> Answer:
    """POST /floor/in: badge and PIN; the badge alone asks for the PIN, also while somebody else is in."""
    code, pin = (short(request.POST.get(name, "").strip(" \t\r\n*"), 80) for name in ("badge", "pin"))
    device = this_device(request)
    if device is None:
        return _asked(request, status=403)
    if not pin:
        return _asked(request, code=code)
    at, before = now(), _badge_session(request)
    try:
        came = actions.come_in(code.upper(), pin, device, at=at)
    except Refused as refusal:
        return _asked(request, wrong=f"{refusal.title} {refusal.remedy}", status=refusal.status)
    if before is not None:
        actions.leave(before, device.name, because="other", at=at)
    request.session.flush()
    login(request, came.user, backend="django.contrib.auth.backends.ModelBackend")
    gate.start_session(request, at=at, badge=came.badge, device=(device.id, device.name))
    return redirect(f"/floor?site={device.location}")


def leave(request: HttpRequest) -> Answer:
    """POST /floor/out: because=idle when the page did it by itself."""
    person = gate.who(request)
    because = "idle" if request.POST.get("because") == "idle" else "asked"
    if person.by_badge:
        name = str(request.session.get(gate.DEVICE_NAME, ""))
        actions.leave(person.user_id, name, because=because, at=now())
    logout(request)
    return redirect("floor-in")


def device(request: HttpRequest) -> Answer:
    """GET /floor/device: whether this browser is a shared device, and the form that makes it one."""
    return _device(request)


def enroll(request: HttpRequest) -> Answer:
    """POST /floor/device: from now on people come in here by badge; who enrolled it is signed out."""
    name, site = (short(request.POST.get(name, "").strip(), 200) for name in ("name", "location"))
    person = gate.who(request)
    try:
        if not person.is_at(site):
            raise Invalid(what="The device", errors={"site": f"you do not work at {site}"})
        token = actions.enroll(name, site, at=now(), by=gate.actor(request))
    except Refused as refusal:
        return _device(request, wrong=" ".join([refusal.title, *refusal.errors.values(), refusal.remedy]))
    logout(request)
    response = redirect("floor-in")
    response.set_cookie(
        device_cookie(),
        token,
        max_age=_COOKIE_LASTS_S,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def pin(request: HttpRequest) -> Answer:
    """GET /floor/pin"""
    return render(request, "signin/pin.html", {"section": "floor"})


def set_pin(request: HttpRequest) -> Answer:
    """POST /floor/pin: one's own choice."""
    old, new = (request.POST.get(name, "").strip()[:20] for name in ("old", "new"))
    try:
        choose_pin(gate.who(request).user_id, old, new, at=now())
    except Refused as refusal:
        wrong = f"Nothing was changed: {', '.join(refusal.errors.values())}."
        return render(request, "signin/pin.html", {"section": "floor", "wrong": wrong}, status=422)
    tell(request, "Your PIN is another one from now on.")
    return redirect("floor")


def device_cookie() -> str:
    return "__Host-qm_device" if settings.SESSION_COOKIE_SECURE else "qm_device"


def this_device(request: HttpRequest) -> DeviceShown | None:
    """The live device this browser is."""
    token = request.COOKIES.get(device_cookie(), "")
    return device_of(hashlib.sha256(token.encode(errors="replace")).digest()) if token else None


def _badge_session(request: HttpRequest) -> int | None:
    """Who is in here by badge."""
    if gate.is_signed_in(request, at=now()) and gate.who(request).by_badge:
        return gate.who(request).user_id
    return None


def _asked(request: HttpRequest, *, code: str = "", wrong: str = "", status: int = 200) -> Answer:
    context = {"device": this_device(request), "code": code, "wrong": wrong}
    return render(request, "signin/badge.html", context, status=status)


def _device(request: HttpRequest, *, wrong: str = "") -> Answer:
    sites = [site for site in site_codes() if gate.who(request).is_at(site)]
    context = {
        "section": "floor",
        "device": this_device(request),
        "sites": sites,
        "wrong": wrong,
        "given": request.POST if wrong else {},
    }
    return render(request, "signin/device.html", context, status=422 if wrong else 200)
