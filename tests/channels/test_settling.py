"""What becomes of a listing when its shop answers."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from quartermaster.channels.rules import settling
from quartermaster.channels.rules.readings import TRIES_MAX, Reading, Verdict, judge
from quartermaster.channels.rules.settling import Answer, Row, settle

AT = datetime(2026, 11, 2, 12, tzinfo=UTC)
OUTCOMES = st.sampled_from(["taken", "accepted", "stale", "missing", "refused", "later", "unclear"])


def row(**different):
    facts = {"state": "sent", "asks": "", "turn": 7, "version": 3, "wanted": 5, "confirmed": 9}
    facts |= {"confirmed_version": 2, "sent_version": 3, "sent_quantity": 5, "sent_at": AT, "tries": 0}
    facts |= {"id": 1, "waits": 0, "is_open": True, "is_doubted": False}
    return Row(**{**facts, **different})


def answer(outcome, **different):
    return Answer(1, **{"turn": 7, "outcome": outcome, "version": 3, "quantity": 5, **different})


def test_what_was_taken_is_confirmed_and_rests():
    said = settle(row(), answer("taken"), AT)
    assert (said.state, said.confirmed, said.confirmed_version) == ("idle", 5, 3)


@pytest.mark.parametrize(
    ("has_was", "wanted_was", "state"),
    [(900, 900, "idle"), (None, None, "idle"), (None, 900, "due"), (900, None, "due"), (800, 900, "due")],
)
def test_a_price_is_as_wanted_when_what_it_was_before_is(has_was, wanted_was, state):
    priced = row(state="asked", asks="sample", currency="EUR", tells_was=True, wanted_was=wanted_was)
    said = settle(priced, answer("read", has=5, has_was=has_was, is_look=True), AT)
    assert (said.state, said.confirmed_was) == (state, has_was)
    alone = settle(replace(priced, tells_was=False), answer("read", has=5, has_was=1, is_look=True), AT)
    assert alone.state == "idle"


def test_what_was_sent_before_is_an_older_value_only_with_both_figures():
    priced = row(state="asked", asks="unclear", currency="EUR", tells_was=True, wanted_was=9, sent_was=8)
    newer = replace(priced, version=4, wanted=4)
    older = settle(newer, answer("read", has=5, has_was=8, is_look=True), AT)
    other = settle(newer, answer("read", has=5, has_was=7, is_look=True), AT)
    assert [(one.state, one.confirmed_version, one.tries) for one in (older, other)] == [
        ("due", 3, 0),
        ("due", 2, 1),
    ]


def test_one_in_twenty_that_were_taken_is_read_back(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(settling, "SAMPLE", 20)
    said = [settle(row(id=n), answer("taken"), AT) for n in range(40)]
    assert [one.asks for one in said if one.state == "asked"] == ["sample"] * 2
    assert {one.confirmed for one in said} == {5}


def test_what_changed_while_it_was_under_way_is_due_at_once():
    said = settle(row(version=4, wanted=4), answer("taken"), AT)
    assert (said.state, said.confirmed, said.confirmed_version, said.next_at) == ("due", 5, 3, AT)


def test_a_refused_row_rests_until_its_number_changes():
    assert settle(row(), answer("refused", because="closed"), AT).state == "refused"
    assert settle(row(version=4), answer("refused", because="closed"), AT).state == "due"


def test_a_shop_that_already_has_the_number_is_not_written_to_again():
    said = settle(row(), answer("stale", has=5, expected=6), AT)
    assert (said.state, said.confirmed, said.confirmed_version) == ("idle", 5, 3)


def test_a_shop_with_fewer_has_sold_some_and_is_given_time_to_say_so():
    fewer, more = (settle(row(), answer("stale", has=has, expected=9), AT) for has in (3, 8))
    assert (fewer.state, more.state, more.next_at) == ("due", "due", AT)
    assert fewer.next_at > AT


def test_after_five_other_numbers_somebody_has_to_look_and_sees_both():
    states, tries = [], 0
    for _ in range(TRIES_MAX):
        said = settle(row(tries=tries), answer("stale", has=8, expected=9), AT)
        states.append(said.state)
        tries = said.tries
    assert states == ["due"] * 4 + ["stuck"]
    assert said.because == "The shop has 8, expected were 9; it is to have 5."


def test_an_answer_that_comes_late_writes_nothing_over_a_newer_one_but_has_it_read_back():
    late = answer("taken", turn=6, version=2, quantity=8)
    in_hand = settle(row(), late, AT)
    assert (in_hand.state, in_hand.is_doubted, in_hand.is_confirmed) == ("sent", True, False)
    resting = settle(row(state="idle"), late, AT)
    assert (resting.state, resting.asks, resting.is_confirmed) == ("asked", "unclear", False)
    assert settle(row(is_doubted=True), answer("taken"), AT).state == "asked"


def test_a_late_answer_that_wrote_nothing_changes_nothing():
    assert settle(row(), answer("refused", turn=6), AT) is None


def test_a_taken_row_that_had_another_number_before_is_always_looked_at():
    assert settle(row(tries=1), answer("taken"), AT).asks == "sample"


def test_a_shop_that_only_accepted_is_given_a_quarter_of_an_hour():
    asked = row(state="asked", asks="accepted", sent_quantity=5)
    young, old = AT + timedelta(minutes=2), AT + timedelta(minutes=16)
    assert settle(asked, answer("read", has=9, is_look=True), young).state == "asked"
    assert settle(asked, answer("read", has=9, is_look=True), old).state == "due"


@given(
    OUTCOMES,
    st.integers(3, 5),
    st.integers(0, 20),
    st.none() | st.integers(0, 20),
    st.integers(0, TRIES_MAX),
    st.booleans(),
    st.booleans(),
)
def test_whatever_is_answered_the_row_goes_on_or_says_why(
    outcome, version, wanted, has, tries, is_open, doubt
):
    before = row(version=version, wanted=wanted, tries=tries, is_open=is_open, is_doubted=doubt)
    said = settle(before, answer(outcome, has=has), AT)
    assert said is not None
    assert said.next_at >= AT
    assert 2 <= said.confirmed_version <= version
    assert said.state in ("idle", "due", "asked") or said.because
    if said.state == "idle" and is_open and not said.is_gone:
        assert said.confirmed == wanted or (outcome == "taken" and version == 3)


@given(st.none() | st.integers(0, 9), st.integers(0, 9), st.none() | st.integers(0, 9), st.integers(0, 9))
def test_a_reading_is_never_sent_more_than_five_times(has, wanted, sent, tries):
    verdict, wait = judge(Reading(has, wanted, sent, tries))
    assert wait >= timedelta()
    assert (verdict is Verdict.AS_WANTED) == (has == wanted)
    assert verdict is not Verdict.OTHERWISE or tries + 1 < TRIES_MAX
