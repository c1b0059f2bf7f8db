"""What the frame of every page needs: where we are, what waits, how this browser likes to look."""

from functools import partial
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.timezone import now

from quartermaster.console import gate, navigation, notices, queries
from quartermaster.console.people.queries import Standing
from quartermaster.console.people.rights import is_for_badges, right_of
from quartermaster.core.queries import is_demo

THEMES = {"auto": "As the system", "light": "Light", "dark": "Dark"}
KEYS = {"on": "On", "off": "Off"}
LOOK_COOKIE = "qm_look"
SCANS_SALT = "quartermaster.floor.scans"


def frame(request: HttpRequest) -> dict[str, Any]:
    """Lazy, so that a page without the frame pays nothing for it."""
    theme, keys = look(request)
    return {
        "theme": theme,
        "themes": THEMES,
        "keys": keys,
        "public_url": settings.URL,
        "rail": SimpleLazyObject(partial(_rail, request)),
        "may": May(request),
        "scan_who": SimpleLazyObject(partial(scans_of, request)),
        "standing": SimpleLazyObject(partial(_standing, request)),
        "pulse": SimpleLazyObject(lambda: queries.pulse(at=now())),
        "is_demo": SimpleLazyObject(is_demo),
        "notices": SimpleLazyObject(partial(notices.told, request)),
    }


class May:
    """`may.floor_lead` in a template: whether this person's role includes the right."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    def __getitem__(self, right: str) -> bool:
        return self._request.user.is_authenticated and gate.who(self._request).may(right.replace("_", ":"))


def _standing(request: HttpRequest) -> Standing | None:
    return gate.who(request) if request.user.is_authenticated else None


def _rail(request: HttpRequest) -> list[tuple[str, list[navigation.Shown]]]:
    """Without what this person does not get to."""
    person = gate.who(request)
    return navigation.rail(
        lambda entry: (
            person.may(right_of(entry.section, "GET", entry.path))
            and (is_for_badges(entry.path) or not person.by_badge)
        ),
        person.sites,
    )


def scans_of(request: HttpRequest) -> str:
    """What a page hands its scans on with: signed by us, it says whose they are, also when somebody else is
    in by the time they are sent."""
    return signing.dumps(request.user.pk, salt=SCANS_SALT) if request.user.is_authenticated else ""


def look(request: HttpRequest) -> tuple[str, str]:
    """(theme, keys) of this browser, from its cookie: the server draws it, so nothing flashes."""
    theme, _, keys = request.COOKIES.get(LOOK_COOKIE, "").partition(".")
    return (theme if theme in THEMES else "auto", keys if keys in KEYS else "on")
