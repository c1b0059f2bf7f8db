"""Signing in by a one-time link: nobody has a default password, and nothing is typed."""

import hashlib
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils.timezone import now

from quartermaster.console.models import LoginLink
from quartermaster.console.people.actions.persons import link_for, person_for
from quartermaster.core.errors import NotFound, Refused
from quartermaster.core.events import emit
from quartermaster.events import PersonCameIn

LINK_LASTS = timedelta(minutes=30)
_FIRST_USER = "owner"


class LinkSpent(Refused):
    """Used, expired and never issued are told alike: a guess learns nothing."""

    code = "link-spent"
    status = 410
    message = "This sign-in link no longer works."
    remedy = (
        "Each link works once and for a short while. Ask an owner for a new one, or run ./qm login where "
        "Quartermaster runs."
    )


def login_link(at: datetime | None = None, *, name: str = _FIRST_USER) -> str:
    """A fresh link: for the owner, who is made on first use, or for somebody who is there. Absolute when
    QM_URL is set, else a path. Raises NotFound, Stopped.

    The token is 32 random bytes; the link works once, within 30 minutes of `at` (default: now).
    """
    at = at or now()
    with transaction.atomic():
        if name == _FIRST_USER:
            owner, is_new = User.objects.get_or_create(username=_FIRST_USER)
            if is_new:
                owner.set_unusable_password()
                owner.save(update_fields=["password"])
            person_for(owner.pk, "owner")
        user_id = User.objects.filter(username=name).values_list("pk", flat=True).first()
        if user_id is None:
            raise NotFound(what="person named", which=name)
        return f"{settings.URL}/sign-in/{link_for(user_id, at=at, lasts=LINK_LASTS)}"


def spend_link(token: str, *, at: datetime) -> User:
    """The person this link signs in; from now on it is used. Raises LinkSpent. Of two at once, one wins."""
    with transaction.atomic():
        usable = LoginLink.objects.select_for_update(of=("self",)).select_related("user")
        link = usable.filter(
            digest=_digest(token), used_at=None, expires_at__gt=at, user__is_active=True
        ).first()
        if link is None:
            raise LinkSpent
        link.used_at = at
        link.save(update_fields=["used_at"])
        who = f"user:{link.user.pk}"
        emit([PersonCameIn(subject=who, at=at, actor=who, how="link", device="")])
        return link.user


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
