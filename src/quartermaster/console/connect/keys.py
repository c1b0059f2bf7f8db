"""The keys of a connection: whether they count, when they end, and new ones. None is ever shown."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now

from quartermaster.console.connect import words
from quartermaster.console.gate import actor
from quartermaster.console.notices import tell
from quartermaster.core import plugs
from quartermaster.core.errors import Invalid
from quartermaster.core.texts import short
from quartermaster.inbox.actions import KeysNotTaken, KeysNotTried, replace_keys
from quartermaster.inbox.queries import connection
from quartermaster.inbox.rules import Ending, endings

OVERLAP_HOURS = "24"


class Field(NamedTuple):
    """A setting in the form. A secret has no value here, only whether it is set, and when it ends."""

    setting: plugs.Setting
    value: str
    is_set: bool
    ending: Ending | None
    wrong: str

    @property
    def says(self) -> str:
        """By whom its end is known."""
        return words.ENDS_BY[self.ending.by] if self.ending else ""


def keys(request: HttpRequest, slug: str) -> HttpResponse:
    """GET /connect/acme/keys"""
    return _page(request, slug, {})


def replace(request: HttpRequest, slug: str) -> HttpResponse:
    """POST /connect/acme/keys: a secret that is left empty stays as it is"""
    known = connection(slug)
    fields = plugs.plug(known.kind).settings
    try:
        hours, ends = _hours(request), _ends(request, [one.name for one in fields if one.is_secret])
        replace_keys(
            slug,
            _given(request, fields, known.settings),
            ends=ends,
            overlap_hours=hours,
            is_tried=request.POST.get("untried") != "yes",
            at=now(),
            by=actor(request),
        )
    except Invalid as error:
        return _page(request, slug, dict(error.errors))
    except (KeysNotTaken, KeysNotTried) as refusal:
        return _page(request, slug, {}, refused=f"{refusal.title} {refusal.remedy}")
    tell(request, "Kept. It is asked and told with these keys from now on.")
    return redirect("connect-keys", slug)


def _given(request: HttpRequest, fields: Sequence[plugs.Setting], before: dict[str, str]) -> dict[str, str]:
    told = {one: short(request.POST[one.name].strip(), 4000) for one in fields if one.name in request.POST}
    return {
        one.name: value
        for one, value in told.items()
        if (value if one.is_secret else value != before.get(one.name, ""))
    }


def _hours(request: HttpRequest) -> int:
    given = short(request.POST.get("overlap_hours", OVERLAP_HOURS).strip(), 4)
    if not (given.isascii() and given.isdecimal()):
        raise Invalid(what="The keys", errors={"overlap_hours": "a number of hours"})
    return int(given)


def _ends(request: HttpRequest, names: Sequence[str]) -> dict[str, date | None]:
    """Only the days that the form has. "" says that it is not known; beside a new key, that its vendor's rule
    says when."""
    found: dict[str, date | None] = {}
    for name in names:
        if f"ends:{name}" not in request.POST:
            continue
        given = short(request.POST[f"ends:{name}"].strip(), 10)
        try:
            day = date.fromisoformat(given) if given else None
        except ValueError:
            raise Invalid(what="The keys", errors={name: "a day such as 2026-11-23"}) from None
        if day is not None or not request.POST.get(name, "").strip():
            found[name] = day
    return found


def _page(request: HttpRequest, slug: str, errors: dict[str, str], refused: str = "") -> HttpResponse:
    known = connection(slug)
    plug = plugs.plug(known.kind)
    ending = {one.name: one for one in endings(known.keys_end, now().date(), known.keys_end_by)}
    context = {
        "section": "connect",
        "connection": known,
        "kind": plug,
        "fields": [
            Field(
                one,
                "" if one.is_secret else request.POST.get(one.name, str(known.settings.get(one.name, ""))),
                one.name in known.secret_names or one.name in known.settings,
                ending.get(one.name),
                errors.get(one.name, ""),
            )
            for one in plug.settings
        ],
        "has_webhook_secret": "webhook_secret" in known.secret_names,
        "overlap_hours": request.POST.get("overlap_hours", OVERLAP_HOURS),
        "refused": refused,
        "errors": errors,
    }
    return render(request, "connect/keys.html", context, status=422 if errors or refused else 200)
