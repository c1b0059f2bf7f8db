"""Saying something of late rows on a page: known, later, mine; and what was said of a row, in words."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from django.http import HttpRequest

from quartermaster.console.gate import actor, who
from quartermaster.console.orders.queries import user_names
from quartermaster.console.people.queries import PersonShown, people
from quartermaster.console.people.roles import allows
from quartermaster.core.errors import Invalid
from quartermaster.core.texts import short
from quartermaster.tracking.actions.answer_late import Said, answer_late, assign_late
from quartermaster.warehouse.queries.care import CareShown
from quartermaster.warehouse.rules.care import NOTE_MAX, ROWS_MAX

SHOWS: Final = {
    "open": "Open",
    "mine": "Mine",
    "unassigned": "Unassigned",
    "snoozed": "Snoozed",
    "acknowledged": "Acknowledged",
    "all": "All",
}
LATER: Final = {
    "1h": "for an hour",
    "4h": "for four hours",
    "morning": "until tomorrow, 08:00",
    "3d": "for three days",
    "7d": "for a week",
}
_SPANS: Final = {
    "1h": timedelta(hours=1),
    "4h": timedelta(hours=4),
    "3d": timedelta(days=3),
    "7d": timedelta(days=7),
}
_ANSWERS: Final = {"acknowledge": "acknowledged", "snooze": "snoozed", "open": "open"}
# What those can do that a list is given to: see it.
_SEES: Final = {"late": "ship:read", "timers": "floor:read"}
_KINDS: Final = {
    "foreseen": "likely late",
    "no_scan": "never scanned",
    "exceptions": "in trouble",
    "breaching": "soon too late",
    "pick": "to pick",
    "pack": "to pack",
    "dispatch": "to hand over",
}


class Wanted(NamedTuple):
    """Which rows a list shows: as queries ask for them."""

    show: str
    assignee: str


class Seen(NamedTuple):
    """What was said of a row. whose: a name. said: a sentence, "" for none. is_over: it counts no more."""

    whose: str
    said: str
    note: str
    is_over: bool


def wanted(request: HttpRequest, show: str) -> Wanted:
    return Wanted("open", actor(request)) if show == "mine" else Wanted(show, "")


def say(request: HttpRequest, kind: str, *, at: datetime) -> list[Said]:
    """What the form says of the rows chosen; each with its result. Raises Invalid."""
    given, person = request.POST, who(request)
    rows = [short(name, 40) for name in given.getlist("chosen")][:ROWS_MAX]
    act = given.get("act", "")
    if act == "assign":
        assignee = given.get("assignee", "")
        theirs = _sites_of(assignee)
        sites = [site for site in person.sites if not theirs or site in theirs] if person.sites else theirs
        if person.sites and not sites:
            raise Invalid(what="The assignment", errors={"assignee": "works at none of your sites"})
        return assign_late(rows, kind=kind, assignee=assignee, sites=sites, at=at, by=actor(request))
    if act not in _ANSWERS:
        raise Invalid(what="The answer", errors={"act": "acknowledge, snooze, open or assign"})
    return answer_late(
        rows,
        kind=kind,
        answer=_ANSWERS[act],
        note=short(given.get("note", "").strip(), NOTE_MAX),
        until=_until(given.get("until", ""), given.get("moment", ""), at) if act == "snooze" else None,
        sites=person.sites,
        at=at,
        by=actor(request),
    )


def form(section: str) -> dict[str, object]:
    """What late/care.html needs, besides `kind` and `show`."""
    able = [one for one in people() if one.is_active and allows(one.role, _SEES[section])]
    return {
        "later": LATER.items(),
        "people": [(f"user:{one.id}", one.name) for one in able],
        "note_max": NOTE_MAX,
    }


def seen(cares: Sequence[CareShown | None]) -> list[Seen | None]:
    """Each in words."""
    known = {one for care in cares if care for one in (care.assignee, care.answered_by)}
    names = user_names(one.removeprefix("user:") for one in known if one.startswith("user:"))

    def name(actor: str) -> str:
        return names.get(actor.removeprefix("user:"), actor)

    def words(care: CareShown) -> Seen:
        said = ""
        if care.answer == "acknowledged":
            said = f"known as {_KINDS.get(care.late_as, care.late_as.replace('_', ' '))}"
        elif care.answer == "snoozed" and care.snoozed_until:
            said = f"snoozed until {care.snoozed_until.astimezone(UTC):%-d %b %H:%M}"
        said = f"{said} by {name(care.answered_by)}" if said else ""
        return Seen(name(care.assignee), said, care.note if said else "", bool(said) and not care.counts)

    return [words(care) if care else None for care in cares]


def _sites_of(assignee: str) -> list[str]:
    """Those they may work at; none: all of them."""
    if not assignee:
        return []
    found: list[PersonShown] = [one for one in people() if f"user:{one.id}" == assignee]
    return found[0].sites if found else []


def _until(chosen: str, moment: str, at: datetime) -> datetime | None:
    """The moment somebody wrote, else the one they chose."""
    if moment:
        try:
            return datetime.fromisoformat(moment[:16]).replace(tzinfo=UTC)
        except ValueError:
            raise Invalid(what="The answer", errors={"until": "a day and a time"}) from None
    if chosen == "morning":
        tomorrow = at.astimezone(UTC) + timedelta(days=1)
        return tomorrow.replace(hour=8, minute=0, second=0, microsecond=0)
    return at + _SPANS[chosen] if chosen in _SPANS else None
