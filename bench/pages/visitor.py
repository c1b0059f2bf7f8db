"""Somebody who is signed in, as a cookie."""

from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import User
from django.utils.timezone import now

from quartermaster.console.actions import login_link
from quartermaster.console.gate import SEEN, SINCE
from quartermaster.core.tokens import SCOPES, create_token


def session() -> str:
    """The Cookie header of the owner's session, as signing in makes it."""
    login_link()  # makes the owner
    owner = User.objects.get(username="owner")
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(owner.pk)
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store[HASH_SESSION_KEY] = owner.get_session_auth_hash()
    store[SINCE] = store[SEEN] = now().isoformat()
    store.create()
    return f"{settings.SESSION_COOKIE_NAME}={store.session_key}"


def token() -> str:
    """The text of an API token that may read and write everything."""
    return create_token("bench", sorted(SCOPES), at=now(), by="bench")
