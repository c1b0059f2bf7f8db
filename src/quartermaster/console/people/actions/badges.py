"""Badges and PINs. A badge is something one has, a PIN something one knows; neither alone opens anything, and
both only at a device that a supervisor enrolled."""

import hashlib
import hmac
import secrets
from datetime import datetime
from itertools import pairwise

from django.conf import settings
from django.db import transaction

from quartermaster.console.models import Badge, Person
from quartermaster.console.people.actions.persons import Stopped
from quartermaster.core import sql
from quartermaster.core.errors import Invalid, NotFound, Refused
from quartermaster.core.events import emit
from quartermaster.events import BadgeMade, BadgeRevoked, PinChanged

BADGE_PREFIX = "QMB"  # tells a badge from whatever else is scanned
# Capital letters and digits that no keyboard layout and no eye takes for another: 20 of them are 98 bits.
_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWX"
_LENGTH = 20
PIN_DIGITS = 6


class AboveYou(Refused):
    code = "above-you"
    status = 403
    message = "{name} is {role}: only an owner makes their badge or PIN."
    remedy = "Ask an owner."


REVOKE = "update console_badge set revoked_at = %s where user_id = %s and revoked_at is null returning id"


def make_badge(user_id: int, *, at: datetime, by: str, is_owner: bool) -> tuple[str, str]:
    """(code, PIN) of a fresh badge: the only time anybody sees either; the badge before ends. The PIN is ""
    when the person has one already. `is_owner`: who makes it is. Raises NotFound, Stopped, AboveYou."""
    code = BADGE_PREFIX + "".join(secrets.choice(_SIGNS) for _ in range(_LENGTH))
    with transaction.atomic():
        found = _locked(user_id, is_owner)
        emit(_revoked(user_id, at, by))
        badge = Badge.objects.create(user_id=user_id, digest=digest_of(code), made_at=at, made_by=by)
        emit([BadgeMade(subject=f"user:{user_id}", at=at, actor=by, badge_id=badge.pk)])
        pin = _draw(found, at, by) if found.pin_digest is None else ""
    return code, pin


def revoke_badge(user_id: int, *, at: datetime, by: str) -> None:
    """Lost or stolen: it signs nobody in any more, and ends the session it began. Twice is once."""
    with transaction.atomic():
        emit(_revoked(user_id, at, by))


def set_pin(user_id: int, *, at: datetime, by: str, is_owner: bool) -> str:
    """A new PIN, drawn and shown once; wrong tries are forgotten. Raises NotFound, Stopped, AboveYou."""
    with transaction.atomic():
        return _draw(_locked(user_id, is_owner), at, by)


def choose_pin(user_id: int, old: str, new: str, *, at: datetime) -> None:
    """The person's own choice, by whoever knows the PIN before. Raises Invalid."""
    because = _too_easy(new)
    with transaction.atomic():
        found = Person.objects.select_for_update().get(user_id=user_id)
        if not is_pin(found, old):
            because = because or "the PIN before is another one"
        if because:
            raise Invalid(what="The PIN", errors={"pin": because})
        _keep(found, new)
        emit([PinChanged(subject=f"user:{user_id}", at=at, actor=f"user:{user_id}")])


def is_pin(found: Person, pin: str) -> bool:
    """Takes 40 ms and compares in constant time."""
    if found.pin_digest is None or found.pin_salt is None:
        return False
    return hmac.compare_digest(_stretched(pin, bytes(found.pin_salt)), bytes(found.pin_digest))


def digest_of(code: str) -> bytes:
    """The code has 98 bits of chance in it: a plain hash cannot be turned round."""
    return hashlib.sha256(code.encode(errors="replace")).digest()


def _locked(user_id: int, is_owner: bool) -> Person:
    found = (
        Person.objects.select_for_update(of=("self",)).select_related("user").filter(user_id=user_id).first()
    )
    if found is None:
        raise NotFound(what="person", which=user_id)
    if not found.user.is_active:
        raise Stopped(name=found.user.get_username())
    if found.role in ("owner", "supervisor") and not is_owner:
        raise AboveYou(name=found.user.get_username(), role=found.role)
    return found


def _revoked(user_id: int, at: datetime, by: str) -> list[BadgeRevoked]:
    return [
        BadgeRevoked(subject=f"user:{user_id}", at=at, actor=by, badge_id=row[0])
        for row in sql.run(REVOKE, (at, user_id))
    ]


def _draw(found: Person, at: datetime, by: str) -> str:
    pin = ""
    while _too_easy(pin):
        pin = "".join(secrets.choice("0123456789") for _ in range(PIN_DIGITS))
    _keep(found, pin)
    emit([PinChanged(subject=f"user:{found.pk}", at=at, actor=by)])
    return pin


def _keep(found: Person, pin: str) -> None:
    found.pin_salt = secrets.token_bytes(16)
    found.pin_digest = _stretched(pin, found.pin_salt)
    found.pin_wrong, found.pin_tried_at = 0, None
    found.save(update_fields=["pin_salt", "pin_digest", "pin_wrong", "pin_tried_at"])


def _stretched(pin: str, salt: bytes) -> bytes:
    keyed = hmac.digest(settings.SECRET_KEY.encode(), pin.encode(errors="replace"), "sha256")
    return hashlib.scrypt(keyed, salt=salt, n=2**14, r=8, p=1, dklen=32)


def _too_easy(pin: str) -> str:
    """Why not; "" when it will do."""
    if not (pin.isascii() and pin.isdecimal() and 4 <= len(pin) <= 6):
        return "4 to 6 digits"
    steps = {int(b) - int(a) for a, b in pairwise(pin)}
    return "not all the same, and not a row such as 1234" if steps in ({0}, {1}, {-1}) else ""
