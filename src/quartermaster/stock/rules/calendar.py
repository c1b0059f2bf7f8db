"""A site's own days: on which it works, until when an order leaves the same day, how many days it needs.

A calendar holds from a day on. Written again for the same day or an earlier one, the newer takes its place.
"""

from collections.abc import Iterator, Sequence
from datetime import date, time, timedelta
from functools import lru_cache

from msgspec import Struct

from quartermaster.core.workdays import WEEK

HANDLING_MAX, CUTOFFS_MAX, DAYS_MAX, TEXT_MAX, YEAR = 30, 100, 400, 120, timedelta(days=366)


class Day(Struct, frozen=True):
    """A day off, or one that is worked though it would be off."""

    on: date
    because: str


class CutOff(Struct, frozen=True, omit_defaults=True):
    """Of all that leaves the site, or what one carrier (one product of it) takes. weekdays: "" for all."""

    at: time
    weekdays: str = ""
    carrier: str = ""
    service: str = ""


class SiteCalendar(Struct, frozen=True):
    """Held from from_on until the next. week: ISO weekdays. handling_days: whole days between the order and
    its hand-over. closed: beside public holidays, which are worked where keeps_holidays is false."""

    from_on: date = date.min
    week: str = WEEK
    handling_days: int = 0
    keeps_holidays: bool = True
    closed: tuple[Day, ...] = ()
    opened: tuple[Day, ...] = ()
    cutoffs: tuple[CutOff, ...] = ()
    version: int = 0


ORDINARY = SiteCalendar()
type Calendars = tuple[SiteCalendar, ...]


class Days(Struct, frozen=True):
    """Calendars as of a first day. week: the one of that day; days that differ from it are closed_on or
    open_on. cutoffs_on: days whose cut-off is not the first day's. Right for the days asked, and at least
    until the hand-over of what is ordered on the first one."""

    week: str
    closed_on: tuple[date, ...]
    open_on: tuple[date, ...]
    handling_days: int
    cutoff: time | None
    cutoffs_on: tuple[tuple[date, time | None], ...] = ()


def in_force(calendars: Calendars, day: date) -> SiteCalendar:
    """The one that holds on a day."""
    held = [one for one in calendars if one.from_on <= day]
    return max(held, key=lambda one: (one.from_on, one.version), default=ORDINARY)


def works_on(calendars: Calendars, day: date, holidays: Sequence[date]) -> tuple[bool, str]:
    """Whether a site works on a day, and why when that is not its week's ordinary answer."""
    calendar = in_force(calendars, day)
    for of, answer in ((calendar.closed, False), (calendar.opened, True)):
        for one in of:
            if one.on == day:
                return answer, one.because
    if str(day.isoweekday()) not in calendar.week:
        return False, ""
    if calendar.keeps_holidays and day in holidays:
        return False, "Public holiday"
    return True, ""


def cutoff_on(
    calendars: Calendars, day: date, ordinary: time | None, carrier: str = "", service: str = ""
) -> time | None:
    """The cut-off of a day: the closest one that is set, in this order: for the product, for its carrier, for
    the site, the site's `ordinary` one. One for this weekday is closer than one for all."""
    weekday = str(day.isoweekday())
    found = [
        ((bool(one.carrier), bool(one.service), bool(one.weekdays)), one.at)
        for one in in_force(calendars, day).cutoffs
        if (not one.weekdays or weekday in one.weekdays)
        and one.carrier in ("", carrier)
        and one.service in ("", service)
    ]
    return max(found)[1] if found else ordinary


@lru_cache(maxsize=4096)
def days(
    calendars: Calendars, ordinary: time | None, first: date, holidays: tuple[date, ...], ahead: int = 30
) -> Days:
    """From `first` on for `ahead` days, and longer where the hand-over needs it. holidays: of DAYS_MAX days
    from the first on."""
    start = in_force(calendars, first)
    cutoff = cutoff_on(calendars, first, ordinary)
    closed: list[date] = []
    opened: list[date] = []
    others: list[tuple[date, time | None]] = []
    worked = 0
    for n in range(DAYS_MAX):
        if n > ahead and worked > start.handling_days + 1:
            break
        day = first + timedelta(days=n)
        is_worked = works_on(calendars, day, holidays)[0]
        worked += is_worked
        if is_worked is not (str(day.isoweekday()) in start.week):
            (opened if is_worked else closed).append(day)
        if is_worked and (other := cutoff_on(calendars, day, ordinary)) != cutoff:
            others.append((day, other))
    return Days(start.week, tuple(closed), tuple(opened), start.handling_days, cutoff, tuple(others))


def errors_in(calendar: SiteCalendar) -> dict[str, str]:
    """Field -> what is wrong with a calendar as it would be."""
    return dict(_wrong(calendar))


def _wrong(calendar: SiteCalendar) -> Iterator[tuple[str, str]]:
    if not calendar.week or not is_week(calendar.week):
        yield "week", "one working day at least, as 12345 for Monday to Friday"
    if not 0 <= calendar.handling_days <= HANDLING_MAX:
        yield "handling_days", f"whole days, 0 to {HANDLING_MAX}"
    closed, opened = ({one.on for one in of} for of in (calendar.closed, calendar.opened))
    for name, listed in (("closed", calendar.closed), ("opened", calendar.opened)):
        if len(listed) > YEAR.days:
            yield name, f"at most {YEAR.days} days"
        elif len({one.on for one in listed}) < len(listed):
            yield name, "a day stands there twice"
        elif any(not _is_told(one.because) for one in listed):
            yield name, f"say why for each day, in 1 to {TEXT_MAX} characters"
        elif any(one.on < calendar.from_on for one in listed):
            yield name, "a day lies before the one from which the calendar holds"
    if closed & opened:
        yield "opened", f"{min(closed & opened)} is closed as well"
    yield from _wrong_cutoffs(calendar.cutoffs)


def _wrong_cutoffs(cutoffs: tuple[CutOff, ...]) -> Iterator[tuple[str, str]]:
    of_what = {(one.weekdays, one.carrier, one.service) for one in cutoffs}
    if len(of_what) < len(cutoffs) or len(cutoffs) > CUTOFFS_MAX:
        yield "cutoffs", f"each once, and at most {CUTOFFS_MAX} of them"
    for one in cutoffs:
        if not is_week(one.weekdays):
            yield "cutoffs", "weekdays as 12345, nothing for all of them"
        if one.service and not one.carrier:
            yield "cutoffs", "a product needs its carrier"
        if any(name and not _is_told(name) for name in (one.carrier, one.service)):
            yield "cutoffs", f"names of at most {TEXT_MAX} printable characters"
        if one.at.tzinfo or one.at.second or one.at.microsecond:
            yield "cutoffs", "local time to the minute, as 14:30"


def is_week(text: str) -> bool:
    """Weekdays 1 to 7 in their order, each once; none is fine."""
    return set(text) <= set("1234567") and text == "".join(sorted(set(text)))


def _is_told(text: str) -> bool:
    return text.isprintable() and text == text.strip() and 0 < len(text) <= TEXT_MAX
