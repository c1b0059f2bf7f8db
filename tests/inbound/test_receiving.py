import threading
from datetime import date, timedelta

import pytest
from django.db import connections

from quartermaster.core import sql
from quartermaster.core.errors import Invalid
from quartermaster.inbound.actions import add_photo, cancel_arrival, close_arrival, inspect
from quartermaster.inbound.actions.arrivals import AlreadyReceived, AnnouncedBefore
from quartermaster.inbound.actions.receive import UnknownBarcode
from quartermaster.inbound.actions.rows import ArrivalOver
from quartermaster.inbound.queries.arrivals import arrival_shown, arrivals, photo
from quartermaster.inbound.rules.receiving import MoreThanExpected, Needed
from quartermaster.stock.actions import KeyReused

from .conftest import AT, Dock, broken

JPEG = b"\xff\xd8\xff\xe0 a dented box"


def test_what_is_received_is_there_and_promised_to_nobody(dock):
    arrival = dock.expect(10)
    assert dock.level() == (0, 0, 10)
    came = dock.scan(arrival, 4)
    assert (came.units, came.left, came.place) == (4, 6, "BER/DOCK")
    assert dock.level() == (4, 0, 6)
    assert dock.held() == {("BER/DOCK", "received"): 4}


def test_the_same_scan_again_is_one_receipt(dock):
    arrival = dock.expect(10)
    first = dock.scan(arrival, 4, key="k")
    again = dock.scan(arrival, 4, key="k")
    assert (first.receipt_id, first.is_new, again.is_new) == (again.receipt_id, True, False)
    assert dock.level() == (4, 0, 6)
    with pytest.raises(KeyReused):
        dock.scan(arrival, 5, key="k")


def test_damaged_units_are_set_apart_with_a_reason_and_a_photo(dock):
    arrival = dock.expect(10)
    with pytest.raises(Needed):
        dock.scan(arrival, 3, damaged=1)
    came = dock.scan(arrival, 3, damaged=1, because="wet box")
    assert dock.held() == {("BER/DOCK", "received"): 2, ("BER/DOCK", "damaged"): 1}
    made = add_photo(came.receipt_id, JPEG, at=AT, by="test")
    assert add_photo(came.receipt_id, JPEG, at=AT, by="test") == made
    assert photo(made) == ("image/jpeg", JPEG)
    for body in (b"GIF89a", b"\xff\xd8\xff" + bytes(4_000_000)):
        with pytest.raises(Invalid):
            add_photo(came.receipt_id, body, at=AT, by="test")


def test_a_case_counts_its_units(dock):
    sql.run("insert into catalog_barcode (code, sku_id, pack_quantity) values ('CASE', %s, 12)", (dock.sku,))
    came = dock.scan(dock.expect(30), 2, code="CASE")
    assert (came.units, came.left) == (24, 6)


def test_an_unknown_barcode_is_named(dock):
    with pytest.raises(UnknownBarcode):
        dock.scan(dock.blind(), code="4006381333931")


def test_what_a_sku_asks_for_is_captured(dock):
    sql.run("""update catalog_sku set attributes = '{"needs": ["lot", "expiry"]}'""")
    arrival = dock.blind()
    with pytest.raises(Needed):
        dock.scan(arrival, 2)
    dock.scan(arrival, 2, lot="L1", expires_on=date(2027, 1, 31))
    assert sql.run("select code, expires_on from stock_lot") == [("L1", date(2027, 1, 31))]
    (receipt,) = arrival_shown(arrival).receipts
    assert receipt.lot == "L1"


def test_a_sample_is_looked_at_before_it_is_put_away(dock):
    arrival = dock.expect(10, qc_percent=20)
    came = dock.scan(arrival, 10)
    assert came.qc == 2
    assert dock.held() == {("BER/DOCK", "received"): 8, ("BER/DOCK", "qc"): 2}
    for _ in range(2):
        inspect(came.receipt_id, passed=1, failed=1, because="cracked", at=AT, by="test")
    assert dock.held() == {("BER/DOCK", "received"): 9, ("BER/DOCK", "damaged"): 1}
    with pytest.raises(Invalid):
        inspect(came.receipt_id, passed=2, failed=1, at=AT, by="test")


def test_more_than_expected_wants_a_reason_and_less_wants_one_at_the_end(dock):
    arrival = dock.expect(2)
    with pytest.raises(MoreThanExpected):
        dock.scan(arrival, 3)
    dock.scan(arrival, 1)
    with pytest.raises(Invalid):
        close_arrival(arrival, at=AT, by="test")
    for _ in range(2):
        close_arrival(arrival, because="supplier short", at=AT, by="test")
    assert dock.level() == (1, 0, 0)
    with pytest.raises(ArrivalOver):
        dock.scan(arrival, 1)
    facts = sql.run("select body ->> 'short' from core_event where name = 'ArrivalClosed'")
    assert facts == [("1",)]


def test_the_clock_runs_from_the_dock_to_the_last_bin(dock):
    arrival = dock.expect(3)
    dock.scan(arrival, 3)
    close_arrival(arrival, at=AT, by="test")
    assert arrival_shown(arrival).dock_to_stock_minutes is None
    dock.store(2, "A-1", at=AT + timedelta(minutes=30))
    dock.store(1, "A-1", at=AT + timedelta(minutes=90))
    assert arrival_shown(arrival).dock_to_stock_minutes == 90
    assert [one.number for one in arrivals(location="BER").items] == [f"IN-{arrival}"]


def test_what_does_not_come_is_no_longer_incoming(dock):
    arrival = dock.expect(5)
    for _ in range(2):
        cancel_arrival(arrival, because="supplier closed", at=AT, by="test")
    assert dock.level() == (0, 0, 0)
    other = dock.expect(5)
    dock.scan(other)
    with pytest.raises(AlreadyReceived):
        cancel_arrival(other, because="too late", at=AT, by="test")


def test_one_notice_of_a_supplier_is_announced_once(dock):
    dock.expect(5, supplier="Acme", reference="ASN-7")
    with pytest.raises(AnnouncedBefore):
        dock.expect(5, supplier="Acme", reference="ASN-7")
    assert dock.level() == (0, 0, 5)


@pytest.mark.django_db(transaction=True)
def test_many_who_receive_one_line_at_once_lose_and_double_nothing():
    dock = Dock()
    arrival = dock.expect(40)
    failed = []

    def receive(n):
        try:
            for scan in range(5):
                dock.scan(arrival, 1, key=f"{n // 2}-{scan}")  # every scan is sent by two
        except BaseException as error:
            failed.append(error)
        finally:
            connections.close_all()

    crew = [threading.Thread(target=receive, args=(n,)) for n in range(8)]
    for one in crew:
        one.start()
    for one in crew:
        one.join()
    assert failed == []
    assert dock.level() == (20, 0, 20)
    assert arrival_shown(arrival).lines[0].received == 20
    assert broken() == []
