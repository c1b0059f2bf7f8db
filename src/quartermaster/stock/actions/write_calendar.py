"""Say how a site works from a day on. Every version is kept: who wrote it, when and why."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from msgspec import structs

from quartermaster.core import sql
from quartermaster.core.errors import Invalid, NotFound, Refused
from quartermaster.core.events import emit
from quartermaster.core.texts import short
from quartermaster.events import SiteCalendarChanged
from quartermaster.stock.rules.calendar import SiteCalendar, errors_in

LOCK = """
select l.id, l.timezone, coalesce((select max(c.version) from stock_calendar c where c.location_id = l.id), 0)
from stock_location l where l.code = %s for no key update
"""
WRITE = """
insert into stock_calendar (location_id, version, from_on, week, handling_days, keeps_holidays, closed,
  opened, cutoffs, because, actor, at)
select %(location_id)s, version, from_on, week, handling_days, keeps_holidays, closed, opened, cutoffs,
  %(because)s, %(by)s, %(at)s
from jsonb_to_recordset(%(calendar)s::jsonb) as w(version int, from_on date, week text,
  handling_days smallint, keeps_holidays boolean, closed jsonb, opened jsonb, cutoffs jsonb)
"""


class CalendarMoved(Refused):
    code = "version-conflict"
    message = "The calendar of {site} is at version {version} now, not at {yours}."
    remedy = "Read version {version}, make the change there, and send it again."


def write_calendar(
    site: str, calendar: SiteCalendar, *, because: str, version: int | None = None, at: datetime, by: str
) -> SiteCalendar:
    """Put a calendar in force from its day on; its version is given here. Promises made before stay as they
    are. version: the one it was made from. Raises NotFound, Invalid with every field, CalendarMoved."""
    with transaction.atomic():
        found = sql.run(LOCK, (site,))
        if not found:
            raise NotFound(what="location", which=short(site, 80))
        ((location_id, timezone, before),) = found
        if version is not None and version != before:
            raise CalendarMoved(site=site, version=before, yours=version)
        written = structs.replace(calendar, version=before + 1)
        errors = errors_in(written)
        if written.from_on < at.astimezone(ZoneInfo(timezone)).date():
            errors["from_on"] = "today or later: what was promised with another calendar stays promised"
        if not because.strip():
            errors["because"] = "say why"
        if errors:
            raise Invalid(what=f"The calendar of {site}", errors=errors)
        told = {"location_id": location_id, "because": because.strip(), "by": by, "at": at}
        sql.run(WRITE, {**told, "calendar": sql.rows([written])})
        emit(
            [
                SiteCalendarChanged(
                    subject=f"location:{site}",
                    at=at,
                    actor=by,
                    location_id=location_id,
                    version=written.version,
                    from_on=written.from_on,
                    because=because.strip(),
                )
            ]
        )
    return written
