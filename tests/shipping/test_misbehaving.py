"""Carriers that answer late, wrongly or not at all: one paid label, whatever they do."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from quartermaster.core import plugs, sql
from quartermaster.core.actions.outbox import carry_out
from quartermaster.core.moment import being, now
from quartermaster.core.outside import Throttled
from quartermaster.orders.actions import cancel, edit, hold
from quartermaster.orders.ports import Address
from quartermaster.shipping.actions import buy_labels, pause
from quartermaster.shipping.ports import NotDone
from quartermaster.testing.builders import flow
from quartermaster.testing.carriers import InventedCarrier, plugged

from .conftest import AT, DUE, examine, labels, names, parcel_state, work

type Pack = Callable[..., tuple[str, int]]
PARIS = Address(name="Ann", line1="Rue 1", city="Paris", postcode="75001", country="FR")


@pytest.fixture
def carrier(monkeypatch: pytest.MonkeyPatch) -> InventedCarrier:
    invented = InventedCarrier()
    known = plugged(invented, plugs.installed())
    monkeypatch.setattr(plugs, "installed", lambda: known)
    return invented


@pytest.mark.parametrize(
    "faults",
    [
        ("late",),
        ("late", "late"),
        ("late", "down", "broken"),
        ("late", "liar"),
        ("late", "liar", "late", "liar"),
        ("down", "down"),
        ("broken",),
        ("broken", "broken", "down", "liar"),
    ],
    ids=" then ".join,
)
def test_a_carrier_that_fails_is_paid_once(carrier: InventedCarrier, packed: Pack, faults: tuple[str, ...]):
    carrier.faults.extend(faults)
    number, parcel_id = packed()

    work()

    assert labels() == [("bought", "invented only")]
    assert (len(carrier.sold), carrier.live) == (1, 1)
    assert parcel_state(parcel_id) == "labelled"
    assert names(number).count("LabelBought") == 1
    examine()


def test_a_purchase_without_an_answer_is_asked_after_and_not_repeated(carrier: InventedCarrier, packed: Pack):
    carrier.faults.append("late")
    packed()

    work()

    assert carrier.calls == ["buy", "find"]


def test_while_nobody_knows_the_label_says_so(carrier: InventedCarrier, packed: Pack):
    carrier.faults.extend(["late", "down"])
    _, parcel_id = packed()
    flow()
    carry_out()

    assert sql.run("select state, because from shipping_label") == [
        ("unknown", "invented gave no clear answer: Unclear")
    ]
    assert parcel_state(parcel_id) == "packed"


def test_a_worker_that_dies_after_paying_leaves_one_label(carrier: InventedCarrier, packed: Pack):
    class Killed(BaseException):
        pass

    def die() -> None:
        raise Killed

    carrier.meanwhile = die
    packed()
    with pytest.raises(Killed):
        work()
    assert labels() == [("queued", "invented only")]

    work()

    assert labels() == [("bought", "invented only")]
    assert carrier.calls == ["buy", "find"]


def test_an_order_cancelled_while_its_label_is_being_bought_has_no_live_label(
    carrier: InventedCarrier, packed: Pack
):
    number, parcel_id = packed()
    carrier.meanwhile = lambda: cancel(number, because="changed her mind", at=AT, by="user:1")

    work()

    assert labels() == [("voided", "invented only")]
    assert carrier.live == 0
    assert parcel_state(parcel_id) == "cancelled"
    assert "LabelBought" not in names(number)
    examine()


def test_an_order_held_while_its_label_is_being_bought_has_no_live_label(
    carrier: InventedCarrier, packed: Pack
):
    number, _ = packed()
    carrier.meanwhile = lambda: hold(number, kind="fraud", because="stolen card", at=AT, by="user:1")

    work()

    assert (labels(), carrier.live) == ([("voided", "invented only")], 0)


def test_an_address_changed_while_its_label_is_being_bought_gets_the_new_address(
    carrier: InventedCarrier, packed: Pack
):
    number, _ = packed()
    carrier.meanwhile = lambda: edit(number, ship_to=PARIS, because="she moved", at=AT, by="user:1")

    work()

    assert [state for state, _ in labels()] == ["voided", "bought"]
    assert (len(carrier.sold), carrier.live) == (2, 1)
    assert sql.run("select ship_to->>'city' from shipping_label where state = 'bought'") == [("Paris",)]
    examine()


@pytest.mark.parametrize("faults", [("late",), ("late", "liar"), ("down", "late", "down")], ids=" then ".join)
def test_a_label_is_given_back_once_whatever_the_carrier_answers(
    carrier: InventedCarrier, packed: Pack, faults: tuple[str, ...]
):
    number, _ = packed()
    work()
    carrier.faults.extend(faults)
    carrier.calls.clear()

    cancel(number, because="changed her mind", at=AT, by="user:1")
    work()

    assert (labels(), carrier.live) == ([("voided", "invented only")], 0)
    assert names(number).count("LabelVoided") == 1


def test_a_label_the_carrier_keeps_is_shown_as_paid_for_nothing(carrier: InventedCarrier, packed: Pack):
    number, parcel_id = packed()
    work()
    carrier.faults.append("refuses")

    cancel(number, because="changed her mind", at=AT, by="user:1")
    work()

    assert labels() == [("stranded", "invented only")]
    assert names(number)[-1] == "LabelStranded"
    assert parcel_state(parcel_id) == "cancelled"
    examine()


def test_a_label_is_given_back_with_the_account_that_bought_it(carrier: InventedCarrier, packed: Pack):
    number, _ = packed()
    work()
    cancel(number, because="changed her mind", at=AT, by="user:1")
    work()

    assert carrier.accounts == ["invented", "invented"]
    assert carrier.calls == ["buy", "void"]


def test_a_carrier_that_gives_no_rates_does_not_keep_the_others_from_it(
    carrier: InventedCarrier, packed: Pack, monkeypatch: pytest.MonkeyPatch
):
    def closed(**asked: object) -> None:
        raise NotDone("it is closed for an hour")

    monkeypatch.setattr(carrier, "rate", closed)
    packed()

    work()

    assert labels() == [("bought", "post packet")]


def test_a_parcel_does_not_wait_for_a_carrier_that_is_down_once_that_is_paused(
    carrier: InventedCarrier, packed: Pack
):
    carrier.faults.extend(["down"] * 50)
    packed()
    flow()
    carry_out()
    assert labels() == [("queued", "invented only")]

    pause("invented", because="Its systems are down.", moves_labels=False, at=AT, by="user:1")
    work()

    assert labels() == [("bought", "post packet")]
    assert carrier.sold == {}
    examine()


def test_of_many_labels_the_bad_addresses_are_named_and_a_second_run_does_only_those(
    carrier: InventedCarrier, packed: Pack
):
    parcels = [packed(1) for _ in range(12)]
    bad = {3: "00003", 8: "00008"}
    for place, postcode in bad.items():
        sql.run(
            "update orders_order set ship_to = ship_to || jsonb_build_object('postcode', %s::text) "
            "where id = %s",
            (postcode, int(parcels[place][0].removeprefix("SO-"))),
        )
    carrier.bad_postcodes = frozenset(bad.values())

    work()

    refused = sql.run("select parcel_id, because from shipping_label where state = 'refused' order by id")
    assert refused == [(parcels[place][1], "no such address") for place in sorted(bad)]
    assert carrier.live == 10

    carrier.bad_postcodes = frozenset()
    asked = buy_labels([parcel_id for _, parcel_id in parcels], at=AT, by="user:1")
    work()

    assert asked == [parcels[place][1] for place in sorted(bad)]
    assert (len(carrier.sold), carrier.live) == (12, 12)


class SlowToSettle(InventedCarrier):
    settles_s = 60


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> SlowToSettle:
    invented = SlowToSettle()
    known = plugged(invented, plugs.installed())
    monkeypatch.setattr(plugs, "installed", lambda: known)
    return invented


def test_a_carrier_that_knows_nothing_yet_is_asked_again_before_it_is_paid_again(
    slow: SlowToSettle, packed: Pack
):
    slow.faults.extend(["late", "liar"])
    packed()

    work()

    assert slow.calls == ["buy", "find", "find"]
    assert (len(slow.sold), labels()) == (1, [("bought", "invented only")])


def test_a_carrier_that_still_knows_nothing_after_a_while_is_asked_to_sell_it(
    slow: SlowToSettle, packed: Pack
):
    slow.faults.append("broken")
    packed()
    flow()
    for _ in range(3):
        sql.run(DUE)
        carry_out()
    assert (slow.calls, labels()) == (["buy", "find", "find"], [("unknown", "invented only")])

    with being(now() + timedelta(seconds=61)):
        work()

    assert labels() == [("bought", "invented only")]
    assert slow.calls == ["buy", "find", "find", "find", "buy"]


def test_a_carrier_that_names_a_moment_is_left_alone_until_then(carrier: InventedCarrier, packed: Pack):
    later = now().replace(microsecond=0) + timedelta(minutes=40)

    def throttle() -> None:
        raise Throttled("too many", later)

    carrier.meanwhile = throttle
    packed()
    flow()
    carry_out()

    assert sql.run("select due_at from core_outbox where settled_at is null") == [(later,)]
