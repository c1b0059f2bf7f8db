"""What the frame of every page needs: where we are, what waits, how this browser likes to look."""

from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.timezone import now

from quartermaster.console import navigation, notices, queries
from quartermaster.core.queries import is_demo

THEMES = {"auto": "As the system", "light": "Light", "dark": "Dark"}
KEYS = {"on": "On", "off": "Off"}
LOOK_COOKIE = "qm_look"


def frame(request: HttpRequest) -> dict[str, Any]:
    """Lazy, so that a page without the frame pays nothing for it."""
    theme, keys = look(request)
    return {
        "theme": theme,
        "themes": THEMES,
        "keys": keys,
        "public_url": settings.URL,
        "rail": SimpleLazyObject(navigation.rail),
        "pulse": SimpleLazyObject(lambda: queries.pulse(at=now())),
        "is_demo": SimpleLazyObject(is_demo),
        "notices": SimpleLazyObject(partial(notices.told, request)),
    }


def look(request: HttpRequest) -> tuple[str, str]:
    """(theme, keys) of this browser, from its cookie: the server draws it, so nothing flashes."""
    theme, _, keys = request.COOKIES.get(LOOK_COOKIE, "").partition(".")
    return (theme if theme in THEMES else "auto", keys if keys in KEYS else "on")
