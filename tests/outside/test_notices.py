"""Telling a warehouse of others what will come in: the suite over the invented one, and what they may say."""

import pytest

from quartermaster.core.outside import Account
from quartermaster.outside.ports import Item, Noticed
from quartermaster.outside.ports import State as Theirs
from quartermaster.outside.rules.notices import Differs, Known, State, after, compared
from quartermaster.testing.conformance.notices import (
    CHECKS,
    Check,
    Stand,
    announced_amended_and_withdrawn,
)
from quartermaster.testing.warehouses import InventedWarehouse


def invented(there: InventedWarehouse | None = None) -> Stand:
    warehouse = there or InventedWarehouse()

    def expected(reference: str) -> list[dict[str, int]]:
        notice = warehouse.expected.get(reference)
        return [units(notice.items)] if notice else []

    def received(reference: str) -> None:
        said = warehouse.said[reference]
        warehouse.said[reference] = Noticed(
            reference, said.state, said.revision, said.theirs, because="receiving"
        )

    return Stand(warehouse, Account("invented"), expected, received)


def units(items: tuple[Item, ...]) -> dict[str, int]:
    return {item.sku: item.quantity for item in items}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_notices(check: Check):
    check(invented())


@pytest.mark.parametrize("fault", ["down", "locked", "late"])
def test_each_is_done_once_whatever_goes_wrong(fault: str):
    there = InventedWarehouse()
    announced_amended_and_withdrawn(invented(there), lambda _: there.faults.append(fault))


def test_the_suite_finds_out_a_liar():
    there = InventedWarehouse()
    with pytest.raises(AssertionError):
        announced_amended_and_withdrawn(invented(there), lambda _: there.faults.append("liar"))


QUEUED = Known(State.SENT, 2, 1, is_withdrawn=False)


@pytest.mark.parametrize(
    ("known", "said", "expected"),
    [
        (QUEUED, Noticed("R", Theirs.HANDED, 2), State.TOLD),
        (QUEUED, Noticed("R", Theirs.ACKNOWLEDGED, 2), State.ACKNOWLEDGED),
        (QUEUED, Noticed("R", Theirs.ACKNOWLEDGED), State.ACKNOWLEDGED),
        (QUEUED, Noticed("R", Theirs.ACKNOWLEDGED, 1), None),
        (QUEUED, Noticed("R", Theirs.REFUSED, 2), State.REFUSED),
        (QUEUED._replace(state=State.ACKNOWLEDGED), Noticed("R", Theirs.HANDED, 2), None),
        (QUEUED._replace(state=State.ACKNOWLEDGED), Noticed("R", Theirs.ACKNOWLEDGED, 2), None),
        (QUEUED._replace(state=State.WITHDRAWN), Noticed("R", Theirs.ACKNOWLEDGED, 2), None),
        (QUEUED._replace(is_withdrawn=True), Noticed("R", Theirs.ACKNOWLEDGED, 2), None),
        (QUEUED._replace(is_withdrawn=True), Noticed("R", Theirs.CANCELLED, 2), State.WITHDRAWN),
    ],
)
def test_what_they_say_counts_for_the_revision_it_is_said_of(
    known: Known, said: Noticed, expected: State | None
):
    assert after(known, said) is expected


def test_what_came_is_held_against_what_was_announced():
    found = compared({"LAMP": 10, "BULB": 4}, {"LAMP": 8, "VASE": 1})
    assert found == [Differs("BULB", 4, 0), Differs("LAMP", 10, 8), Differs("VASE", 0, 1)]
    assert [one.over for one in found] == [-4, -2, 1]
