"""Shared devices: a supervisor makes one known, and it lets people in by badge from then on."""

import hashlib
import secrets
from datetime import datetime

from django.db import IntegrityError, transaction

from quartermaster.console.models import Device
from quartermaster.core import sql
from quartermaster.core.errors import Invalid, NotFound, Refused
from quartermaster.core.events import emit
from quartermaster.events import DeviceEnrolled, DeviceRevoked

_NAME_MAX = 40


class DeviceNamed(Refused):
    code = "device-named"
    message = "There is a device named {name} already."
    remedy = "Give this one another name, or revoke the other on the page People."


def enroll(name: str, location: str, *, at: datetime, by: str) -> str:
    """The cookie's text: the device alone keeps it. Raises Invalid, NotFound, DeviceNamed."""
    name = name.strip()
    if not name.isprintable() or not name or len(name) > _NAME_MAX:
        raise Invalid(what="The device", errors={"name": f"1 to {_NAME_MAX} printable characters"})
    found = sql.run("select id from stock_location where code = %s and is_active", (location,))
    if not found:
        raise NotFound(what="site", which=location)
    token = secrets.token_urlsafe(32)
    try:
        with transaction.atomic():
            made = Device.objects.create(
                name=name,
                location_id=found[0][0],
                digest=hashlib.sha256(token.encode()).digest(),
                enrolled_at=at,
                enrolled_by=by,
            )
            subject = f"device:{made.pk}"
            emit([DeviceEnrolled(subject=subject, at=at, actor=by, device=name, location=location)])
    except IntegrityError as error:
        raise DeviceNamed(name=name) from error
    return token


def revoke_device(device_id: int, *, at: datetime, by: str) -> None:
    """Nobody comes in there any more, and who is in is out. Twice is once. Raises NotFound."""
    with transaction.atomic():
        found = Device.objects.select_for_update().filter(pk=device_id).first()
        if found is None:
            raise NotFound(what="device", which=device_id)
        if found.revoked_at is None:
            found.revoked_at = at
            found.save(update_fields=["revoked_at"])
            emit([DeviceRevoked(subject=f"device:{found.pk}", at=at, actor=by, device=found.name)])
