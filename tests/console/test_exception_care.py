"""Exceptions that people answer for: known, later, mine; each row comes back when it gets worse."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.utils.timezone import now
from tests.console.test_orders import text
from tests.console.test_roles import person

from quartermaster.console.causes import queries as causes
from quartermaster.console.exceptions.actions import (
    NothingToUndo,
    Outcome,
    answer_exceptions,
    assign_exceptions,
    forget_care,
    undo_exceptions,
)
from quartermaster.console.exceptions.chosen import Chosen, Shown
from quartermaster.console.exceptions.invariants import given_to_nobody_there_is, snoozed_for_too_long
from quartermaster.console.navigation import waiting_on
from quartermaster.core import sql
from quartermaster.core.errors import Invalid
from quartermaster.orders.actions import hold, release_hold
from quartermaster.testing.builders import a_location, a_sku, an_order

HOUR = timedelta(hours=1)
FRAUD = Chosen("holds", "fraud")


@pytest.fixture
def held(db: None) -> list[str]:
    """Two orders that may be fraud."""
    a_location("BER")
    a_sku("LAMP", BER=9)
    return [suspect(), suspect()]


def suspect() -> str:
    number = an_order(("LAMP", 1))
    hold(number, kind="fraud", because="Third card tried.", at=now(), by="system")
    return number


def shown(at: datetime | None = None, **asked: str) -> int:
    """Rows of the card."""
    found = causes.groups([causes.CAUSES["holds"]], at=at or now(), **asked)  # type: ignore[arg-type]
    return sum(group.rows for group in found if group.of == "fraud")


def snooze(*chosen: Chosen, by: str = "user:1", **asked: Shown) -> Outcome:
    at = now()
    return answer_exceptions(chosen, answer="snoozed", until=at + HOUR, at=at, by=by, **asked)


def test_what_is_snoozed_comes_back_by_itself_and_what_joins_it_is_listed(held: list[str]):
    assert (shown(), waiting_on("exceptions")) == (2, 2)
    outcome = snooze(FRAUD)
    assert [(one.is_done, one.rows) for one in outcome.said] == [(True, 2)]
    assert (shown(), shown(show="snoozed"), waiting_on("exceptions")) == (0, 2, 0)
    suspect()
    assert (shown(), shown(show="all"), waiting_on("exceptions")) == (1, 3, 1)
    (group,) = causes.groups([causes.CAUSES["holds"]], at=now() + 2 * HOUR)
    assert (group.rows, group.back) == (3, 2)
    assert shown(now() + 2 * HOUR, show="snoozed") == 0


def test_a_row_is_back_at_once_when_more_is_at_stake_or_it_begins_anew(held: list[str]):
    answer_exceptions([FRAUD], answer="acknowledged", note="They are called.", at=now(), by="user:1")
    assert (shown(), shown(show="acknowledged")) == (0, 2)
    sql.run("update orders_order set total_minor = total_minor + 1 where id = %s", (int(held[0][3:]),))
    assert (shown(), waiting_on("exceptions")) == (1, 1)
    release_hold(held[1], kind="fraud", because="Called.", at=now(), by="user:1")
    assert (shown(), shown(show="all")) == (1, 1)
    hold(held[1], kind="fraud", because="A fourth card.", at=now(), by="system")
    assert (shown(), waiting_on("exceptions")) == (2, 2)
    row = next(row for row in causes.rows(causes.CAUSES["holds"], "fraud", at=now()) if row.act == held[1])
    assert row.care is not None
    assert (row.care.note, row.care.counts) == ("They are called.", False)


def test_what_is_given_to_somebody_is_theirs_until_they_may_not_come_in(held: list[str]):
    person("supervisor", name="mira")
    mira = User.objects.get(username="mira")
    mine = f"user:{mira.pk}"
    row = Chosen("holds", "fraud", held[0])
    assert assign_exceptions([row], assignee=mine, at=now(), by="user:1").said[0].is_done
    assert (shown(assignee=mine), shown(show="unassigned"), shown()) == (1, 1, 2)
    (group,) = causes.groups([causes.CAUSES["holds"]], at=now())
    assert (group.whose, group.unassigned) == ((mine,), 1)
    snooze(row)
    assert (shown(assignee=mine), shown(show="snoozed", assignee=mine)) == (0, 1)
    answer_exceptions([row], answer="open", at=now(), by="user:1")
    User.objects.filter(pk=mira.pk).update(is_active=False)
    assert shown(show="unassigned") == 2
    person("picker", name="ben")
    ben = User.objects.get(username="ben")
    for wrong in (mine, "user:0", f"user:{ben.pk}"):
        with pytest.raises(Invalid):
            assign_exceptions([row], assignee=wrong, at=now(), by="user:1")


def test_two_people_at_once_do_not_overwrite_what_they_did_not_see(held: list[str]):
    looked = Shown(as_of=now())
    first = snooze(Chosen("holds", "fraud", held[0]), by="user:1", shown=looked)
    both = [Chosen("holds", "fraud", number) for number in held]
    second = snooze(*both, by="user:2", shown=looked._replace(show="all"))
    assert [one.is_done for one in second.said] == [False, True]
    assert "user:1 did something with it at" in second.said[0].because
    whole = snooze(FRAUD, by="user:3", shown=looked._replace(show="all"))
    assert whole.said[0].because.startswith("0 done, 2 not: user:")
    assert undo_exceptions(first.turn, at=now(), by="user:1") == 1
    with pytest.raises(NothingToUndo):
        undo_exceptions(second.turn, at=now(), by="user:1")  # the act of somebody else
    assert shown() == 1
    suspect()
    late = snooze(FRAUD, by="user:1", shown=looked)
    assert late.said[0].because.startswith("Rows came that were not there")
    assert snooze(FRAUD._replace(seen=1), by="user:1").said[0].because == late.said[0].because
    assert snooze(FRAUD._replace(seen=2), by="user:1").said[0].rows == 2


@pytest.mark.django_db(transaction=True)
def test_of_people_who_act_in_the_same_moment_one_is_heard_and_the_others_are_told():
    a_location("BER")
    a_sku("LAMP", BER=9)
    numbers = [suspect() for _ in range(4)]
    rows = [Chosen("holds", "fraud", number) for number in numbers]
    looked = Shown(as_of=now())

    def act(user: int) -> list[bool]:
        try:
            mine = rows if user % 2 else rows[::-1]
            return sorted(one.is_done for one in snooze(*mine, by=f"user:{user}", shown=looked).said)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as at_once:
        said = list(at_once.map(act, range(4)))
    assert sorted(said) == [[False] * 4, [False] * 4, [False] * 4, [True] * 4]
    (turns,) = sql.run("select count(distinct turn), count(*) from console_exception_care")
    assert turns == (1, 4)
    assert sql.run("select count(*) from core_event where name = 'ExceptionAnswered'") == [(1,)]


def test_an_act_is_taken_back_to_what_was_there_before(held: list[str]):
    row = Chosen("holds", "fraud", held[0])
    answer_exceptions([row], answer="acknowledged", note="Called.", at=now(), by="user:1")
    again = snooze(row)
    assert undo_exceptions(again.turn, at=now(), by="user:1") == 1
    (kept,) = causes.rows(causes.CAUSES["holds"], "fraud", at=now(), show="acknowledged")
    assert kept.care is not None
    assert (kept.care.note, kept.care.answer, kept.care.snoozed_until) == ("Called.", "acknowledged", None)
    for turn in (again.turn, "nonsense"):
        with pytest.raises(NothingToUndo):
            undo_exceptions(turn, at=now(), by="user:1")
    told = "select name, body->'rows'->>0 from core_event where subject = 'exception:holds:fraud' order by id"
    assert sql.run(told) == [
        ("ExceptionAnswered", held[0]),
        ("ExceptionAnswered", held[0]),
        ("ExceptionActUndone", held[0]),
    ]


def test_each_has_its_result_and_a_wrong_one_fails_no_other(held: list[str]):
    asked = [
        Chosen("holds", "fraud", held[0]),
        Chosen("holds", "fraud", "SO-999999"),
        Chosen("nonsense", "x"),
        Chosen("overdue", "post"),
        Chosen("shortage", "routing"),
    ]
    told = snooze(*asked).said
    assert [one.is_done for one in told] == [True, False, False, False, False]
    assert told[1].because == told[4].because == "It does not wait for this reason (any more)."
    assert told[2].because == "There is no such cause."
    assert told[3].because == "It is answered for on another list: /late?kind=late."
    with sql.counted() as one:
        snooze(FRAUD)
    suspect()
    with sql.counted() as more:
        snooze(FRAUD._replace(seen=1), Chosen("holds", "fraud", held[0]), Chosen("holds", "fraud", held[1]))
    assert len(more) == len(one)
    for wrong in ({"answer": "acknowledged"}, {"answer": "burnt"}):
        with pytest.raises(Invalid):
            answer_exceptions([FRAUD], at=now(), by="user:1", **wrong)


def test_the_doctor_finds_what_is_nobodys_and_what_sleeps_for_too_long(held: list[str]):
    snooze(FRAUD)
    assert given_to_nobody_there_is() == snoozed_for_too_long() == []
    sql.run("update console_exception_care set assignee = 'user:0', snoozed_until = now() + '91 days'")
    assert len(given_to_nobody_there_is()) == len(snoozed_for_too_long()) == 2
    assert forget_care(at=now() + timedelta(days=399)) == 0
    assert forget_care(at=now() + timedelta(days=401)) == 2


def test_cards_and_rows_are_answered_for_on_their_pages(held: list[str], owner: Client):
    seen = text(owner, "/exceptions")
    assert "2 orders may be fraud" in seen
    chosen = {"chosen": ["holds:2:fraud"], "show": "open"}
    page = owner.post("/exceptions/said", {**chosen, "act": "snooze", "until": "4h"}, follow=True)
    html = page.content.decode()
    assert "Snoozed: 2 rows." in html
    assert "0 exceptions" in html
    assert "2 orders may be fraud" in text(owner, "/exceptions?show=snoozed")
    turn = sql.run("select distinct turn::text from console_exception_care")[0][0]
    back = owner.post("/exceptions/undo", {"turn": turn, "back": "//elsewhere"}, follow=True)
    assert "Taken back: 2 rows." in back.content.decode()
    assert owner.post("/exceptions/undo", {"turn": turn}).status_code == 409

    mine = f"user:{User.objects.get().pk}"
    rows = {"of": "fraud", "chosen": [held[0]], "show": "open"}
    owner.post("/exceptions/holds/said", {**rows, "act": "assign", "assignee": mine})
    assert "1 order may be fraud" in text(owner, "/exceptions?show=mine")
    owner.post("/exceptions/holds/said", {**rows, "act": "acknowledge", "note": "Called them."})
    seen = text(owner, "/exceptions/holds?of=fraud&show=acknowledged")
    assert "known by owner: Called them." in seen
    assert "Who did what Acknowledged" in seen
    assert f"{held[0]}: Called them. by owner" in seen
    for act in ("Given to owner", "Taken back", "Snoozed until"):
        assert act in seen
    both = owner.post("/exceptions/holds/said", {**rows, "chosen": [*held, "SO-0"], "act": "open"})
    assert "2 done." in " ".join(both.content.decode().split())
    assert "SO-0: It does not wait for this reason" in " ".join(both.content.decode().split())
    gone = owner.post("/exceptions/said", {"chosen": ["holds:1:fraud"], "act": "open"}).content.decode()
    assert "Rows came that were not there when you looked" in gone


def test_who_may_not_act_is_told_so_and_what_makes_no_sense_is_refused(held: list[str], owner: Client):
    looking = person("finance")
    assert 'name="chosen"' not in looking.get("/exceptions").content.decode()
    card = {"chosen": ["holds:2:fraud"], "act": "snooze", "until": "1h"}
    assert looking.post("/exceptions/said", card).status_code == 403
    assert owner.post("/exceptions/nothing/said", {"of": "x"}).status_code == 404
    for wrong in ({"act": "burn"}, {"act": "acknowledge"}, {"as_of": "noon"}, {"chosen": []}):
        assert owner.post("/exceptions/said", {**card, **wrong}).status_code == 422
    assert shown() == 2
