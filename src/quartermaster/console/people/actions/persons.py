"""Inviting somebody, what they may do, and that they may not come in any more."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction

from quartermaster.console.models import LoginLink, Person
from quartermaster.console.people.roles import ROLES
from quartermaster.core import sql
from quartermaster.core.errors import Invalid, NotFound, Refused
from quartermaster.core.events import emit
from quartermaster.events import BadgeRevoked, PersonChanged, PersonInvited

INVITED_FOR = timedelta(hours=24)
_NAME_MAX = 80


class NameTaken(Refused):
    code = "name-taken"
    message = "{name} is the name of somebody already, or was."
    remedy = "Choose another: what people did is told under their names for ever."


class LastOwner(Refused):
    code = "last-owner"
    message = "{name} is the only owner who can come in."
    remedy = "Make somebody else an owner first."


class Stopped(Refused):
    code = "person-stopped"
    message = "{name} may not come in any more."
    remedy = "Let them in again first."


IN_TURN = "select pg_advisory_xact_lock(hashtextextended('console people', 0))"
OWNERS = """
select count(*) from console_person p join auth_user u on u.id = p.user_id
where p.role = 'owner' and u.is_active and u.id <> %s
"""
STOP_BADGE = "update console_badge set revoked_at = %s where user_id = %s and revoked_at is null returning id"


def invite(name: str, role: str, sites: Sequence[str], *, at: datetime, by: str) -> tuple[int, str]:
    """A new person and the token of their first link. Raises Invalid, NameTaken."""
    name = name.strip()
    errors = _errors(role, sites)
    if not name.isprintable() or not name or len(name) > _NAME_MAX:
        errors["name"] = f"1 to {_NAME_MAX} printable characters"
    if errors:
        raise Invalid(what="The invitation", errors=errors)
    with transaction.atomic():
        sql.run(IN_TURN)
        if User.objects.filter(username__iexact=name).exists():
            raise NameTaken(name=name)
        user = User(username=name)
        user.set_unusable_password()
        user.save()
        person_for(user.pk, role, sites)
        told = PersonInvited(
            subject=f"user:{user.pk}", at=at, actor=by, person=name, role=role, sites=tuple(sorted(sites))
        )
        emit([told])
        return user.pk, link_for(user.pk, at=at)


def person_for(user_id: int, role: str, sites: Sequence[str] = ()) -> None:
    """The row that lets a user do anything at all; one that is there stays as it is."""
    Person.objects.get_or_create(user_id=user_id, defaults={"role": role, "sites": sorted(set(sites))})


def link_for(user_id: int, *, at: datetime, lasts: timedelta = INVITED_FOR) -> str:
    """The token of a one-time link for somebody who may come in. Raises NotFound, Stopped."""
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        raise NotFound(what="person", which=user_id)
    if not user.is_active:
        raise Stopped(name=user.username)
    token = secrets.token_urlsafe(32)
    digest = hashlib.sha256(token.encode()).digest()
    LoginLink.objects.create(digest=digest, user=user, expires_at=at + lasts)
    return token


def change(user_id: int, role: str, sites: Sequence[str], *, at: datetime, by: str) -> None:
    """Another role, other sites. Raises Invalid, NotFound, LastOwner."""
    if errors := _errors(role, sites):
        raise Invalid(what="The form", errors=errors)
    with transaction.atomic():
        sql.run(IN_TURN)
        user, found = _locked(user_id)
        if found.role == "owner" and role != "owner" and user.is_active:
            _keep_an_owner(user)
        wanted = sorted(set(sites))
        changed: dict[str, tuple[object, object]] = {}
        if found.role != role:
            changed["role"] = (found.role, role)
        if found.sites != wanted:
            changed["sites"] = (found.sites, wanted)
        if changed:
            found.role, found.sites = role, wanted
            found.save(update_fields=["role", "sites"])
            emit([_told(user, changed, at, by)])


def stop(user_id: int, *, at: datetime, by: str) -> None:
    """From this moment on nobody is in under this name: sessions, links and the badge are worth nothing.
    Doing it twice is doing it once. Raises NotFound, LastOwner."""
    with transaction.atomic():
        sql.run(IN_TURN)
        user, found = _locked(user_id)
        if not user.is_active:
            return
        if found.role == "owner":
            _keep_an_owner(user)
        user.is_active = False
        user.save(update_fields=["is_active"])
        LoginLink.objects.filter(user=user, used_at=None).delete()
        told = [
            BadgeRevoked(subject=f"user:{user.pk}", at=at, actor=by, badge_id=row[0])
            for row in sql.run(STOP_BADGE, (at, user.pk))
        ]
        emit([*told, _told(user, {"may_come_in": (True, False)}, at, by)])


def take_back(user_id: int, *, at: datetime, by: str) -> None:
    """May come in again, with a new link. Raises NotFound."""
    with transaction.atomic():
        sql.run(IN_TURN)
        user, _ = _locked(user_id)
        if user.is_active:
            return
        user.is_active = True
        user.save(update_fields=["is_active"])
        emit([_told(user, {"may_come_in": (False, True)}, at, by)])


def _locked(user_id: int) -> tuple[User, Person]:
    found = (
        Person.objects.select_for_update(of=("self",)).select_related("user").filter(user_id=user_id).first()
    )
    if found is None:
        raise NotFound(what="person", which=user_id)
    assert isinstance(found.user, User)
    return found.user, found


def _keep_an_owner(user: User) -> None:
    if not sql.run(OWNERS, (user.pk,))[0][0]:
        raise LastOwner(name=user.username)


def _told(user: User, changed: dict[str, tuple[object, object]], at: datetime, by: str) -> PersonChanged:
    return PersonChanged(subject=f"user:{user.pk}", at=at, actor=by, person=user.username, changed=changed)


def _errors(role: str, sites: Sequence[str]) -> dict[str, str]:
    errors = {} if role in ROLES else {"role": f"one of {', '.join(ROLES)}"}
    known = {
        row[0] for row in sql.run("select code from stock_location where code = any(%s)", (list(sites),))
    }
    if unknown := sorted(set(sites) - known):
        errors["sites"] = f"there is no {', '.join(unknown)}"
    return errors
