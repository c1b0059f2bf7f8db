"""What the trail of a person says, in words."""

from collections.abc import Mapping

from quartermaster.console.people.roles import ROLES

_LEFT = {
    "asked": "Signed off",
    "other": "Signed off: somebody else came in",
    "idle": "Signed off: no scan for long",
}


def told(name: str, body: Mapping[str, object]) -> tuple[str, bool]:
    """The sentence, and whether it is bad news."""
    device = f" at {body['device']}" if body.get("device") else ""
    if name == "PersonCameIn":
        return f"Signed in by {body.get('how')}{device}", False
    if name == "PersonLeft":
        return f"{_LEFT.get(str(body.get('because')), 'Signed off')}{device}", False
    if name == "PersonVouched":
        return f"Accepted {body.get('what')}{device}", False
    if name == "PinRefused":
        locked = "; the badge is locked" if body.get("is_locked") else ""
        return f"A wrong PIN{device}{locked}", True
    if name == "PersonChanged":
        changed = body.get("changed")
        assert isinstance(changed, Mapping)
        return "; ".join(_change(field, *pair) for field, pair in changed.items()), False
    return {
        "PersonInvited": "Invited",
        "PinChanged": "New PIN",
        "BadgeMade": "Badge made",
        "BadgeRevoked": "Badge revoked",
    }.get(name, name), False


def _change(field: str, before: object, after: object) -> str:
    if field == "role":
        return f"Role {_role(before)} → {_role(after)}"
    if field == "may_come_in":
        return "May come in again" if after else "May not come in any more"
    assert isinstance(after, list | tuple)
    return f"Sites: {', '.join(map(str, after)) or 'all'}"


def _role(name: object) -> str:
    return ROLES[str(name)].title if name in ROLES else "none"
