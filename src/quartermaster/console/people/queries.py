"""Who somebody is and may do what; the people, their badges, devices and what they signed in by."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

import msgspec

from quartermaster.console.people.roles import PIN_TRIES, allows
from quartermaster.core import sql
from quartermaster.core.errors import NotFound


class Standing(NamedTuple):
    """A signed-in person. sites: codes, none means all. device: the shared one they came in at by badge."""

    user_id: int
    name: str
    role: str
    sites: tuple[str, ...] = ()
    device: int | None = None
    is_current: bool = True  # the badge and the device, if they came in by one, still count

    @property
    def by_badge(self) -> bool:
        return self.device is not None

    def may(self, right: str) -> bool:
        return allows(self.role, right)

    def is_at(self, site: str) -> bool:
        return not self.sites or site in self.sites


STANDING = """
select u.id, u.username, coalesce(p.role, ''), coalesce(p.sites, '{}'), %(device)s::bigint,
  %(device)s::bigint is null or exists (
    select from console_badge b join console_device d on d.id = %(device)s and d.revoked_at is null
    where b.id = %(badge)s and b.user_id = u.id and b.revoked_at is null)
from auth_user u left join console_person p on p.user_id = u.id where u.id = %(user)s
"""


def standing(user_id: int, *, badge: int | None = None, device: int | None = None) -> Standing:
    """One statement. `badge`, `device`: what the session was begun with, None for one begun by link."""
    ((pk, name, role, sites, at, is_current),) = sql.run(
        STANDING, {"user": user_id, "badge": badge, "device": device}
    )
    return Standing(pk, name, role, tuple(sites), at, is_current)


def is_in(user_id: int) -> bool:
    """Whether somebody may come in at all."""
    return bool(sql.run("select from auth_user where id = %s and is_active", (user_id,)))


class Heard(NamedTuple):
    """How many scans of somebody were heard, and how many of them were wrong."""

    scans: int
    wrong: int


HEARD = """
select by, count(*), count(*) filter (where not is_right) from console_floor_scan
where heard_at > %s and by = any(%s) group by by
"""


def scans_heard(people: Iterable[str], *, since: datetime) -> dict[str, Heard]:
    """user:3 -> what was heard since then."""
    return {by: Heard(scans, wrong) for by, scans, wrong in sql.run(HEARD, (since, list(people)))}


class PersonShown(NamedTuple):
    """pin: "" none, "set", "locked". badge: the live one. came_at: last sign-in, by any way."""

    id: int
    name: str
    role: str
    sites: list[str]
    is_active: bool
    pin: str
    badge: int | None
    badge_at: datetime | None
    came_at: datetime | None


PEOPLE = """
select u.id, u.username, coalesce(p.role, ''), coalesce(p.sites, '{}'), u.is_active,
  case when p.pin_digest is null then '' when p.pin_wrong >= %(tries)s then 'locked' else 'set' end,
  b.id, b.made_at, u.last_login
from auth_user u left join console_person p on p.user_id = u.id
left join console_badge b on b.user_id = u.id and b.revoked_at is null
where %(id)s::bigint is null or u.id = %(id)s
order by not u.is_active, u.username limit 500
"""


def people() -> list[PersonShown]:
    """Everybody, those who may not come in any more last."""
    return [PersonShown._make(row) for row in sql.run(PEOPLE, {"id": None, "tries": PIN_TRIES})]


def person(user_id: int) -> PersonShown:
    """Raises NotFound."""
    found = sql.run(PEOPLE, {"id": user_id, "tries": PIN_TRIES})
    if not found:
        raise NotFound(what="person", which=user_id)
    return PersonShown._make(found[0])


class Signed(NamedTuple):
    """One line of the trail: what, when, at which device, by whom it was done."""

    name: str
    at: datetime
    actor: str
    body: dict[str, object]


TRAIL = """
select name, at, actor, body::text from core_event where subject = %s order by id desc limit %s
"""


def trail(user_id: int, *, limit: int = 50) -> list[Signed]:
    """What happened to a person here: came in, left, was refused; role, badge, PIN. The newest first."""
    found = sql.run(TRAIL, (f"user:{user_id}", limit))
    return [Signed(name, at, actor, msgspec.json.decode(body)) for name, at, actor, body in found]


class DeviceShown(NamedTuple):
    id: int
    name: str
    location: str
    enrolled_at: datetime
    seen_at: datetime | None


DEVICES = """
select d.id, d.name, l.code, d.enrolled_at, d.seen_at
from console_device d join stock_location l on l.id = d.location_id
where d.revoked_at is null and (%(digest)s::bytea is null or d.digest = %(digest)s) order by l.code, d.name
"""


def devices() -> list[DeviceShown]:
    """Those that let people in."""
    return [DeviceShown._make(row) for row in sql.run(DEVICES, {"digest": None})]


def device_of(digest: bytes) -> DeviceShown | None:
    """The live device with this cookie's hash."""
    found = sql.run(DEVICES, {"digest": digest})
    return DeviceShown._make(found[0]) if found else None


SITES = "select code from stock_location where is_active order by code"


def site_codes() -> list[str]:
    return [row[0] for row in sql.run(SITES)]
