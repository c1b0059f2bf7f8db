"""What the other side tells of our keys, over the invented system with one door."""

from datetime import date, timedelta

import pytest
from tests.inbox.test_keys import AT, Door, door, told

from quartermaster.core.models import EventRow
from quartermaster.inbox import queries
from quartermaster.inbox.actions import KeysNotTried, connect, hear_ends, replace_keys
from quartermaster.inbox.ports import KeyEnd
from quartermaster.inbox.queries.invariants import ends_without_a_source

__all__ = ["door"]
LATER = AT + timedelta(hours=1)
SOON = date(2026, 12, 24)


def by() -> dict[str, str]:
    return {name: one["by"] for name, one in queries.connection("acme").keys_end_by.items()}


def ends() -> object:
    return queries.connection("acme").keys_end


def test_the_newest_word_on_an_end_holds_and_says_whose_it_is(door: Door) -> None:
    assert by() == {"key": "rule"}
    assert hear_ends("acme", [KeyEnd("key", SOON, LATER)], at=LATER) == 1
    assert (ends(), by()) == ({"key": "2026-12-24"}, {"key": "shop"})
    assert told("ConnectionChanged")[-1]["changed"] == {
        "keys_end": [{"key": "2027-05-22"}, {"key": "2026-12-24"}]
    }

    assert hear_ends("acme", [KeyEnd("key", date(2026, 12, 1), AT)], at=LATER) == 0, "it was said before"
    assert hear_ends("acme", [KeyEnd("key", SOON, LATER)], at=LATER) == 0, "it was said already"
    assert ends() == {"key": "2026-12-24"}

    person = LATER + timedelta(hours=1)
    replace_keys("acme", {}, ends={"key": SOON, "webhook_secret": None}, at=person, by="user:1")
    assert by() == {"key": "shop"}, "a form sends back the day that it showed"
    replace_keys("acme", {}, ends={"key": date(2027, 1, 1)}, at=person, by="user:1")
    assert by() == {"key": "person"}
    assert hear_ends("acme", [KeyEnd("key", SOON, person + timedelta(days=1))], at=person) == 1
    assert by() == {"key": "shop"}
    assert ends_without_a_source() == []


def test_a_new_secret_is_taken_over_when_it_opens_and_the_old_ones_end_is_not_taken_for_its_own(
    door: Door,
) -> None:
    old_on, new_on = date(2026, 11, 30), date(2027, 5, 22)
    new = KeyEnd("key", new_on, LATER, "better", old_on)
    door.key = "better"
    assert hear_ends("acme", [new], at=LATER) == 1
    acme = queries.connection("acme")
    assert queries.opened(acme)["key"][0].value == "better"
    assert (ends(), by()) == ({"key": "2027-05-22"}, {"key": "shop"})

    again = [new, KeyEnd("key", old_on, LATER + timedelta(days=1))]
    assert hear_ends("acme", again, at=LATER + timedelta(days=1)) == 0
    assert ends() == {"key": "2027-05-22"}
    assert "better" not in str(told("ConnectionChanged"))
    assert EventRow.objects.filter(name="ConnectionChanged", actor="connection:acme").count() == 1


def test_a_new_secret_that_does_not_open_changes_nothing(door: Door) -> None:
    before = bytes(queries.connection("acme").sealed)
    assert hear_ends("acme", [KeyEnd("key", SOON, LATER, "forged")], at=LATER) == 0
    door.is_shut = True
    with pytest.raises(KeysNotTried):
        hear_ends("acme", [KeyEnd("key", SOON, LATER, "better")], at=LATER)
    assert bytes(queries.connection("acme").sealed) == before
    assert by() == {"key": "rule"}


def test_a_secret_that_a_person_entered_meanwhile_is_not_written_over(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(*, account: object) -> str:
        connect("door", "acme", {"key": "by hand"}, at=LATER + timedelta(hours=1), by="user:1")
        return "in"

    monkeypatch.setattr(door, "knock", meanwhile)
    assert hear_ends("acme", [KeyEnd("key", SOON, LATER, "better")], at=LATER) == 0
    assert queries.opened(queries.connection("acme"))["key"][0].value == "by hand"


def test_what_is_no_secret_of_the_connection_has_no_end(door: Door) -> None:
    connect("door", "acme", {"key": ""}, at=AT, by="user:1")
    assert hear_ends("acme", [KeyEnd("key", SOON, LATER), KeyEnd("url", SOON, LATER)], at=LATER) == 0
    assert (ends(), by()) == ({}, {})
