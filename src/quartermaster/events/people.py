"""Who may do what, and who came in: people, their badges, and the shared devices of the floor."""

from typing import ClassVar

from quartermaster.core.events import Event
from quartermaster.events.accepted import Changed


class PersonInvited(Event, frozen=True, kw_only=True):
    """Somebody may sign in from now on, with the link they were given."""

    kind: ClassVar[str] = "user"
    person: str
    role: str
    sites: tuple[str, ...]  # none: all of them


class PersonChanged(Event, frozen=True, kw_only=True):
    """Role or sites are others, or the person may not come in any more, or may again."""

    kind: ClassVar[str] = "user"
    person: str
    changed: Changed


class PersonCameIn(Event, frozen=True, kw_only=True):
    """Signed in, by a one-time link or by badge at a device."""

    kind: ClassVar[str] = "user"
    how: str  # link | badge
    device: str


class PersonLeft(Event, frozen=True, kw_only=True):
    """Signed off at a device: by themselves, because somebody else came in, or for want of scans."""

    kind: ClassVar[str] = "user"
    device: str
    because: str  # asked | other | idle


class PersonVouched(Event, frozen=True, kw_only=True):
    """Accepted, by badge and PIN, what the person at a device may not."""

    kind: ClassVar[str] = "user"
    device: str
    what: str


class PinRefused(Event, frozen=True, kw_only=True):
    """A badge was scanned and its PIN was wrong. is_locked: no PIN is heard any more."""

    kind: ClassVar[str] = "user"
    device: str
    is_locked: bool


class PinChanged(Event, frozen=True, kw_only=True):
    """The PIN is another one, and wrong tries are forgotten."""

    kind: ClassVar[str] = "user"


class BadgeMade(Event, frozen=True, kw_only=True):
    """A badge was made for printing; one before it is worth nothing any more."""

    kind: ClassVar[str] = "user"
    badge_id: int


class BadgeRevoked(Event, frozen=True, kw_only=True):
    """A badge signs nobody in any more, and who is in by it is out."""

    kind: ClassVar[str] = "user"
    badge_id: int


class DeviceEnrolled(Event, frozen=True, kw_only=True):
    """People can sign in at this device by badge."""

    kind: ClassVar[str] = "device"
    device: str
    location: str


class DeviceRevoked(Event, frozen=True, kw_only=True):
    """A device lets nobody in any more."""

    kind: ClassVar[str] = "device"
    device: str
