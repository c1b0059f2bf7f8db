"""Reading and changing the days of sites."""

from datetime import datetime
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from msgspec import structs

from quartermaster.console.gate import actor
from quartermaster.console.notices import tell
from quartermaster.console.orders.queries import user_names
from quartermaster.console.sites.form import Form, calendar_of, filled, sent
from quartermaster.console.sites.words import week_told
from quartermaster.core.errors import Invalid
from quartermaster.stock.actions.write_calendar import write_calendar
from quartermaster.stock.queries.calendars import DayShown, Site, all_sites, shown, site_of, versions
from quartermaster.stock.rules.calendar import SiteCalendar, in_force


class Row(NamedTuple):
    """A site in the list. closed: its next days off within two weeks."""

    code: str
    name: str
    timezone: str
    week: str
    calendar: SiteCalendar
    today: DayShown
    closed: list[DayShown]


class Day(NamedTuple):
    """A day as it would be, and as it is where that differs."""

    day: DayShown
    before: DayShown | None


def sites(request: HttpRequest) -> HttpResponse:
    """GET /sites"""
    at = now()
    return render(
        request,
        "sites/sites.html",
        {"section": "sites", "rows": [_row(code, name, site, at) for code, name, site in all_sites(at=at)]},
    )


def calendar(request: HttpRequest, code: str) -> HttpResponse:
    """GET /sites/BER/calendar"""
    at = now()
    site = site_of(code, at=at)
    known = versions(code)
    today = site.today(at)
    form = filled(in_force(site.calendars, today), today, known[0].version if known else 0)
    return _page(request, code, site, form, {}, at)


def change(request: HttpRequest, code: str) -> HttpResponse:
    """POST /sites/BER/calendar: look at it, or keep it (do=keep)"""
    at = now()
    site = site_of(code, at=at)
    form = sent(request.POST.dict(), request.POST.getlist("week"))
    wanted, errors = calendar_of(form)
    if request.POST.get("do") == "keep" and not errors:
        version = int(form.version) if form.version.isdecimal() and len(form.version) < 9 else None
        try:
            write_calendar(code, wanted, because=form.because, version=version, at=at, by=actor(request))
        except Invalid as error:
            errors = dict(error.errors)
        else:
            tell(request, f"{code} works this way from {wanted.from_on:%-d %B %Y} on.")
            return redirect("site-calendar", code)
    return _page(request, code, site, form, errors, at, wanted)


def _page(
    request: HttpRequest,
    code: str,
    site: Site,
    form: Form,
    errors: dict[str, str],
    at: datetime,
    wanted: SiteCalendar | None = None,
) -> HttpResponse:
    days = [Day(day, None) for day in shown(site, at=at)]
    if wanted is not None and not errors:
        newest = max((one.version for one in site.calendars), default=0)
        proposed = site._replace(calendars=(*site.calendars, structs.replace(wanted, version=newest + 1)))
        after = shown(proposed, at=at)
        days = [
            Day(day, before.day if before.day != day else None)
            for day, before in zip(after, days, strict=True)
        ]
    known = versions(code)
    names = user_names(one.actor.partition(":")[2] for one in known if one.actor.startswith("user:"))
    context = {
        "section": "sites",
        "code": code,
        "site": site,
        "form": form,
        "errors": errors,
        "days": days,
        "is_preview": wanted is not None and not errors,
        "changed": sum(day.before is not None for day in days),
        "versions": [
            (one, week_told(one.week), names.get(one.actor.removeprefix("user:"), one.actor)) for one in known
        ],
    }
    return render(request, "sites/calendar.html", context, status=422 if errors else 200)


def _row(code: str, name: str, site: Site, at: datetime) -> Row:
    days = shown(site, at=at)
    held = in_force(site.calendars, site.today(at))
    closed = [day for day in days if not day.is_worked and day.because]
    return Row(code, name, site.timezone, week_told(held.week), held, days[0], closed)
