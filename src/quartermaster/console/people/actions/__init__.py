"""Inviting, changing and stopping people; badges and PINs; devices; coming in by badge."""

from quartermaster.console.people.actions.badges import BADGE_PREFIX, make_badge, revoke_badge, set_pin
from quartermaster.console.people.actions.come_in import come_in, leave, vouch
from quartermaster.console.people.actions.devices import enroll, revoke_device
from quartermaster.console.people.actions.persons import change, invite, link_for, person_for, stop, take_back

__all__ = [
    "BADGE_PREFIX",
    "change",
    "come_in",
    "enroll",
    "invite",
    "leave",
    "link_for",
    "make_badge",
    "person_for",
    "revoke_badge",
    "revoke_device",
    "set_pin",
    "stop",
    "take_back",
    "vouch",
]
