"""A calendar as a form of plain fields, both ways."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from quartermaster.core.texts import short
from quartermaster.stock.rules import calendar as rules
from quartermaster.stock.rules import calendar_text as texts
from quartermaster.stock.rules.calendar import SiteCalendar

WEEKDAYS = (
    *(("1", "Mon"), ("2", "Tue"), ("3", "Wed"), ("4", "Thu"), ("5", "Fri"), ("6", "Sat"), ("7", "Sun")),
)
LONG = 40_000  # characters of a field: a year of days with their reasons
_FIELDS = ("from_on", "handling_days", "closed", "opened", "cutoffs", "because", "version")


class Form(NamedTuple):
    """What the fields say, as they were written."""

    from_on: str
    week: str
    handling_days: str
    keeps_holidays: bool
    closed: str
    opened: str
    cutoffs: str
    because: str
    version: str

    @property
    def weekdays(self) -> list[tuple[str, str, bool]]:
        """Number, name and whether it is worked, of each weekday."""
        return [(number, name, number in self.week) for number, name in WEEKDAYS]


def filled(calendar: SiteCalendar, today: date, newest: int) -> Form:
    """The form to change a calendar with, from today on. Days that are over are left out."""
    return Form(
        from_on=today.isoformat(),
        week=calendar.week,
        handling_days=str(calendar.handling_days),
        keeps_holidays=calendar.keeps_holidays,
        closed=texts.days_told(tuple(one for one in calendar.closed if one.on >= today)),
        opened=texts.days_told(tuple(one for one in calendar.opened if one.on >= today)),
        cutoffs=texts.cutoffs_told(calendar.cutoffs),
        because="",
        version=str(newest),
    )


def sent(given: Mapping[str, str], weekdays: list[str]) -> Form:
    """What came over the wire."""
    said = {name: short(given.get(name, "").strip(), LONG) for name in _FIELDS}
    week = "".join(number for number, _ in WEEKDAYS if number in weekdays)
    return Form(**said, week=week, keeps_holidays=bool(given.get("keeps_holidays")))


def calendar_of(form: Form) -> tuple[SiteCalendar, dict[str, str]]:
    """The calendar it says, and field -> what cannot be read or be."""
    errors: dict[str, str] = {}
    told: dict[str, object] = {"week": form.week, "keeps_holidays": form.keeps_holidays}
    for name, read, text in (
        ("from_on", date.fromisoformat, form.from_on),
        ("handling_days", int, form.handling_days),
        ("closed", texts.days, form.closed),
        ("opened", texts.days, form.opened),
        ("cutoffs", texts.cutoffs, form.cutoffs),
    ):
        try:
            told[name] = read(text)
        except ValueError as error:
            plain = name in ("from_on", "handling_days")
            errors[name] = "not a day" if name == "from_on" else "a whole number" if plain else str(error)
    calendar = SiteCalendar(**told)  # type: ignore[arg-type]
    return calendar, errors or rules.errors_in(calendar)
