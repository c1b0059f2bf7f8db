"""Late rows that people answer for: known, later, mine; each comes back when it gets worse."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User

from quartermaster.console.causes import queries as causes
from quartermaster.core import sql
from quartermaster.core.actions.setting import keep_setting
from quartermaster.core.errors import Invalid
from quartermaster.tracking.actions.answer_late import answer_late, assign_late
from quartermaster.tracking.queries import late
from quartermaster.tracking.queries.late import LOST_AFTER
from quartermaster.warehouse.queries.care import answers_that_stand_nowhere

from .conftest import SENT, Road

SIXTH = SENT + timedelta(days=6)
HOUR = timedelta(hours=1)


@pytest.fixture
def parcel(road: Road) -> str:
    """Scanned once, ten hours after it left: stuck on the sixth day."""
    return stuck(road, "T1")


def stuck(road: Road, number: str) -> str:
    parcel = road.sent(road.order(("LAMP", 1)), ("LAMP", "LAMP", 1), number=number)
    road.tell((parcel, 10, "in_transit"))
    return f"P-{parcel}"


def rows(kind: str, at: datetime, **asked: str) -> list[str]:
    return [row.row for row in late(kind, at=at, **asked).items]  # type: ignore[arg-type]


def on_today(at: datetime) -> dict[str, int]:
    return {group.of: group.rows for group in causes.groups([causes.CAUSES["trouble"]], at=at)}


def acknowledge(*names: str, kind: str = "stuck", at: datetime = SIXTH) -> list[bool]:
    said = answer_late(names, kind=kind, answer="acknowledged", note="The depot looks.", at=at, by="user:1")
    return [one.is_done for one in said]


def test_what_is_acknowledged_leaves_the_open_list_until_it_is_lost(road: Road, parcel: str):
    keep_setting(LOST_AFTER, 10, at=SENT, by="test")
    assert (rows("stuck", SIXTH, show="open"), on_today(SIXTH)) == ([parcel], {"stuck": 1})
    assert acknowledge(parcel) == [True]
    assert (rows("stuck", SIXTH, show="open"), on_today(SIXTH)) == ([], {})
    assert rows("stuck", SIXTH) == rows("stuck", SIXTH, show="acknowledged") == [parcel]
    (row,) = late("stuck", at=SIXTH).items
    assert row.care is not None
    assert (row.care.note, row.care.late_as, row.care.counts) == ("The depot looks.", "stuck", True)

    gone = SENT + timedelta(days=12)
    assert rows("lost", gone, show="open") == [parcel]
    assert on_today(gone) == {"lost": 1}
    (row,) = late("lost", at=gone).items
    assert row.care is not None
    assert not row.care.counts
    assert acknowledge(parcel, kind="lost", at=gone) == [True]
    assert rows("lost", gone, show="open") == rows("stuck", gone, show="open") == []


def test_what_moves_and_is_stuck_again_is_news(road: Road, parcel: str):
    acknowledge(parcel)
    road.tell((int(parcel[2:]), 24 * 6.5, "in_transit"))
    assert rows("stuck", SIXTH + timedelta(days=7), show="open") == [parcel]


def test_what_is_snoozed_comes_back_by_itself(road: Road, parcel: str):
    until = SIXTH + 4 * HOUR
    answer_late([parcel], kind="stuck", answer="snoozed", until=until, at=SIXTH, by="user:1")
    assert rows("stuck", until - HOUR, show="open") == []
    assert rows("stuck", until - HOUR, show="snoozed") == [parcel]
    assert rows("stuck", until, show="open") == [parcel]
    assert rows("stuck", until, show="snoozed") == []


def test_an_answer_is_taken_back_and_all_of_it_stands_in_the_trail(road: Road, parcel: str):
    acknowledge(parcel)
    answer_late([parcel], kind="stuck", answer="open", at=SIXTH + HOUR, by="user:2")
    assert rows("stuck", SIXTH + HOUR, show="open") == [parcel]
    told = "select body->>'answer', actor from core_event where name = 'LateAnswered' order by id"
    assert sql.run(told) == [("acknowledged", "user:1"), ("open", "user:2")]


def test_each_row_has_its_result_and_a_wrong_one_fails_no_other(road: Road, parcel: str):
    told = answer_late(
        [parcel, "P-999999", "nonsense", parcel],
        kind="stuck",
        answer="acknowledged",
        note="x",
        at=SIXTH,
        by="user:1",  # type: ignore[arg-type]
    )
    assert [(one.row, one.is_done) for one in told] == [
        (parcel, True),
        ("P-999999", False),
        ("nonsense", False),
        (parcel, True),
    ]
    assert told[1].because == "It is not among what is listed as stuck (any more)."
    assert acknowledge(parcel, kind="exceptions") == [False]
    elsewhere = {"kind": "stuck", "answer": "open", "sites": ["MUC"], "at": SIXTH, "by": "user:1"}
    assert not answer_late([parcel], **elsewhere)[0].is_done  # type: ignore[arg-type]
    for wrong in ({"kind": "nonsense"}, {"kind": "stuck", "note": ""}):
        asked = {"answer": "acknowledged", "at": SIXTH, "by": "user:1", **wrong}
        with pytest.raises(Invalid):
            answer_late([parcel], **asked)  # type: ignore[arg-type]


def test_a_row_is_somebodys_until_they_may_not_come_in_any_more(road: Road, parcel: str):
    mira = User.objects.create_user("mira")
    mine = f"user:{mira.pk}"
    (said,) = assign_late([parcel], kind="stuck", assignee=mine, at=SIXTH, by="user:1")
    assert said.is_done
    assert rows("stuck", SIXTH, show="open", assignee=mine) == [parcel]
    assert rows("stuck", SIXTH, show="unassigned") == []
    acknowledge(parcel)
    (row,) = late("stuck", at=SIXTH).items
    assert row.care is not None
    assert row.care.assignee == mine
    answer_late([parcel], kind="stuck", answer="open", at=SIXTH, by="user:1")
    User.objects.filter(pk=mira.pk).update(is_active=False)
    assert rows("stuck", SIXTH, show="unassigned") == [parcel]
    with pytest.raises(Invalid):
        assign_late([parcel], kind="stuck", assignee=mine, at=SIXTH, by="user:1")
    assert answers_that_stand_nowhere() == []
    sql.run("update warehouse_care set answer = 'snoozed', kind = 'lost', rank = 2, snoozed_until = now(), "
            "answered_at = now(), assignee = 'user:0'")  # fmt: skip
    assert len(answers_that_stand_nowhere()) == 2
    sql.run("delete from warehouse_care")


def test_a_part_in_the_house_is_answered_for_until_its_promise_is_broken(road: Road):
    road.order(("LAMP", 1))
    sql.run("update allocation_allocation set ship_by = %s, promised_by = %s", (SENT, SENT + 24 * HOUR))
    (row,) = late("will_be_late", at=SENT + HOUR).items
    assert acknowledge(row.row, kind="will_be_late", at=SENT + HOUR) == [True]
    assert rows("will_be_late", SENT + 30 * HOUR, show="open") == []
    assert rows("late", SENT + 30 * HOUR, show="open") == [row.row]


def test_many_rows_cost_as_many_statements_as_one(road: Road, parcel: str):
    others = [stuck(road, f"N{n}") for n in range(3)]
    with sql.counted() as few:
        acknowledge(parcel)
    with sql.counted() as many:
        assert acknowledge(parcel, *others) == [True] * 4
    assert len(many) == len(few)
