"""Keep how each window of each measure stands today, and tell when one turns."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from quartermaster.core import sql
from quartermaster.core.events import emit
from quartermaster.events import StandingMoved
from quartermaster.marketplaces.queries.shops import Shop, tallies
from quartermaster.marketplaces.rules.headroom import Standing, State, standing
from quartermaster.marketplaces.rules.rolling import Tally, forecast, good_again_on, summed, today, window
from quartermaster.marketplaces.rules.terms import DAYS_MAX, Measure, Terms, Written, in_force
from quartermaster.marketplaces.rules.words import sentence

BEFORE: Final = """
select measure, country, window_days, state, since from marketplaces_standing
where connection_id = %s and is_newest
"""
OLDER: Final = "update marketplaces_standing set is_newest = false where connection_id = %s and is_newest"
KEEP: Final = """
insert into marketplaces_standing as s (connection_id, measure, country, window_days, day_on, first_on,
  last_on, n, bad, unsure, state, headroom, needs_good, good_on, terms, told, since, is_newest, computed_at)
select %(connection)s, measure, country, window_days, day_on, first_on, last_on, n, bad, unsure, state,
  headroom, needs_good, good_on, terms, told, since, true, %(at)s
from jsonb_to_recordset(%(rows)s::jsonb) as t(measure text, country text, window_days int, day_on date,
  first_on date, last_on date, n bigint, bad bigint, unsure bigint, state text, headroom bigint,
  needs_good bigint, good_on date, terms jsonb, told text, since timestamptz)
on conflict (connection_id, measure, country, window_days, day_on) do update
  set first_on = excluded.first_on, last_on = excluded.last_on, n = excluded.n, bad = excluded.bad,
    unsure = excluded.unsure, state = excluded.state, headroom = excluded.headroom,
    needs_good = excluded.needs_good, good_on = excluded.good_on, terms = excluded.terms,
    told = excluded.told, since = excluded.since, is_newest = true, computed_at = excluded.computed_at
"""
_ALARMING = (State.AMBER, State.RED)


class _Stood(NamedTuple):
    state: str
    since: datetime


class _Window(NamedTuple):
    measure: Measure
    country: str
    days: int
    terms: Terms
    on: date
    first: date
    last: date
    tally: Tally
    stands: Standing
    good_on: date | None

    @property
    def key(self) -> tuple[str, str, int]:
        return (self.measure, self.country, self.days)


def keep_standings(shop: Shop, written: Sequence[Written], *, at: datetime) -> None:
    """In the caller's transaction, which counts this shop alone."""
    before = {(m, c, d): _Stood(state, since) for m, c, d, state, since in sql.run(BEFORE, (shop.id,))}
    windows = list(_windows(tallies(shop.id, at.date() - timedelta(days=2 * DAYS_MAX)), written, at))
    sql.run(OLDER, (shop.id,))
    rows = [_row(one, before.get(one.key), at) for one in windows]
    sql.run(KEEP, {"connection": shop.id, "rows": sql.rows(rows), "at": at})
    emit(_moved(shop, windows, before, at))


def _windows(
    told: Mapping[tuple[Measure, str], dict[date, Tally]], written: Sequence[Written], at: datetime
) -> Iterator[_Window]:
    for (measure, country), of in sorted(told.items()):
        on = today(country, at)
        force = in_force(written, measure, country, on)
        if force is None:
            continue
        terms = force.terms
        for days in terms.windows:
            first, last = window(on, days, terms)
            tally = summed(of, first, last)
            stands = standing(tally.n, tally.bad, terms)
            good_on = (
                good_again_on(forecast(of, on, days, terms, days)) if stands.state is State.RED else None
            )
            yield _Window(measure, country, days, terms, on, first, last, tally, stands, good_on)


def _row(one: _Window, before: _Stood | None, at: datetime) -> dict[str, object]:
    stands = one.stands
    is_same = before is not None and before.state == stands.state
    return {
        "measure": one.measure,
        "country": one.country,
        "window_days": one.days,
        "day_on": one.on,
        "first_on": one.first,
        "last_on": one.last,
        "n": one.tally.n,
        "bad": one.tally.bad,
        "unsure": one.tally.unsure,
        "state": stands.state,
        "headroom": stands.headroom,
        "needs_good": stands.needs_good,
        "good_on": one.good_on,
        "terms": one.terms,
        "told": sentence(
            one.measure, one.days, stands, one.terms, first=one.first, last=one.last, good_on=one.good_on
        ),
        "since": before.since if before is not None and is_same else at,
    }


def _moved(
    shop: Shop, windows: Sequence[_Window], before: Mapping[tuple[str, str, int], _Stood], at: datetime
) -> Iterator[StandingMoved]:
    """Only what somebody should know of: into danger, within it, and out of it."""
    for one in windows:
        stood = before.get(one.key)
        was, now = stood.state if stood else State.NONE, one.stands.state
        if was != now and (was in _ALARMING or now in _ALARMING):
            yield StandingMoved(
                subject=f"connection:{shop.slug}",
                at=at,
                actor="system",
                connection=shop.slug,
                country=one.country,
                measure=one.measure,
                window_days=one.days,
                before=str(was),
                state=str(now),
                bad=one.tally.bad,
                n=one.tally.n,
            )
