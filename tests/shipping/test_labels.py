"""A packed parcel gets a label, once; and loses it again when it must not leave."""

from collections.abc import Callable

import pytest

from quartermaster.core import sql
from quartermaster.orders.actions import cancel, edit, hold, release_hold
from quartermaster.orders.ports import Address
from quartermaster.shipping.actions import buy_label, void_label
from quartermaster.shipping.actions.by_hand import LabelUnderWay, NoLabelNow
from quartermaster.shipping.rules import ByHand
from quartermaster.testing.builders import flow
from quartermaster.warehouse.actions import close, open_again

from .conftest import AT, examine, labels, names, parcel_state, work

type Pack = Callable[..., tuple[str, int]]
PARIS = Address(name="Ann", line1="Rue 1", city="Paris", postcode="75001", country="FR")


def test_a_packed_parcel_gets_the_cheapest_label_by_itself(packed: Pack):
    number, parcel_id = packed()

    work()

    assert labels() == [("bought", "post packet")]
    assert parcel_state(parcel_id) == "labelled"
    assert names(number) == ["ParcelPacked", "LabelBought"]
    assert sql.run("select packed, labelled from orders_line") == [(2, 2)]
    ((carrier, tracking_number),) = sql.run("select carrier, tracking_number from warehouse_parcel")
    assert carrier == "post"
    assert len(tracking_number) == 12
    examine()


def test_a_parcel_of_a_held_order_gets_its_label_when_the_hold_is_released(packed: Pack):
    number, _ = packed()
    hold(number, kind="fraud", because="stolen card", at=AT, by="user:1")
    work()
    assert labels() == []

    release_hold(number, kind="fraud", because="checked", at=AT, by="user:1")
    work()

    assert labels() == [("bought", "post packet")]


def test_a_parcel_of_a_cancelled_order_gets_no_label(packed: Pack):
    number, _ = packed()
    cancel(number, because="changed her mind", at=AT, by="user:1")

    work()

    assert labels() == []


def test_a_cancelled_order_loses_its_label(packed: Pack):
    number, parcel_id = packed()
    work()

    cancel(number, because="changed her mind", at=AT, by="user:1")
    work()

    assert labels() == [("voided", "post packet")]
    assert parcel_state(parcel_id) == "cancelled"  # what is in it goes back to its bin
    assert sql.run("select labelled from orders_line") == [(0,)]
    assert sql.run("select voided_at is not null from shipping_issued") == [(True,)]
    assert "LabelVoided" in names(number)
    examine()


def test_a_changed_address_voids_the_label_once_and_buys_another(packed: Pack):
    number, parcel_id = packed()
    work()

    edit(number, ship_to=PARIS, because="she moved", at=AT, by="user:1")
    work()

    assert [state for state, _ in labels()] == ["voided", "bought"]
    assert sql.run("select ship_to->>'city' from shipping_label order by id") == [("Berlin",), ("Paris",)]
    assert names(number).count("LabelVoided") == 1
    assert parcel_state(parcel_id) == "labelled"
    examine()


def test_a_held_order_keeps_the_label_it_has(packed: Pack):
    number, _ = packed()
    work()

    hold(number, kind="fraud", because="stolen card", at=AT, by="user:1")
    work()

    assert labels() == [("bought", "post packet")]


def test_an_opened_parcel_loses_its_label_and_gets_another_when_it_is_closed_again(packed: Pack):
    _, parcel_id = packed()
    work()
    open_again(parcel_id, because="one lamp less", at=AT, by="user:1")
    work()
    assert labels() == [("voided", "post packet")]
    assert parcel_state(parcel_id) == "packing"

    close(parcel_id, at=AT, by="user:1")
    work()

    assert [state for state, _ in labels()] == ["voided", "bought"]
    assert parcel_state(parcel_id) == "labelled"
    examine()


def test_a_person_may_choose_another_service_with_a_reason(packed: Pack):
    number, parcel_id = packed()
    work()

    choice = ByHand("express", "next-day", "the customer called")
    buy_label(f"P-{parcel_id}", by_hand=choice, at=AT, by="user:1")
    work()

    assert labels() == [("voided", "post packet"), ("bought", "express next-day")]
    assert names(number)[2:] == ["LabelChosen", "LabelVoided", "LabelBought"]
    examine()


def test_a_label_given_back_by_hand_stays_away_until_somebody_asks(packed: Pack):
    _, parcel_id = packed()
    work()
    void_label(f"P-{parcel_id}", because="the printer ate it", at=AT, by="user:1")
    work()
    assert labels() == [("voided", "post packet")]

    buy_label(f"P-{parcel_id}", at=AT, by="user:1")
    work()

    assert [state for state, _ in labels()] == ["voided", "bought"]


def test_a_label_that_is_asked_for_is_not_asked_for_twice(packed: Pack):
    _, parcel_id = packed()
    flow()

    buy_label(f"P-{parcel_id}", at=AT, by="user:1")
    with pytest.raises(LabelUnderWay):
        buy_label(f"P-{parcel_id}", because="the first was smudged", at=AT, by="user:1")
    with pytest.raises(LabelUnderWay):
        void_label(f"P-{parcel_id}", because="no", at=AT, by="user:1")
    work()
    buy_label(f"P-{parcel_id}", at=AT, by="user:1")
    work()
    assert labels() == [("bought", "post packet")]

    buy_label(f"P-{parcel_id}", because="the first was smudged", at=AT, by="user:1")
    work()
    assert [state for state, _ in labels()] == ["voided", "bought"]


def test_nobody_asks_for_a_label_of_a_held_order(packed: Pack):
    number, parcel_id = packed()
    hold(number, kind="fraud", because="stolen card", at=AT, by="user:1")

    with pytest.raises(NoLabelNow, match="held"):
        buy_label(f"P-{parcel_id}", at=AT, by="user:1")


def test_a_parcel_nobody_takes_is_refused_with_the_reasons(packed: Pack):
    number, parcel_id = packed(weight_g=90_000)

    work()

    assert labels() == [("refused", "")]
    assert names(number) == ["ParcelPacked", "LabelRefused"]
    assert sql.run("select because from shipping_label") == [
        (
            (
                "No service takes it: Express Economy weighs 90,000 g, at most 70,000 g; "
                "Express Next Day weighs 90,000 g, at most 70,000 g; "
                "Post Packet weighs 90,000 g, at most 2,000 g; Post Parcel weighs 90,000 g, at most 31,500 g."
            ),
        )
    ]
    assert parcel_state(parcel_id) == "packed"


def test_a_wish_that_is_heard_twice_is_one_label(packed: Pack):
    packed()
    work()
    sql.run("update core_outbox set state = 'queued', settled_at = null")

    work()

    assert labels() == [("bought", "post packet")]
    assert sql.run("select count(*) from shipping_issued") == [(1,)]
