"""Effects outside: at most once under one key, and never guessed."""

import threading
from collections.abc import Iterator, Mapping

import pytest
from django.db import transaction
from django.utils import timezone

from quartermaster.core import sql
from quartermaster.core.actions import outbox
from quartermaster.core.actions.outbox import WishKeyReused, carry_out, wish
from quartermaster.core.effects import Told, Turn, effects

pytestmark = pytest.mark.django_db(transaction=True)


class Shop:
    """The other side: remembers what was really done, and loses answers on demand."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.is_asked = 0
        self.loses_answer = self.loses_request = self.refuses = False

    def perform(self, *, key: str, body: Mapping[str, object]) -> Told:
        if self.loses_request:
            raise TimeoutError("no answer")
        if self.refuses:
            return Told(Turn.REFUSE, "the shop says no")
        self.done.append(key)
        if self.loses_answer:
            raise TimeoutError("no answer")
        return Told(Turn.CONFIRM, "done", {"reference": f"R-{key}"})

    def ask(self, *, key: str, body: Mapping[str, object]) -> Told:
        self.is_asked += 1
        if key in self.done:
            return Told(Turn.CONFIRM, "it was done", {"reference": f"R-{key}"})
        return Told(Turn.FIND_UNDONE, "it never arrived")


@pytest.fixture
def shop() -> Iterator[Shop]:
    effects["shop.fulfil"] = shop = Shop()
    yield shop
    del effects["shop.fulfil"]


def ask_for(key: str, subject: str = "order:SO-1", **body: object) -> None:
    with transaction.atomic():
        wish(key=key, task="shop.fulfil", subject=subject, body=body, due_at=timezone.now())


def due_again() -> None:
    sql.run("update core_outbox set due_at = now()")


def state(key: str) -> str:
    return str(sql.run("select state from core_outbox where key = %s", (key,))[0][0])


def test_a_wish_is_carried_out_once_and_its_answer_kept(shop: Shop) -> None:
    ask_for("a", units=1)
    ask_for("a", units=1)

    assert carry_out() == 1
    assert carry_out() == 0
    assert (shop.done, state("a")) == (["a"], "confirmed")
    assert sql.run("select answer->>'reference' from core_outbox") == [("R-a",)]


def test_a_key_stands_for_one_effect_only(shop: Shop) -> None:
    ask_for("a", units=1)
    with pytest.raises(WishKeyReused):
        ask_for("a", units=2)


def test_a_wish_rolls_back_with_the_fact_that_caused_it(shop: Shop) -> None:
    with transaction.atomic():
        wish(key="a", task="shop.fulfil", subject="order:SO-1", body={}, due_at=timezone.now())
        transaction.set_rollback(True)
    assert carry_out() == 0


def test_a_lost_answer_is_asked_for_and_never_repeated(shop: Shop) -> None:
    shop.loses_answer = True
    ask_for("a")
    carry_out()
    assert state("a") == "unknown"

    due_again()
    carry_out()
    assert (shop.done, shop.is_asked, state("a")) == (["a"], 1, "confirmed")


def test_a_lost_request_is_found_undone_and_then_done_once(shop: Shop) -> None:
    shop.loses_request = True
    ask_for("a")
    carry_out()
    shop.loses_request = False
    for _ in range(3):
        due_again()
        carry_out()
    assert (shop.done, shop.is_asked, state("a")) == (["a"], 1, "confirmed")


def test_a_refusal_is_final_and_says_why(shop: Shop) -> None:
    shop.refuses = True
    ask_for("a")
    carry_out()
    due_again()
    assert carry_out() == 0
    assert sql.run("select state, because from core_outbox") == [("refused", "the shop says no")]


def test_a_worker_that_died_after_the_call_leaves_an_unknown_that_is_settled_by_asking(shop: Shop) -> None:
    ask_for("a")
    sql.run(outbox.TAKE, {"lease": 0, "tasks": ["shop.fulfil"], "batch": 1})
    shop.done.append("a")  # the call went through, the worker did not live to write it down

    due_again()
    carry_out()
    assert (shop.done, shop.is_asked, state("a")) == (["a"], 1, "confirmed")


def test_a_frozen_worker_that_wakes_after_its_lease_writes_nothing(shop: Shop) -> None:
    ask_for("a")
    (row,) = sql.run(outbox.TAKE, {"lease": 0, "tasks": ["shop.fulfil"], "batch": 1})
    due_again()
    carry_out()  # somebody else took over: asked, found undone
    outbox._deal_with(outbox._Taken._make(row))

    assert state("a") == "queued"
    due_again()
    carry_out()
    assert state("a") == "confirmed"


class Crowd(Shop):
    """Notes who is inside at the same moment, and lets nobody out before as many as `together` were there."""

    def __init__(self, together: int) -> None:
        super().__init__()
        self.all_here = threading.Barrier(together)
        self.inside: list[str] = []
        self.most = 0

    def perform(self, *, key: str, body: Mapping[str, object]) -> Told:
        self.inside.append(str(body["subject"]))
        assert len(set(self.inside)) == len(self.inside), "two of one subject at once"
        self.most = max(self.most, len(self.inside))
        self.all_here.wait(timeout=10)
        told = super().perform(key=key, body=body)
        self.inside.remove(str(body["subject"]))
        return told


def test_wishes_of_different_subjects_are_carried_out_a_few_at_once(shop: Shop) -> None:
    effects["shop.fulfil"] = crowd = Crowd(outbox.AT_ONCE)
    for n in range(2 * outbox.AT_ONCE):
        ask_for(f"a{n}", subject=f"order:SO-{n}")
        sql.run("update core_outbox set body = jsonb_build_object('subject', subject)")

    assert carry_out() == 2 * outbox.AT_ONCE

    assert crowd.most == outbox.AT_ONCE
    assert {state(f"a{n}") for n in range(2 * outbox.AT_ONCE)} == {"confirmed"}
    assert sorted(crowd.done) == sorted(f"a{n}" for n in range(2 * outbox.AT_ONCE))


def test_wishes_of_one_subject_keep_their_turn_and_one_that_fails_stops_no_other(shop: Shop) -> None:
    effects["shop.fulfil"] = crowd = Crowd(1)
    for n in range(6):
        ask_for(f"a{n}", subject=f"order:SO-{n % 2}")
        sql.run("update core_outbox set body = jsonb_build_object('subject', subject)")
    ask_for("b", subject="order:SO-9")  # without a body: it stumbles

    assert carry_out() == 7

    assert [key for key in crowd.done if int(key[1]) % 2] == ["a1", "a3", "a5"]
    assert [key for key in crowd.done if not int(key[1]) % 2] == ["a0", "a2", "a4"]
    assert state("b") == "unknown"
