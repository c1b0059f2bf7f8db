"""What the pictures and the walk are taken of: a company's morning, and somebody who is signed in."""

from datetime import timedelta
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import User
from django.utils.timezone import now
from tests.browser.floor import floor
from tests.console import company

from quartermaster.console.actions import login_link
from quartermaster.console.gate import SEEN, SINCE
from quartermaster.core import sql
from quartermaster.insight.actions import refresh


def story() -> tuple[str, dict[str, str]]:
    """A sign-in token, and what addresses are filled with: numbers of telling orders, a session."""
    morning = now().replace(second=0, microsecond=0) - timedelta(hours=2, minutes=5)
    connection = company.found(at=morning)
    sql.run(
        "update stock_location set cutoff = '15:00', timezone = 'Europe/Berlin' where code in ('BER', 'MUC')"
    )
    company.a_day(connection, company.Northlight(morning))
    company.a_stuck_step(company.number(4), "OperationalError: the statement took longer than 30 s")
    kept = {company.number(n) for n in (9, 10, 11)}
    places = floor(at=morning + timedelta(hours=2), untouched=kept)
    refresh(at=now())  # the KPIs, as a worker does every five minutes
    token = login_link().rpartition("/")[2]
    (message,) = sql.run(
        "select id from inbox_message where state = 'used' order by id desc offset 4 limit 1"
    )
    fill = {
        "order": company.number(9),
        "split": company.number(11),
        "held": company.number(10),
        "message": str(message[0]),
        "session": session(),
        "person": str(User.objects.get(username="owner").pk),
        **places,
    }
    return token, fill


def session() -> str:
    """The key of a session of the owner, as signing in makes it."""
    owner = User.objects.get(username="owner")
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(owner.pk)
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store[HASH_SESSION_KEY] = owner.get_session_auth_hash()
    store[SINCE] = store[SEEN] = now().isoformat()
    store.create()
    return str(store.session_key)
