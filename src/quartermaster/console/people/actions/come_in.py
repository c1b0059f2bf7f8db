"""Coming in at a shared device by badge and PIN, and going out."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.contrib.auth.models import User
from django.db import transaction

from quartermaster.console.models import Person
from quartermaster.console.people.actions.badges import digest_of, is_pin
from quartermaster.console.people.queries import DeviceShown
from quartermaster.console.people.roles import PIN_TRIES, allows
from quartermaster.core import sql
from quartermaster.core.errors import Refused
from quartermaster.core.events import Event, emit
from quartermaster.events import PersonCameIn, PersonLeft, PersonVouched, PinRefused

TRIED_EVERY = timedelta(seconds=1)


class BadgeUnknown(Refused):
    code = "badge-unknown"
    status = 403
    message = "This badge signs nobody in."
    remedy = (
        "Scan it once more. If it was replaced or revoked, a supervisor prints a new one on the page People."
    )


class PinWrong(Refused):
    code = "pin-wrong"
    status = 403
    message = "This is not the PIN. {left} more {tries}."
    remedy = "Scan the badge again. A supervisor can give you a new PIN on the page People."


class PinLocked(Refused):
    code = "pin-locked"
    status = 403
    message = "Five PINs in a row were wrong: this badge is locked."
    remedy = "A supervisor unlocks it with a new PIN on the page People."


class TooFast(Refused):
    code = "pin-too-fast"
    status = 429
    message = "One PIN a second is heard."
    remedy = "Wait a moment, then scan the badge again."


class NotHere(Refused):
    code = "not-here"
    status = 403
    message = "{name} does not work at {site}."
    remedy = "An owner can add the site on the page People."


class NoLead(Refused):
    code = "no-lead"
    status = 403
    message = "{name} may not accept this either."
    remedy = "An owner or a supervisor can: their PIN, then their badge."


class In(NamedTuple):
    """Who came in, by which badge."""

    user: User
    badge: int


FOUND = """
select b.id, b.user_id from console_badge b join auth_user u on u.id = b.user_id and u.is_active
where b.digest = %s and b.revoked_at is null
"""
SEEN = "update console_device set seen_at = %s where id = %s"


def come_in(code: str, pin: str, device: DeviceShown, *, at: datetime) -> In:
    """Raises BadgeUnknown, PinWrong, PinLocked, TooFast, NotHere. A wrong PIN is counted and told
    for good, also when the request fails later."""

    def came(found: Person) -> Event:
        sql.run(SEEN, (at, device.id))
        who = f"user:{found.pk}"
        return PersonCameIn(subject=who, at=at, actor=who, how="badge", device=device.name)

    return _known(code, pin, device, came, right="floor:read", at=at)


def vouch(code: str, pin: str, device: DeviceShown, *, right: str, what: str, at: datetime) -> User:
    """Somebody with the right accepts, by badge and PIN, what the person at the device may not. The session
    stays that person's. Raises what come_in does, and NoLead."""

    def vouched(found: Person) -> Event:
        who = f"user:{found.pk}"
        return PersonVouched(subject=who, at=at, actor=who, device=device.name, what=what)

    return _known(code, pin, device, vouched, right=right, at=at).user


def _known(
    code: str,
    pin: str,
    device: DeviceShown,
    told: Callable[[Person], Event],
    *,
    right: str,
    at: datetime,
) -> In:
    """Who wears this badge and knows its PIN. The refusal comes after the commit: what it counts is kept."""
    with transaction.atomic():
        badges = sql.run(FOUND, (digest_of(code),))
        if not badges:
            raise BadgeUnknown
        ((badge, user_id),) = badges
        found = Person.objects.select_for_update(of=("self",)).select_related("user").get(user_id=user_id)
        refusal = _refusal(found, pin, device, right, at)
        if refusal is None:
            found.pin_wrong, found.pin_tried_at = 0, at
            found.save(update_fields=["pin_wrong", "pin_tried_at"])
            emit([told(found)])
    if refusal is not None:
        raise refusal
    assert isinstance(found.user, User)
    return In(found.user, badge)


def leave(user_id: int, device: str, *, because: str, at: datetime) -> None:
    """Signed off at a device: asked, other (somebody else came in) or idle."""
    who = f"user:{user_id}"
    with transaction.atomic():
        emit([PersonLeft(subject=who, at=at, actor=who, device=device, because=because)])


def _refusal(found: Person, pin: str, device: DeviceShown, right: str, at: datetime) -> Refused | None:
    """Why not. What a wrong PIN leaves behind is saved with it."""
    if found.pin_wrong >= PIN_TRIES:
        return PinLocked()
    if found.pin_tried_at is not None and at - found.pin_tried_at < TRIED_EVERY and found.pin_wrong:
        return TooFast()
    if not is_pin(found, pin):
        found.pin_wrong, found.pin_tried_at = found.pin_wrong + 1, at
        found.save(update_fields=["pin_wrong", "pin_tried_at"])
        is_locked, who = found.pin_wrong >= PIN_TRIES, f"user:{found.pk}"
        emit([PinRefused(subject=who, at=at, actor=who, device=device.name, is_locked=is_locked)])
        left = PIN_TRIES - found.pin_wrong
        return PinLocked() if is_locked else PinWrong(left=left, tries="try" if left == 1 else "tries")
    if not allows(found.role, "floor:read") or (found.sites and device.location not in found.sites):
        return NotHere(name=found.user.get_username(), site=device.location)
    return None if allows(found.role, right) else NoLead(name=found.user.get_username())
