"""A carrier on strike: it is offered nothing, and what lies in the house goes with others."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from quartermaster.core import sql
from quartermaster.core.errors import Invalid, NotFound
from quartermaster.shipping.actions import move_labels, pause, preview, resume, scan_out
from quartermaster.shipping.actions.pause import AlreadyPaused
from quartermaster.shipping.queries.parcels import labels as labels_of
from quartermaster.shipping.queries.pauses import carriers, pauses

from .conftest import AT, examine, labels, parcel_state, work

type Pack = Callable[..., tuple[str, int]]
STRIKE = "Its drivers are on strike."


def paused(carrier: str = "post", *, moves_labels: bool = False) -> None:
    pause(carrier, because=STRIKE, moves_labels=moves_labels, at=AT, by="user:1")


def test_a_paused_carrier_is_offered_nothing_and_the_choice_says_why(packed: Pack):
    paused()
    _, parcel = packed(1)
    work()

    ((state, service),) = labels()
    assert (state, service.partition(" ")[0]) == ("bought", "express")
    choice = labels_of(parcel)[0].choice
    assert choice is not None
    assert {each.removed for each in choice.candidates if each.carrier == "post"} == {f"is paused: {STRIKE}"}

    resume("post", at=AT, by="user:1")
    packed(1)
    work()
    assert labels()[-1] == ("bought", "post packet")
    assert [name for (name,) in sql.run("select name from core_event where subject = 'carrier:post'")] == [
        "CarrierPaused",
        "CarrierResumed",
    ]


def test_what_has_its_label_in_the_house_moves_only_when_asked(packed: Pack):
    _, parcel = packed(1)
    work()
    paused()
    assert move_labels(at=AT) == 0
    resume("post", at=AT, by="user:1")
    paused(moves_labels=True)
    assert move_labels(at=AT) == 1
    assert move_labels(at=AT) == 0
    work()

    assert [state for state, _ in labels()] == ["voided", "bought"]
    assert labels_of(parcel)[0].carrier == "express"
    assert labels_of(parcel)[1].because == STRIKE
    assert parcel_state(parcel) == "labelled"
    examine()


def test_what_is_on_a_manifest_or_cannot_go_otherwise_is_told(packed: Pack):
    _, scanned = packed(1)
    _, heavy = packed(1)
    work()
    scan_out(f"P-{scanned}", at=AT, by="user:1")
    sql.run("update warehouse_parcel set weight_g = 900000 where id = %s", (heavy,))
    looked = preview("post", at=AT)
    assert (looked.parcels, looked.asked, looked.staying) == (2, 2, 1)
    assert looked.stay[0][0] == f"P-{heavy}"
    assert [each.parcels for each in looked.moved] == [1]
    assert looked.after_minor > looked.before_minor > 0

    paused(moves_labels=True)
    assert move_labels(at=AT) == 1
    work()
    assert [(each.carrier, each.state) for each in labels_of(scanned)] == [("post", "bought")]
    assert labels_of(heavy)[0].state == "refused"
    assert STRIKE in labels_of(heavy)[0].because
    examine()


def test_carriers_are_listed_with_what_they_carried(packed: Pack):
    packed(1)
    work()
    bought = sql.run("select bought_at, cost_minor from shipping_label")[0]
    post, *idle = carriers(at=bought[0] + timedelta(minutes=1), days=7)
    assert (post.carrier, post.labels, post.cost_minor, post.in_house) == ("post", 1, bought[1], 1)
    assert [(each.carrier, each.labels) for each in idle] == [("express", 0)]


def test_pausing_twice_and_pausing_nobody_are_refused(lamp: str):
    paused()
    with pytest.raises(AlreadyPaused):
        paused()
    with pytest.raises(NotFound):
        paused("pigeon")
    with pytest.raises(NotFound):
        resume("express", at=AT, by="user:1")
    with pytest.raises(Invalid):
        pause("express", because=" ", moves_labels=False, at=AT, by="user:1")
    assert [each.carrier for each in pauses()] == ["post"]
