"""What a marketplace says itself, beside ours over the same days."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from quartermaster.core import plugs, sql
from quartermaster.core.errors import Invalid
from quartermaster.core.outside import Account, NotDone
from quartermaster.core.plugs import Plug
from quartermaster.marketplaces.actions import ask_standing, count, tell_official
from quartermaster.marketplaces.ports import Figure, StandingReports
from quartermaster.marketplaces.queries.officials import compared, newest_officials
from quartermaster.marketplaces.queries.reports import reports
from quartermaster.marketplaces.queries.shops import shop
from quartermaster.marketplaces.rules.official import Told
from quartermaster.marketplaces.rules.terms import Measure

from .conftest import AT, HOUR, Seller

FIRST, LAST = date(2026, 2, 18), date(2026, 3, 19)


def test_theirs_stands_beside_ours_over_its_days(amazon: Seller):
    for days in (2, 5, 40):
        amazon.sells(days, confirmed=HOUR)
    count(at=AT)
    of = shop(amazon.slug)
    told = Told(Measure.LSR, "DE", FIRST, LAST, 1, 4)
    assert tell_official(of, [told], source="person", at=AT, by="user:1") == 1
    assert tell_official(of, [told], source="person", at=AT, by="user:1") == 0
    (one,) = compared(of, Measure.LSR, "DE")
    assert (one.theirs.n, one.theirs.bad, one.ours_n, one.ours_bad) == (4, 1, 2, 2)
    assert one.because == ["They count 2 that we do not know.", "They count 1 fewer against us."]
    corrected = Told(Measure.LSR, "DE", FIRST, LAST, 2, 2)
    assert tell_official(of, [corrected], source="file", at=AT, by="user:1") == 1
    (now,) = compared(of, Measure.LSR, "DE")
    assert now.because == ["The same as ours."]
    assert newest_officials(FIRST) == {(amazon.slug, "lsr", "DE", 30): (2, 2, LAST)}


def test_what_went_right_is_kept_as_what_did_not(amazon: Seller):
    told = Told(Measure.VTR, "DE", FIRST, LAST, 190, 200)
    tell_official(shop(amazon.slug), [told], source="person", at=AT, by="user:1")
    assert sql.run("select n, bad from marketplaces_official") == [(200, 10)]
    with pytest.raises(Invalid):
        tell_official(
            shop(amazon.slug),
            [Told(Measure.VTR, "DE", FIRST, LAST, 3, 2)],
            source="person",
            at=AT,
            by="user:1",
        )


class Desk:
    """Makes a report when it is asked; it is ready at the second look."""

    def __init__(self) -> None:
        self.looks, self.trouble = 0, False

    def ask(self, *, account: Account) -> str:
        if self.trouble:
            raise NotDone("nobody is there")
        return "R-1"

    def read(self, *, account: Account, reference: str) -> Sequence[Figure] | None:
        self.looks += 1
        figure = Figure("odr", "DE", FIRST, LAST, 1, 50)
        return [figure, Figure("luck", "DE", FIRST, LAST, 1, 1)] if self.looks > 1 else None


def test_a_report_is_asked_for_once_a_day(amazon: Seller, monkeypatch: pytest.MonkeyPatch):
    desk = Desk()
    plug = Plug(kind="amazon", title="Desk", settings=(), ports={StandingReports: desk})
    monkeypatch.setattr(plugs, "plug", lambda kind: plug)
    monkeypatch.setattr(plugs, "kinds", lambda port: ["amazon"] if port is StandingReports else [])
    sql.run("insert into channels_shop (connection_id) values (%s)", (amazon.id,))

    def later() -> int:
        sql.run("update marketplaces_report set next_at = next_at - interval '6 minutes'")
        return ask_standing()

    desk.trouble = True
    assert ask_standing() == 1
    assert sql.run("select failures, because from marketplaces_report") == [(1, "nobody is there")]
    desk.trouble = False
    assert [later() for _ in range(4)] == [1, 1, 1, 0]
    assert sql.run("select measure, n, bad, source from marketplaces_official") == [("odr", 50, 1, "report")]
    ((left, failures),) = sql.run("select next_at - answered_at, failures from marketplaces_report")
    assert failures == 0
    assert left > timedelta(hours=23)
    shown = reports(shop(amazon.slug))
    assert (shown["figures"].note, shown["figures"].because) == ("1 figure, 1 new", "")
    assert not shown["feedback"].is_offered


def test_a_marketplace_whose_keys_are_refused_is_not_asked(amazon: Seller, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(plugs, "kinds", lambda port: ["amazon"])
    sql.run("insert into channels_shop (connection_id) values (%s)", (amazon.id,))
    sql.run("update inbox_connection set keys_refused_at = now(), keys_because = 'no'")
    assert ask_standing() == 0
