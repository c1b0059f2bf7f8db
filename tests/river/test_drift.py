"""Their stock and ours: what differs is shown with candidates why, and settled by counter-entries only."""

import json
from datetime import timedelta

import pytest

from quartermaster.core import sql
from quartermaster.core.errors import Invalid
from quartermaster.outside.actions import book_receipt, settle_drift, work_outside
from quartermaster.outside.actions.settle_drift import DriftIsSettled
from quartermaster.outside.ports import Item, Receipt
from quartermaster.testing.warehouses import LEFT_AT, InventedWarehouse

from .conftest import NOW, Company
from .test_outside import reno, settle, sold, there  # noqa: F401 - fixtures


def drifts() -> list[tuple[str, int, int, dict[str, int]]]:
    return [
        (sku, ours, theirs, {cause["kind"]: cause["units"] for cause in json.loads(causes)})
        for sku, ours, theirs, causes in sql.run(
            "select s.code, d.ours, d.theirs, d.causes::text from outside_drift d "
            "join catalog_sku s on s.id = d.sku_id where d.settled_at is null order by d.id"
        )
    ]


def report(company: Company, there: InventedWarehouse, **stock: int) -> None:  # noqa: F811
    there.stock = dict(stock)
    sql.run("update outside_site set snapshot_at = null")
    settle(company)


def test_forty_units_below_the_ledger_are_explained_and_settled_by_a_counter_entry(
    reno: Company,  # noqa: F811
    there: InventedWarehouse,  # noqa: F811
) -> None:
    there.stock = {"LAMP": 5}
    sold(reno, ("LAMP", 3))
    reno.receive("LAMP", RNO=95)
    assert reno.on_hand("LAMP", "RNO") == 100

    report(reno, there, LAMP=60)

    ((sku, ours, theirs, causes),) = drifts()
    assert (sku, ours, theirs) == ("LAMP", 100, 60)
    assert causes["unconfirmed"] == -3
    assert causes["booked"] == -37
    assert sum(causes.values()) == -40
    assert reno.on_hand("LAMP", "RNO") == 100  # nothing is overwritten

    ((drift_id,),) = sql.run("select id from outside_drift where settled_at is null")
    movements = sql.run("select count(*) from stock_movement")[0][0]
    with pytest.raises(Invalid):
        settle_drift(drift_id, -41, because="counted there", at=NOW, by="user:1")
    settle_drift(drift_id, -37, because="they never got the pallet", at=NOW, by="user:1")
    settle_drift(drift_id, -37, because="they never got the pallet", at=NOW, by="user:1")
    with pytest.raises(DriftIsSettled):
        settle_drift(drift_id, -40, because="again", at=NOW, by="user:1")

    assert reno.on_hand("LAMP", "RNO") == 63
    assert sql.run("select count(*) from stock_movement")[0][0] == movements + 1
    there.ship()
    settle(reno)
    assert reno.on_hand("LAMP", "RNO") == 60
    report(reno, there, LAMP=60)
    assert drifts() == []


def test_a_receipt_they_tell_is_a_candidate_until_somebody_books_it(
    reno: Company,  # noqa: F811
    there: InventedWarehouse,  # noqa: F811
) -> None:
    there.receipts.append(Receipt("RC1", LEFT_AT - timedelta(hours=5), (Item("LAMP", 7),)))
    report(reno, there, LAMP=12)
    assert [causes for _, _, _, causes in drifts()] == [{"receipt": 7}]

    ((receipt_id,),) = sql.run("select id from outside_receipt")
    book_receipt(receipt_id, at=NOW + timedelta(days=1), by="user:1")
    book_receipt(receipt_id, at=NOW + timedelta(days=1), by="user:1")
    assert reno.on_hand("LAMP", "RNO") == 12
    report(reno, there, LAMP=12)
    assert drifts() == []


def test_the_rule_of_a_site_settles_small_differences_and_says_so(
    reno: Company,  # noqa: F811
    there: InventedWarehouse,  # noqa: F811
) -> None:
    work_outside("RNO", "reno", settle_up_to=2, at=NOW, by="user:1")
    report(reno, there, LAMP=7)
    assert drifts() == []
    assert sql.run("select settled_units, settled_by, because from outside_drift") == [
        (2, "rule:outside", "within the 2 units that the rule of RNO settles")
    ]
    assert reno.on_hand("LAMP", "RNO") == 7


def test_what_they_could_not_find_goes_first_when_it_is_written_off(
    reno: Company,  # noqa: F811
    there: InventedWarehouse,  # noqa: F811
) -> None:
    sold(reno, ("LAMP", 4))
    there.ship(Item("LAMP", 3))
    settle(reno)
    there.ship()  # the fourth, promised again from what was left
    settle(reno)
    report(reno, there, LAMP=0)
    assert [causes for _, _, _, causes in drifts()] == [{"missing": -1}]
    ((drift_id,),) = sql.run("select id from outside_drift where settled_at is null")
    settle_drift(drift_id, -1, because="not found there", at=NOW, by="user:1")
    assert reno.stock() == {}
