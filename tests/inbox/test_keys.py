"""Keys that are not accepted, end, or are replaced; over an invented system with one door."""

from datetime import UTC, date, datetime, timedelta

import pytest

from quartermaster.core import keys, plugs, sql
from quartermaster.core.actions.outbox import Wish, carry_out, wish_all
from quartermaster.core.effects import Told, Turn, effects, later
from quartermaster.core.errors import Invalid
from quartermaster.core.models import EventRow, OutboxRow
from quartermaster.core.outside import Account, AuthExpired, KeysAwaited, NotDone
from quartermaster.core.plugs import Plug, Setting
from quartermaster.inbox import queries
from quartermaster.inbox.actions import (
    KeysNotTaken,
    KeysNotTried,
    connect,
    connect_tried,
    forget_replaced,
    prove,
    replace_keys,
    resume,
    trials,
    try_keys,
)
from quartermaster.inbox.models import Connection
from quartermaster.inbox.rules import endings

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


class Door:
    """Lets in who has the key; `is_shut`: it answers nobody."""

    def __init__(self) -> None:
        self.key, self.is_shut, self.knocks = "good", False, 0

    def knock(self, *, account: Account) -> str:
        self.knocks += 1
        if self.is_shut:
            raise NotDone("nobody is there")
        if account.settings.get("key") != self.key:
            raise AuthExpired("the door does not know the key")
        return "in"

    def enter_cellar(self, *, account: Account) -> None:
        raise AuthExpired("the cellar is for others")


class Enter:
    """An effect that goes through the door."""

    def perform(self, *, key: str, body: object) -> Told:
        try:
            through("acme")
        except NotDone as trouble:
            return later(trouble)
        return Told(Turn.CONFIRM, "in")

    def ask(self, *, key: str, body: object) -> Told:
        through("acme")
        return Told(Turn.CONFIRM, "in")


def through(slug: str, name: str = "knock") -> object:
    connection = queries.connection(slug)
    door = plugs.plug("door").offer(Door)
    assert door is not None
    account = Account(slug, queries.credentials(connection))
    return getattr(keys.watched(slug, door), name)(account=account)


@pytest.fixture
def door(db: None, monkeypatch: pytest.MonkeyPatch) -> Door:
    made = Door()
    fields = (
        Setting("webhook_secret", "Webhook secret", is_secret=True, is_required=False),
        Setting("key", "Key", is_secret=True, is_required=False, is_to_ask=True, lasts_days=180),
    )
    monkeypatch.setattr(plugs, "installed", lambda: {"door": Plug("door", "A door", fields, {Door: made})})
    monkeypatch.setitem(trials, Door, lambda account, port: port.knock(account=account))
    monkeypatch.setitem(effects, "test.enter", Enter())
    connect("door", "acme", {"key": "good", "webhook_secret": "one"}, at=AT, by="user:1")
    return made


def refuse(door: Door) -> None:
    door.key = "other"
    with pytest.raises(AuthExpired):
        through("acme")


def told(name: str) -> list[dict[str, object]]:
    return list(EventRow.objects.filter(name=name).order_by("id").values_list("body", flat=True))


def test_refused_keys_stop_the_connection_after_a_second_try_and_nobody_is_asked_again(door: Door) -> None:
    refuse(door)
    assert door.knocks == 2
    stopped = queries.connection("acme")
    assert (stopped.keys_because, stopped.is_active) == ("the door does not know the key", True)
    with pytest.raises(KeysAwaited, match="acme waits for new keys: the door does not know the key"):
        through("acme")
    assert door.knocks == 2
    assert [one["because"] for one in told("KeysRefused")] == ["the door does not know the key"]


def test_a_right_that_is_missing_for_one_call_stops_nobody(door: Door) -> None:
    with pytest.raises(AuthExpired, match="the cellar"):
        through("acme", "enter_cellar")
    assert door.knocks == 1
    assert queries.connection("acme").keys_refused_at is None


def test_a_door_that_answers_nobody_says_nothing_about_the_keys(door: Door) -> None:
    door.is_shut = True
    with pytest.raises(AuthExpired):
        through("acme", "enter_cellar")
    assert queries.connection("acme").keys_refused_at is None


def test_one_that_only_sends_has_no_keys_to_be_refused(door: Door) -> None:
    connect("door", "acme", {"key": ""}, at=AT, by="user:1")
    refuse(door)
    assert queries.connection("acme").keys_refused_at is None


def test_what_is_to_be_told_waits_without_a_try_and_goes_out_with_new_keys(door: Door) -> None:
    refuse(door)
    wish_all([Wish(f"enter:{n}", "test.enter", "test:1", {}, AT) for n in range(3)])
    assert carry_out() == 3
    rows = list(OutboxRow.objects.filter(task="test.enter"))
    assert {(row.state, row.attempts - row.waited, row.waits_for) for row in rows} == {
        ("queued", 0, "keys:acme")
    }
    assert carry_out() == 0  # nor is it looked at again and again

    replace_keys("acme", {"key": "other"}, at=AT, by="user:1")
    assert carry_out() == 3
    assert set(OutboxRow.objects.filter(task="test.enter").values_list("state", flat=True)) == {"confirmed"}
    assert [one["freed"] for one in told("KeysAccepted")] == [3]


def test_keys_that_are_not_accepted_are_not_saved(door: Door) -> None:
    refuse(door)
    with pytest.raises(KeysNotTaken, match="does not accept these keys"):
        replace_keys("acme", {"key": "wrong"}, at=AT, by="user:1")
    door.is_shut = True
    with pytest.raises(KeysNotTried, match="not known"):
        replace_keys("acme", {"key": "other"}, at=AT, by="user:1")
    assert queries.opened(queries.connection("acme"))["key"][0].value == "good"
    assert queries.connection("acme").keys_refused_at is not None

    replace_keys("acme", {"key": "other"}, is_tried=False, at=AT, by="user:1")
    assert queries.connection("acme").keys_refused_at is None


def test_keys_that_nobody_could_try_are_unproven_until_they_are_seen_to_count_or_not(door: Door) -> None:
    door.is_shut = True
    assert connect_tried("door", "acme", {"key": "other"}, at=AT, by="user:1") == "nobody is there"
    assert connect_tried("door", "acme", {"key": "other"}, at=AT, by="user:1") == ""  # nothing changed
    assert queries.connection("acme").keys_unproven == "nobody is there"
    assert try_keys() == 1
    assert try_keys() == 0  # not before an hour is over
    door.is_shut, door.key = False, "other"
    sql.run("update inbox_connection set keys_tried_at = keys_tried_at - interval '61 minutes'")
    assert try_keys() == 1
    acme = queries.connection("acme")
    assert (acme.keys_unproven, acme.keys_tried_at) == ("", None)
    assert try_keys() == 0

    with pytest.raises(KeysNotTaken):
        connect_tried("door", "acme", {"key": "wrong"}, at=AT, by="user:1")
    with pytest.raises(Invalid):
        connect_tried("door", "acme", {"window": "wide"}, at=AT, by="user:1")
    door.is_shut = True
    replace_keys("acme", {"key": "wrong"}, is_tried=False, at=AT, by="user:1")
    assert queries.connection("acme").keys_unproven == "they were saved untried"
    door.is_shut = False
    assert try_keys() == 1
    acme = queries.connection("acme")
    assert (acme.keys_because, acme.keys_unproven) == ("the door does not know the key", "")
    door.is_shut = True
    connect_tried("door", "acme", {"key": "third"}, at=AT, by="user:1")
    acme = queries.connection("acme")
    assert (acme.keys_because, acme.keys_unproven) == ("", "nobody is there")


def test_keys_seen_to_count_prove_nothing_of_those_that_came_meanwhile(door: Door) -> None:
    before = queries.connection("acme")
    door.is_shut = True
    connect_tried("door", "acme", {"key": "other"}, at=AT, by="user:2")
    prove(before, at=AT, by="user:1")
    assert queries.connection("acme").keys_unproven == "nobody is there"


def test_keys_that_count_again_are_found_out_within_the_hour_and_by_a_person_at_once(door: Door) -> None:
    refuse(door)
    assert try_keys() == 0
    sql.run("update inbox_connection set keys_tried_at = keys_tried_at - interval '61 minutes'")
    assert try_keys() == 1
    assert queries.connection("acme").keys_refused_at is not None
    door.key = "good"
    sql.run("update inbox_connection set keys_tried_at = keys_tried_at - interval '61 minutes'")
    assert try_keys() == 1
    assert queries.connection("acme").keys_refused_at is None

    refuse(door)
    resume("acme", at=AT, by="user:1")
    assert queries.connection("acme").keys_refused_at is None


def test_keys_replaced_while_the_old_ones_were_tried_are_not_refused(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    def replaced_meanwhile(account: Account, port: Door) -> None:
        connect("door", "acme", {"key": "other"}, at=AT, by="user:2")
        port.knock(account=account)

    monkeypatch.setitem(trials, Door, replaced_meanwhile)
    refuse(door)
    assert queries.connection("acme").keys_refused_at is None


def test_the_overlap_is_as_long_as_asked_and_then_the_old_secret_is_forgotten(door: Door) -> None:
    replace_keys("acme", {"webhook_secret": "two"}, overlap_hours=2, at=AT, by="user:1")
    acme = queries.connection("acme")
    assert queries.webhook_secrets(acme, AT + timedelta(minutes=119)) == [b"two", b"one"]
    assert forget_replaced(at=AT + timedelta(minutes=119)) == 0
    assert forget_replaced(at=AT + timedelta(hours=2)) == 1
    acme = queries.connection("acme")
    assert [one.value for one in queries.opened(acme)["webhook_secret"]] == ["two"]
    assert acme.forget_at is None
    with pytest.raises(Invalid):
        replace_keys("acme", {"webhook_secret": "three"}, overlap_hours=500, at=AT, by="user:1")


def test_a_key_ends_when_its_vendor_or_a_person_says_so_and_else_nobody_knows(door: Door) -> None:
    assert queries.connection("acme").keys_end == {"key": "2027-05-22"}
    replace_keys("acme", {}, ends={"webhook_secret": date(2026, 12, 1)}, at=AT, by="user:1")
    ending = endings(queries.connection("acme").keys_end, AT.date())
    assert [(one.name, one.days, one.tone) for one in ending] == [
        ("webhook_secret", 8, "warn"),
        ("key", 180, "good"),
    ]
    replace_keys("acme", {"webhook_secret": "two"}, ends={"key": None}, at=AT, by="user:1")
    assert queries.connection("acme").keys_end == {}
    with pytest.raises(Invalid):
        replace_keys("acme", {}, ends={"url": date(2026, 12, 1)}, at=AT, by="user:1")


@pytest.mark.parametrize(
    ("ends_on", "tone"),
    [("2026-12-08", "good"), ("2026-12-07", "warn"), ("2026-11-26", "bad"), ("2026-11-01", "bad")],
)
def test_an_end_is_amber_for_14_days_and_bad_for_3(ends_on: str, tone: str) -> None:
    assert [one.tone for one in endings({"key": ends_on}, AT.date())] == [tone]


def test_secrets_are_never_told(door: Door) -> None:
    replace_keys("acme", {"webhook_secret": "canary-1"}, at=AT, by="user:1")
    assert "canary" not in str(told("ConnectionChanged"))
    assert "canary" not in str(Connection.objects.values("settings", "secret_names", "keys_end").get())
