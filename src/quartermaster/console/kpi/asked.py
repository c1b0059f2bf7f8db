"""Which days a page of figures is asked for."""

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.dateparse import parse_datetime

from quartermaster.console.asked import one_of, texts
from quartermaster.core.errors import Invalid
from quartermaster.insight.queries import shop_zone
from quartermaster.insight.rules.days import Period, day_of
from quartermaster.insight.rules.ranges import DEFAULT, RANGES, period_of


@dataclass(frozen=True)
class Asked:
    """range: a name of RANGES, "" when the days were chosen by hand. known_at: the moment from which they are
    looked at, None for now."""

    period: Period
    range: str
    known_at: datetime | None = None

    @property
    def query(self) -> str:
        """The address of the same days tomorrow, too."""
        return urlencode(
            {"from": self.period.first.isoformat(), "to": self.period.last.isoformat(), "tz": self.period.tz}
        )

    @property
    def rows_query(self) -> str:
        """The same, seen from the same moment: the rows behind a figure are those it counted."""
        if self.known_at is None:
            return self.query
        return f"{self.query}&{urlencode({'as_known_at': self.known_at.isoformat()})}"


def asked(request: HttpRequest, at: datetime) -> Asked:
    """?range=7 or ?from=2026-11-01&to=2026-11-30, with &tz= and &as_known_at=. Raises Invalid."""
    given = texts(request, "range", "from", "to", "tz", "as_known_at")
    tz = given["tz"] or shop_zone()
    known_at = _moment(given["as_known_at"])
    if given["from"] or given["to"]:
        errors: dict[str, str] = {}
        first, last = (_day(given[name], name, errors) for name in ("from", "to"))
        if first is None or last is None:
            raise Invalid(what="The period", errors=errors)
        return Asked(Period(first, last, tz), "", known_at)
    Period(date(2000, 1, 1), date(2000, 1, 1), tz)  # refuses what is no zone, before today is asked for in it
    name = one_of(given["range"], RANGES) or DEFAULT
    return Asked(period_of(name, day_of(at, tz), tz), name, known_at)


def _moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text) if text else None
    except ValueError:
        moment = None
    if text and (moment is None or moment.tzinfo is None):
        raise Invalid(
            what="The moment", errors={"as_known_at": "must be a moment like 2026-11-23T10:00:00+00:00"}
        )
    return moment


def _day(text: str, name: str, errors: dict[str, str]) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        errors[name] = "must be a day like 2026-11-23"
        return None
