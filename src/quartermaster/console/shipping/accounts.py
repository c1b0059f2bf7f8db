"""Accounts at carriers: made, changed, tried, paused. A key is tried before it is kept, and never shown."""

from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now

from quartermaster.console.gate import actor
from quartermaster.console.notices import tell
from quartermaster.core import plugs
from quartermaster.core.errors import Invalid, NotFound
from quartermaster.core.texts import short
from quartermaster.inbox import actions
from quartermaster.inbox.queries.connections import connection
from quartermaster.shipping.actions import try_account
from quartermaster.shipping.actions.try_account import Tried
from quartermaster.shipping.queries.health import accounts, kinds


class Field(NamedTuple):
    """A setting in the form. A secret has no value here, only whether it is set."""

    setting: plugs.Setting
    value: str
    is_set: bool
    wrong: str


def page(request: HttpRequest) -> HttpResponse:
    """GET /ship/accounts"""
    context = {"section": "carriers", "accounts": accounts(at=now()), "kinds": kinds()}
    return render(request, "shipping/accounts.html", context)


def new(request: HttpRequest, kind: str) -> HttpResponse:
    """GET /ship/accounts/new/shippo"""
    return _form(request, _kind(kind), "")


def make(request: HttpRequest, kind: str) -> HttpResponse:
    """POST /ship/accounts/new/shippo"""
    return _kept(request, _kind(kind), short(request.POST.get("slug", "").strip(), 63), is_new=True)


def account(request: HttpRequest, slug: str) -> HttpResponse:
    """GET /ship/accounts/acme-ship"""
    return _form(request, _kind(connection(slug).kind), slug)


def change(request: HttpRequest, slug: str) -> HttpResponse:
    """POST /ship/accounts/acme-ship: do = keep, try, pause or resume"""
    kind = _kind(connection(slug).kind)
    match request.POST.get("do"):
        case "try":
            return _form(request, kind, slug, tried=_tried(request, slug))
        case "pause":
            actions.pause(slug, at=now(), by=actor(request))
            tell(request, f"{slug} is asked for no more offers. Labels it sold can still be given back.")
        case "resume":
            actions.resume(slug, at=now(), by=actor(request))
            tell(request, f"{slug} is asked for offers again.")
        case _:
            return _kept(request, kind, slug, is_new=False)
    return redirect("ship-account", slug)


def _kept(request: HttpRequest, kind: plugs.Plug, slug: str, *, is_new: bool) -> HttpResponse:
    given = {
        each.name: short(request.POST[each.name].strip(), 4000)
        for each in kind.settings
        if each.name in request.POST and (request.POST[each.name].strip() or not each.is_secret)
    }
    if is_new:
        given = {name: value for name, value in given.items() if value}
    try:
        unproven = actions.connect_tried(kind.kind, slug, given, at=now(), by=actor(request))
    except Invalid as error:
        return _form(request, kind, "" if is_new else slug, errors=dict(error.errors))
    except actions.KeysNotTaken as refusal:
        return _form(request, kind, "" if is_new else slug, refused=f"{refusal.title} {refusal.remedy}")
    done = f"{slug} is {'connected' if is_new else 'changed'}"
    doubt = f", and whether its key counts is not known: {unproven}. It is tried again by itself."
    tell(request, done + (doubt if unproven else "."))
    return redirect("ship-account", slug)


def _tried(request: HttpRequest, slug: str) -> Tried:
    known = connection(slug)
    found = try_account(slug)
    if found.is_good:
        actions.prove(known, at=now(), by=actor(request))
    return found


def _form(
    request: HttpRequest,
    kind: plugs.Plug,
    slug: str,
    *,
    errors: dict[str, str] | None = None,
    refused: str = "",
    tried: Tried | None = None,
) -> HttpResponse:
    wrong = errors or {}
    known = connection(slug) if slug else None
    settings = dict(known.settings) if known else {}
    if errors or refused:
        plain = {each.name for each in kind.settings if not each.is_secret}
        settings = {name: request.POST.get(name, "") for name in plain}
    fields = [
        Field(
            each,
            "" if each.is_secret else str(settings.get(each.name, "")),
            known is not None and each.name in known.secret_names,
            wrong.get(each.name, ""),
        )
        for each in kind.settings
    ]
    shown = next((each for each in accounts(at=now()) if each.slug == slug), None) if slug else None
    context = {
        "section": "carriers",
        "kind": kind,
        "slug": slug,
        "fields": fields,
        "wrong": wrong,
        "refused": refused,
        "tried": tried,
        "account": shown,
        "named": request.POST.get("slug", ""),
    }
    return render(request, "shipping/account.html", context, status=422 if wrong or refused else 200)


def _kind(kind: str) -> plugs.Plug:
    if kind not in dict(kinds()):
        raise NotFound(what="kind of carrier", which=kind[:40])
    return plugs.plug(kind)
