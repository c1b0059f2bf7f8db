"""What is done when a carrier fails: by one word, by itself, and undone."""

from datetime import timedelta

import pytest

from quartermaster.core import sql
from quartermaster.core.errors import Invalid, NotFound
from quartermaster.shipping.actions import fire_playbook, resume, watch_playbooks, write_playbook
from quartermaster.shipping.actions.pause import AlreadyPaused
from quartermaster.shipping.queries.pauses import pauses
from quartermaster.shipping.rules.playbooks import Playbook, failed

from .conftest import AT, examine

HOUR = timedelta(hours=1)
STRIKE = Playbook("post", "Nobody fetches.", moves_labels=True, fires_on=5, ends_after_h=48)


@pytest.mark.parametrize(
    ("fires_on", "unanswered", "unscanned", "told"),
    [
        (None, 900, 900, ""),
        (5, 2, 2, ""),
        (5, 0, 5, "5 parcels it has not scanned"),
        (5, 1, 4, "4 parcels it has not scanned and 1 label it does not answer for"),
        (1, 1, 0, "1 label it does not answer for"),
    ],
)
def test_it_fires_once_enough_is_let_lie_and_says_what(fires_on, unanswered, unscanned, told):
    wanted = Playbook("post", "x", fires_on=fires_on)
    assert failed(wanted, unanswered=unanswered, unscanned=unscanned) == told


def test_it_is_written_anew_and_each_writing_is_told(lamp: str):
    write_playbook(STRIKE, at=AT, by="user:1")
    write_playbook(Playbook("post", "Out of order."), at=AT, by="user:2")
    assert sql.run("select because, fires_on, written_by from shipping_playbook") == [
        ("Out of order.", None, "user:2")
    ]
    assert sql.run("select count(*) from core_event where name = 'PlaybookWritten'") == [(2,)]


def test_what_makes_no_sense_is_refused(lamp: str):
    for wrong in (
        Playbook("post", " "),
        Playbook("post", "x", fires_on=0),
        Playbook("post", "x", ends_after_h=0),
    ):
        with pytest.raises(Invalid):
            write_playbook(wrong, at=AT, by="user:1")
    with pytest.raises(NotFound):
        write_playbook(Playbook("pigeon", "It rains."), at=AT, by="user:1")
    with pytest.raises(NotFound):
        fire_playbook("post", at=AT, by="user:1")


def test_one_word_does_it_and_it_ends_by_itself(lamp: str):
    write_playbook(STRIKE, at=AT, by="user:1")
    fire_playbook("post", at=AT, by="user:1")
    with pytest.raises(AlreadyPaused):
        fire_playbook("post", at=AT, by="user:2")
    (pause,) = pauses()
    assert (pause.because, pause.moves_labels, pause.ends_at) == ("Nobody fetches.", True, AT + 48 * HOUR)

    assert watch_playbooks(unscanned={"post": 900}, at=AT + 47 * HOUR) == ([], [])
    assert watch_playbooks(unscanned={}, at=AT + 48 * HOUR) == ([], ["post"])
    assert watch_playbooks(unscanned={}, at=AT + 48 * HOUR) == ([], [])
    assert pauses() == ()
    examine()


def test_labels_that_are_not_answered_fire_it_once(lamp: str, packed):
    packed(1)
    sql.run(
        "insert into shipping_label (parcel_id, reference, carrier, state, asked_at, unclear_at) "
        "select id, 'L-9', 'post', 'unknown', %s, %s from warehouse_parcel",
        (AT, AT),
    )
    write_playbook(Playbook("post", "Its systems are down.", fires_on=1), at=AT, by="user:1")
    assert watch_playbooks(unscanned={}, at=AT + HOUR / 12) == ([], [])
    assert watch_playbooks(unscanned={}, at=AT + HOUR) == (["post"], [])
    (pause,) = pauses()
    assert pause.because == "Its systems are down: 1 label it does not answer for."
    assert (pause.began_by, pause.ends_at) == ("playbook", None)
    resume("post", at=AT + 2 * HOUR, by="user:1")
    assert watch_playbooks(unscanned={}, at=AT + 3 * HOUR) == ([], [])  # that was dealt with
