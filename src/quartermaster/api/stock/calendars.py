"""On which days a site works, until when it takes orders, and how many days it needs."""

from datetime import date, datetime, time
from typing import Annotated

from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Router
from pydantic import Field

from quartermaster.api.auth import Bearer, actor
from quartermaster.api.shapes import Because, Moment, Sent, Shape, Text, Told
from quartermaster.api.shapes import Day as On
from quartermaster.core.texts import storable
from quartermaster.stock.actions.write_calendar import write_calendar
from quartermaster.stock.queries.calendars import DayShown, Written, shown, site_of, versions
from quartermaster.stock.rules.calendar import CutOff, Day, SiteCalendar

router = Router(tags=["Stock"])
READ, WRITE = Bearer("stock:read"), Bearer("stock:write")
Clock = Annotated[str, Field(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$"), Told("Local time, as in 14:30.")]
Weekdays = Annotated[str, Field(pattern="^1?2?3?4?5?6?7?$"), Told("ISO weekdays, 12345 is Monday to Friday.")]
Known = Annotated[Moment | None, Told("Only what was recorded by then.")]


class CalendarDay(Sent):
    """A day that is not as the week says, and why."""

    on: On
    because: Text


class SiteCutOff(Sent):
    """weekdays: those it is for, none: all. carrier: empty is all that leaves; service: a product of it."""

    at: Clock
    weekdays: Weekdays = ""
    carrier: Text = ""
    service: Text = ""


class CalendarWanted(Sent):
    """A whole calendar, in force from a day on until the next one's. handling_days: whole days between order
    and hand-over. version: the one it was made from, to be refused when another came in between."""

    from_on: On
    week: Weekdays = "12345"
    handling_days: Annotated[int, Field(ge=0, le=30)] = 0
    keeps_holidays: bool = True
    closed: Annotated[list[CalendarDay], Field(max_length=366)] = []
    opened: Annotated[list[CalendarDay], Field(max_length=366)] = []
    cutoffs: Annotated[list[SiteCutOff], Field(max_length=100)] = []
    because: Because
    version: int | None = None


class CalendarVersion(Shape):
    version: int
    from_on: date
    week: str
    handling_days: int
    keeps_holidays: bool
    closed: list[CalendarDay]
    opened: list[CalendarDay]
    cutoffs: list[SiteCutOff]
    because: str
    actor: str
    recorded_at: datetime


class SiteDay(Shape):
    """because: why it is not as the week says. cutoff: local. leaves_on: the day on which leaves what is
    ordered on it before the cut-off. carriers: their own cut-offs of that day, "acme/express 11:00"."""

    on: date
    is_worked: bool
    because: str
    cutoff: str | None
    carriers: list[str]
    leaves_on: date


@router.get(
    "/locations/{code}/calendar",
    auth=READ,
    response=list[CalendarVersion],
    summary="Read a site's calendar, all versions",
)
def calendar(request: HttpRequest, code: str, as_known_at: Known = None) -> list[CalendarVersion]:
    """The newest first. On a day the one with the latest `from_on` holds, of several the newest; before the
    first one Monday to Friday without public holidays."""
    site_of(storable(code), at=now())
    return [_version(one) for one in versions(storable(code), known_at=as_known_at)]


@router.post(
    "/locations/{code}/calendar",
    auth=WRITE,
    response={201: CalendarVersion},
    summary="Write a site's calendar",
)
def write(request: HttpRequest, code: str, wanted: CalendarWanted) -> CalendarVersion:
    """Promises made before stay as they are."""
    made = SiteCalendar(
        from_on=wanted.from_on,
        week=wanted.week,
        handling_days=wanted.handling_days,
        keeps_holidays=wanted.keeps_holidays,
        closed=tuple(Day(one.on, one.because) for one in wanted.closed),
        opened=tuple(Day(one.on, one.because) for one in wanted.opened),
        cutoffs=tuple(
            CutOff(time.fromisoformat(one.at), one.weekdays, one.carrier, one.service)
            for one in wanted.cutoffs
        ),
    )
    write_calendar(
        storable(code), made, because=wanted.because, version=wanted.version, at=now(), by=actor(request)
    )
    return _version(versions(storable(code))[0])


@router.get("/locations/{code}/days", auth=READ, response=list[SiteDay], summary="A site's next days")
def days(request: HttpRequest, code: str, count: Annotated[int, Field(ge=1, le=60)] = 14) -> list[DayShown]:
    at = now()
    return shown(site_of(storable(code), at=at), at=at, count=count)


def _version(one: Written) -> CalendarVersion:
    told = {name: getattr(one, name) for name in one.__struct_fields__}
    told["closed"], told["opened"] = (
        [CalendarDay(on=day.on, because=day.because) for day in of] for of in (one.closed, one.opened)
    )
    told["cutoffs"] = [
        SiteCutOff(at=f"{cut.at:%H:%M}", weekdays=cut.weekdays, carrier=cut.carrier, service=cut.service)
        for cut in one.cutoffs
    ]
    return CalendarVersion.model_validate(told)
