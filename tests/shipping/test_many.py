"""Labels of carriers that answer from within are bought many at once; the odd one is told for itself."""

from collections.abc import Callable
from typing import Any

import pytest

from quartermaster.core import plugs, sql
from quartermaster.core.actions import within
from quartermaster.core.actions.outbox import carry_out
from quartermaster.orders.actions import cancel, edit
from quartermaster.orders.ports import Address
from quartermaster.shipping.actions import buy_within
from quartermaster.shipping.actions.own_labels import OwnLabels
from quartermaster.testing.builders import flow
from quartermaster.testing.carriers import InventedCarrier, plugged

from .conftest import AT, examine, labels, names, work

type Pack = Callable[..., tuple[str, int]]
PARIS = Address(name="Ann", line1="Rue 1", city="Paris", postcode="75001", country="FR")
WISHES = "select state, count(*) from core_outbox where task = 'shipping.label' group by 1 order by 1"


def packed_many(pack: Pack, many: int, **different: int) -> None:
    for _ in range(many):
        pack(1, **different)


def test_forty_labels_cost_the_statements_of_two(packed: Pack):
    counts = []
    for many in (2, 40):
        packed_many(packed, many)
        flow()
        with sql.counted() as statements:
            assert carry_out() == many
        counts.append(len(statements))

    assert labels() == [("bought", "post packet")] * 42
    assert counts[0] == counts[1] < 30
    assert sql.run("select count(distinct tracking_number), count(*) from shipping_issued") == [(42, 42)]
    assert sql.run("select count(*) from core_event where name = 'LabelBought'") == [(42,)]
    assert sql.run("select distinct packed, labelled from orders_line") == [(1, 1)]
    assert sql.run(WISHES) == [("confirmed", 42)]
    examine()


def test_many_at_once_are_written_like_one_by_one(packed: Pack, monkeypatch: pytest.MonkeyPatch):
    packed(2)
    work()
    packed(2)
    monkeypatch.setattr("quartermaster.core.actions.outbox.carry_out_within", lambda: (0, frozenset()))
    work()

    # What differs is the parcel's own: its id, and with it the numbers made from it.
    one, other = sql.run("""
        select state, carrier, service, account, cost_minor, currency, ship_to::text, because, pdf, zpl,
          replace(convert_from(inputs, 'utf8'), 'P-' || parcel_id, 'P-'), decision
        from shipping_label order by id""")
    assert one == other
    assert one[0] == "bought"


def test_the_odd_ones_of_a_batch_are_told_for_themselves(packed: Pack):
    packed_many(packed, 3)
    heavy, _ = packed(1, weight_g=90_000)
    gone, _ = packed(1)
    moved, _ = packed(1)
    flow()
    cancel(gone, because="changed her mind", at=AT, by="user:1")
    edit(moved, ship_to=PARIS, because="she moved", at=AT, by="user:1")

    carry_out()

    assert [state for state, _ in labels()] == ["bought"] * 3 + ["refused", "voided", "bought"]
    assert names(heavy)[-1] == "LabelRefused"
    assert sql.run("select ship_to->>'city' from shipping_label order by id desc limit 1") == [("Paris",)]
    assert sql.run(WISHES) == [("confirmed", 4), ("refused", 2)]
    work()
    examine()


def test_a_batch_that_fails_is_bought_one_by_one(packed: Pack, monkeypatch: pytest.MonkeyPatch):
    packed_many(packed, 3)
    flow()
    buy_all = OwnLabels.buy_all

    def stumbles(self: OwnLabels, *, account: Any, wanted: Any) -> Any:
        answers = buy_all(self, account=account, wanted=wanted)
        if len(wanted) > 1:
            raise ValueError("too many for it")
        return answers

    monkeypatch.setattr(OwnLabels, "buy_all", stumbles)
    assert carry_out() == 3

    assert labels() == [("bought", "post packet")] * 3
    assert sql.run("select count(*) from shipping_issued") == [(3,)]
    examine()


def test_more_than_a_batch_is_never_taken_one_by_one(packed: Pack, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(within, "BATCH", 2)
    packed_many(packed, 5)
    flow()

    assert [carry_out() for _ in range(4)] == [2, 2, 1, 0]

    assert labels() == [("bought", "post packet")] * 5


def test_while_a_carrier_must_be_asked_outside_nothing_is_bought_in_a_transaction(
    packed: Pack, monkeypatch: pytest.MonkeyPatch
):
    invented = InventedCarrier()
    known = plugged(invented, plugs.installed())
    monkeypatch.setattr(plugs, "installed", lambda: known)
    packed_many(packed, 2)
    flow()

    assert buy_within.buy([row[0] for row in sql.run("select id from shipping_label")], at=AT) == {}
    assert invented.calls == []
    work()
    assert labels() == [("bought", "invented only")] * 2
