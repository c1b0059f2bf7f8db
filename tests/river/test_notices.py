"""What is sent towards a warehouse of others is announced there, amended, taken back, and held against what
they say came."""

from datetime import date

import pytest

from quartermaster.core import doctor, sql
from quartermaster.core.actions.outbox import carry_out
from quartermaster.inbound.actions import NewArrival, amend_arrival, cancel_arrival, expect_arrival
from quartermaster.inbound.actions.transfers import cancel_transfer, make_transfer, ship_transfer
from quartermaster.outside.actions import announce, book_receipt, hear_notice, work_outside
from quartermaster.outside.ports import Item, Noticed, Receipt, State
from quartermaster.outside.queries.notices import NoticeSeen, notices
from quartermaster.testing.program import Program
from quartermaster.testing.warehouses import LEFT_AT, InventedWarehouse

from .conftest import NOW, Company
from .test_outside import LATER, reno, settle, there  # noqa: F401 - fixtures


def round_() -> None:
    announce()
    sql.run(LATER)
    carry_out()


def seen() -> NoticeSeen:
    (found,) = notices("RNO", now=NOW)
    return found


def expect_po(units: int = 10) -> int:
    wanted = NewArrival(
        site="RNO",
        kind="po",
        supplier="acme",
        reference="PO-7",
        lines={"LAMP": units},
        expected_on=date(2026, 12, 1),
    )
    return expect_arrival(wanted, at=NOW, by="user:1")


def test_a_transfer_is_announced_with_its_lots_and_received_short_against_it(
    reno: Company,  # noqa: F811
    there: InventedWarehouse,  # noqa: F811
) -> None:
    reno.site("BER")
    reno.receive("LAMP", BER=12)
    transfer = make_transfer("BER", "RNO", {"LAMP": 10}, because="season", at=NOW, by="user:1")
    ship_transfer(transfer, at=NOW, by="user:1")
    for _ in range(2):
        round_()
    (told,) = there.expected.values()
    assert (told.kind, told.sender, told.document, told.items) == (
        "transfer",
        "BER",
        f"TR-{transfer}",
        (Item("LAMP", 10),),
    )
    assert there.calls.count("announce") == 1
    assert (seen().state, seen().theirs) == ("acknowledged", "N1")

    there.receipts.append(Receipt("RC1", LEFT_AT, (Item("LAMP", 8),), notice=told.reference))
    settle(reno)
    assert [(one.sku, one.over) for one in seen().differs] == [("LAMP", -2)]
    ((receipt_id,),) = sql.run("select id from outside_receipt")
    book_receipt(receipt_id, arrival_id=seen().arrival_id, is_last=True, at=NOW, by="user:1")
    round_()
    assert sql.run("select settled_at is not null from outside_notice") == [(True,)]
    assert [finding for finding in doctor.examine() if finding.rows] == []


def test_what_changes_is_told_anew_and_what_does_not_come_is_taken_back(
    reno: Company,  # noqa: F811
    there: InventedWarehouse,  # noqa: F811
) -> None:
    arrival = expect_po()
    round_()
    amend_arrival(
        arrival,
        lines={"LAMP": 6},
        expected_on=date(2026, 12, 5),
        because="they had less",
        at=NOW,
        by="user:1",
    )
    assert sql.run("select incoming from stock_level where incoming > 0") == [(6,)]
    round_()
    (told,) = there.expected.values()
    assert (told.revision, told.items, told.expected_on) == (2, (Item("LAMP", 6),), date(2026, 12, 5))
    cancel_arrival(arrival, because="the supplier closed", at=NOW, by="user:1")
    round_()
    assert there.expected == {}
    assert (seen().state, seen().is_withdrawn) == ("withdrawn", True)
    calls = list(there.calls)
    round_()
    assert there.calls == calls
    assert [finding for finding in doctor.examine() if finding.rows] == []


def test_a_transfer_that_comes_back_is_taken_back(reno: Company, there: InventedWarehouse) -> None:  # noqa: F811
    reno.site("BER")
    reno.receive("LAMP", BER=12)
    made = make_transfer("BER", "RNO", {"LAMP": 10}, because="season", at=NOW, by="user:1")
    ship_transfer(made, at=NOW, by="user:1")
    round_()
    cancel_transfer(made, because="the van broke down", at=NOW, by="user:1")
    round_()
    assert there.expected == {}


@pytest.mark.parametrize("fault", ["down", "locked", "broken", "late"])
def test_it_is_told_once_whatever_goes_wrong(
    reno: Company,  # noqa: F811
    there: InventedWarehouse,  # noqa: F811
    fault: str,
) -> None:
    expect_po()
    there.faults.append(fault)
    for _ in range(3):
        round_()
    assert [notice.revision for notice in there.expected.values()] == [1]
    assert (seen().state, seen().told) == ("acknowledged", 1)


def test_what_they_refuse_or_receive_already_is_shown(
    reno: Company,  # noqa: F811
    there: InventedWarehouse,  # noqa: F811
) -> None:
    there.faults.append("refuses")
    arrival = expect_po()
    round_()
    assert (seen().state, seen().because) == ("refused", "it does not want to")
    amend_arrival(arrival, expected_on=None, because="no day yet", at=NOW, by="user:1")
    round_()
    assert seen().state == "acknowledged"
    (reference,) = there.said
    there.said[reference] = Noticed(reference, State.ACKNOWLEDGED, 2, "N1", "receiving")
    amend_arrival(arrival, expected_on=date(2026, 12, 9), because="later", at=NOW, by="user:1")
    round_()
    assert (seen().state, seen().because, seen().told) == ("acknowledged", "they receive it already", 2)
    assert not hear_notice(Noticed("QM-IN-0-x", State.REFUSED), at=NOW, by="RNO")


def test_a_site_s_own_programs_fetch_and_answer_what_comes(company: Company) -> None:
    company.site("RNO")
    sql.run("insert into inbox_connection (slug, kind) values ('reno', 'site_api')")
    work_outside("RNO", "reno", at=NOW, by="user:1")
    company.sku("LAMP", RNO=5)
    arrival = expect_po()
    round_()
    theirs = Program("site:RNO")
    (coming,) = theirs.get("/api/outside/RNO/notices").json()["items"]
    assert (coming["arrival"], coming["document"], coming["state"]) == (f"IN-{arrival}", "PO-7", "told")
    assert coming["items"] == [{"sku": "LAMP", "quantity": 10, "lot": "", "serial": ""}]
    say = f"/api/outside/RNO/notices/{coming['reference']}"
    told = theirs.post(f"{say}/acknowledge", {"revision": 1, "number": "W-9"}).json()
    assert (told["outcome"], told["notice"]["number"]) == ("taken", "W-9")
    amend_arrival(arrival, lines={"LAMP": 6}, expected_on=None, because="less", at=NOW, by="user:1")
    round_()
    assert theirs.post(f"{say}/refuse", {"revision": 1, "because": "too much"}).json()["outcome"] == "known"
    assert theirs.post(f"{say}/refuse", {"revision": 2, "because": "no room"}).json()["outcome"] == "taken"
    assert seen().because == "no room"
    assert (
        theirs.post("/api/outside/RNO/notices/QM-IN-0-x/refuse", {"revision": 1, "because": "x"}).status_code
        == 404
    )
    cancel_arrival(arrival, because="no room there", at=NOW, by="user:1")
    round_()
    assert theirs.get("/api/outside/RNO/notices").json()["items"] == []
