"""Which days a page of figures is asked for."""

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.http import HttpRequest

from quartermaster.console.asked import one_of, texts
from quartermaster.core.errors import Invalid
from quartermaster.insight.queries import shop_zone
from quartermaster.insight.rules.days import Period, day_of
from quartermaster.insight.rules.ranges import DEFAULT, RANGES, period_of


@dataclass(frozen=True)
class Asked:
    """range: a name of RANGES, "" when the days were chosen by hand."""

    period: Period
    range: str

    @property
    def query(self) -> str:
        """The address of the same days tomorrow, too."""
        return urlencode(
            {"from": self.period.first.isoformat(), "to": self.period.last.isoformat(), "tz": self.period.tz}
        )


def asked(request: HttpRequest, at: datetime) -> Asked:
    """?range=7 or ?from=2026-11-01&to=2026-11-30, with &tz=Europe/Berlin. Raises Invalid."""
    given = texts(request, "range", "from", "to", "tz")
    tz = given["tz"] or shop_zone()
    if given["from"] or given["to"]:
        errors: dict[str, str] = {}
        first, last = (_day(given[name], name, errors) for name in ("from", "to"))
        if first is None or last is None:
            raise Invalid(what="The period", errors=errors)
        return Asked(Period(first, last, tz), "")
    Period(date(2000, 1, 1), date(2000, 1, 1), tz)  # refuses what is no zone, before today is asked for in it
    name = one_of(given["range"], RANGES) or DEFAULT
    return Asked(period_of(name, day_of(at, tz), tz), name)


def _day(text: str, name: str, errors: dict[str, str]) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        errors[name] = "must be a day like 2026-11-23"
        return None
