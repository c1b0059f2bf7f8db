"""Saying something of what is listed on a page: known, later, mine; and what was said of it, in words."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from django.http import HttpRequest

from quartermaster.console.gate import actor, who
from quartermaster.console.orders.queries import user_names
from quartermaster.console.people.queries import PersonShown, people
from quartermaster.console.people.roles import allows
from quartermaster.core.care import NOTE_MAX, CareTold
from quartermaster.core.errors import Invalid
from quartermaster.core.texts import short

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


class Answer(NamedTuple):
    """What a form says: as actions take it."""

    answer: str
    note: str
    until: datetime | None


def wanted(request: HttpRequest, show: str) -> Wanted:
    return Wanted("open", actor(request)) if show == "mine" else Wanted(show, "")


def answer_of(request: HttpRequest, *, at: datetime) -> Answer:
    """The answer that a form gives. Raises Invalid."""
    given = request.POST
    act = given.get("act", "")
    if act not in _ANSWERS:
        raise Invalid(what="The answer", errors={"act": "acknowledge, snooze, open or assign"})
    until = _until(given.get("until", ""), given.get("moment", ""), at) if act == "snooze" else None
    return Answer(_ANSWERS[act], short(given.get("note", "").strip(), NOTE_MAX), until)


def sites_for(request: HttpRequest, assignee: str) -> Sequence[str]:
    """The sites of whose rows somebody here may give to them: those both work at; none: all. Raises
    Invalid."""
    mine, theirs = who(request).sites, _sites_of(assignee)
    sites = [site for site in mine if not theirs or site in theirs] if mine else theirs
    if mine and not sites:
        raise Invalid(what="The assignment", errors={"assignee": "works at none of your sites"})
    return sites


def form(sees: str) -> dict[str, object]:
    """What care/fields.html needs. sees: the right that whoever something is given to must have."""
    able = [one for one in people() if one.is_active and allows(one.role, sees)]
    return {
        "later": LATER.items(),
        "people": [(f"user:{one.id}", one.name) for one in able],
        "note_max": NOTE_MAX,
    }


def seen[T: CareTold](
    cares: Sequence[T | None], known: Callable[[T], str] = lambda care: "known"
) -> list[Seen | None]:
    """Each in words. known: how it is told that one was acknowledged."""
    people = {one for care in cares if care for one in (care.assignee, care.answered_by)}
    names = names_of(people)

    def words(care: T) -> Seen:
        said = ""
        if care.answer == "acknowledged":
            said = known(care)
        elif care.answer == "snoozed" and care.snoozed_until:
            said = f"snoozed until {care.snoozed_until.astimezone(UTC):%-d %b %H:%M}"
        said = f"{said} by {names.get(care.answered_by, care.answered_by)}" if said else ""
        whose = names.get(care.assignee, care.assignee)
        return Seen(whose, said, care.note if said else "", bool(said) and not care.counts)

    return [words(care) if care else None for care in cares]


def names_of(actors: set[str]) -> dict[str, str]:
    """user:3 -> the name, of those that are people."""
    numbers = [one.removeprefix("user:") for one in actors if one.startswith("user:")]
    return {f"user:{number}": name for number, name in user_names(numbers).items()} if numbers else {}


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
