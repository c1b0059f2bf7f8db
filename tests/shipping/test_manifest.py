"""Scan out, close, hand over: what leaves is what was scanned."""

from collections.abc import Callable

import pytest

from quartermaster.core import sql
from quartermaster.core.errors import NotFound
from quartermaster.orders.actions import cancel, hold
from quartermaster.shipping.actions import close_manifest, hand_over_all, scan_out, void_label
from quartermaster.shipping.actions.manifest import NotLabelled, NotToLeave
from quartermaster.testing.builders import a_location, a_sku, an_order
from quartermaster.testing.parcels import picked
from quartermaster.warehouse.actions import close, open_parcel, scan

from .conftest import AT, examine, names, parcel_state, work

type Pack = Callable[..., tuple[str, int]]


def tracking_number(parcel_id: int) -> str:
    ((number,),) = sql.run("select tracking_number from warehouse_parcel where id = %s", (parcel_id,))
    return str(number)


def units() -> list[tuple[int, ...]]:
    return sql.run("select allocated, picked, packed, labelled, shipped from orders_line order by id")


def test_what_was_scanned_out_leaves_when_the_manifest_is_closed(packed: Pack):
    number, parcel_id = packed()
    work()

    scanned = scan_out(tracking_number(parcel_id), at=AT, by="user:1")
    closed = close_manifest(scanned.manifest, at=AT, by="user:1")

    assert (scanned.parcel, scanned.is_new) == (f"P-{parcel_id}", True)
    assert (closed.parcels, closed.stay) == (1, ())
    assert parcel_state(parcel_id) == "handed_over"
    assert units() == [(0, 0, 0, 0, 2)]
    assert sql.run("select status from orders_order") == [("shipped",)]
    assert sql.run("select state from allocation_allocation") == [("shipped",)]
    assert sql.run("select on_hand from stock_level") == [(98,)]
    assert names(number)[-1] == "ParcelHandedOver"
    work()
    examine()


def test_a_parcel_scanned_twice_is_on_the_manifest_once(packed: Pack):
    _, parcel_id = packed()
    work()
    first = scan_out(f"P-{parcel_id}", at=AT, by="user:1")
    again = scan_out(tracking_number(parcel_id), at=AT, by="user:1")

    assert (again.manifest, again.is_new) == (first.manifest, False)
    assert close_manifest(first.manifest, at=AT, by="user:1").parcels == 1


def test_carriers_and_sites_have_manifests_of_their_own(packed: Pack):
    _, light = packed()
    _, heavy = packed(weight_g=40_000)
    work()

    one = scan_out(f"P-{light}", at=AT, by="user:1")
    other = scan_out(f"P-{heavy}", at=AT, by="user:1")

    assert one.manifest != other.manifest
    assert sql.run("select carrier, state from shipping_manifest order by id") == [
        ("post", "open"),
        ("express", "open"),
    ]


def test_a_voided_label_is_not_scanned_out(packed: Pack):
    _, parcel_id = packed()
    work()
    number = tracking_number(parcel_id)
    void_label(f"P-{parcel_id}", because="smudged", at=AT, by="user:1")

    with pytest.raises(NotLabelled, match="was voided"):
        scan_out(number, at=AT, by="user:1")
    with pytest.raises(NotLabelled, match="no valid label"):
        scan_out(f"P-{parcel_id}", at=AT, by="user:1")


def test_a_parcel_of_a_cancelled_or_held_order_is_not_scanned_out(packed: Pack):
    cancelled, one = packed()
    held, other = packed()
    work()
    cancel(cancelled, because="no", at=AT, by="user:1")
    hold(held, kind="fraud", because="stolen card", at=AT, by="user:1")

    with pytest.raises(NotToLeave, match="cancelled"):
        scan_out(tracking_number(one), at=AT, by="user:1")
    with pytest.raises(NotToLeave, match="held"):
        scan_out(tracking_number(other), at=AT, by="user:1")


@pytest.mark.parametrize("code", ["", "P-", "P-0", "P-999999999", "ÜBER", "P-²"])
def test_what_is_no_parcel_is_not_found(lamp: str, code: str):
    with pytest.raises(NotFound):
        scan_out(code, at=AT, by="user:1")


def test_a_parcel_that_is_cancelled_after_its_scan_is_taken_off(packed: Pack):
    number, parcel_id = packed()
    _, other = packed()
    work()
    manifest = scan_out(f"P-{parcel_id}", at=AT, by="user:1").manifest
    scan_out(f"P-{other}", at=AT, by="user:1")

    cancel(number, because="changed her mind", at=AT, by="user:1")
    work()
    closed = close_manifest(manifest, at=AT, by="user:1")

    assert closed.parcels == 1
    assert parcel_state(parcel_id) == "cancelled"
    assert "ParcelTakenOff" in names(number)
    examine()


def test_a_hold_that_comes_between_scan_and_close_keeps_the_parcel_here(packed: Pack):
    number, parcel_id = packed()
    work()
    manifest = scan_out(f"P-{parcel_id}", at=AT, by="user:1").manifest

    hold(number, kind="fraud", because="stolen card", at=AT, by="user:1")
    closed = close_manifest(manifest, at=AT, by="user:1")

    assert closed.parcels == 0
    assert [each.because for each in closed.stay] == ["the order is held (fraud)"]
    assert parcel_state(parcel_id) == "labelled"
    assert names(number)[-1] == "ParcelTakenOff"
    work()
    examine()


def test_a_manifest_is_closed_once_however_often_somebody_clicks(packed: Pack):
    _, parcel_id = packed()
    _, other = packed()
    work()
    manifest = scan_out(f"P-{parcel_id}", at=AT, by="user:1").manifest
    first = close_manifest(manifest, at=AT, by="user:1")
    assert (first.parcels, first.is_new) == (1, True)
    scan_out(f"P-{other}", at=AT, by="user:1")  # on the next one

    for _ in range(2):
        assert close_manifest(manifest, at=AT, by="user:2") == first._replace(is_new=False)
    assert sql.run("select count(*) from core_event where name = 'ManifestClosed'") == [(1,)]
    assert sql.run("select closed_by from shipping_manifest where state = 'closed'") == [("user:1",)]
    assert parcel_state(other) == "labelled"
    with pytest.raises(NotFound):
        close_manifest("M-999", at=AT, by="user:1")
    with pytest.raises(NotLabelled, match="has it already"):
        scan_out(f"P-{parcel_id}", at=AT, by="user:1")


def test_a_scripted_crew_hands_over_everything_that_has_a_label(packed: Pack):
    number, _ = packed()
    packed(weight_g=40_000)
    packed(weight_g=90_000)  # nobody takes it
    held, _ = packed()
    work()
    hold(held, kind="fraud", because="stolen card", at=AT, by="user:1")

    closed = hand_over_all("BER", at=AT, by="crew")

    assert sorted(each.parcels for each in closed) == [1, 1]
    assert [each.because for one in closed for each in one.stay] == ["the order is held (fraud)"]
    assert sql.run("select state, count(*) from warehouse_parcel group by 1 order by 1") == [
        ("handed_over", 2),
        ("labelled", 1),
        ("packed", 1),
    ]
    with pytest.raises(NotFound):
        hand_over_all("PAR", at=AT, by="crew")
    assert names(number)[-1] == "ParcelHandedOver"
    work()
    examine()


def test_where_everything_must_stay_no_manifest_is_closed(packed: Pack):
    held, parcel_id = packed()
    work()
    hold(held, kind="fraud", because="stolen card", at=AT, by="user:1")

    for _ in range(2):
        (told,) = hand_over_all("BER", at=AT, by="crew")
        assert (told.manifest, told.parcels) == ("", 0)
        assert [(each.parcel_id, each.because) for each in told.stay] == [
            (parcel_id, "the order is held (fraud)")
        ]
    assert sql.run("select count(*) from shipping_manifest") == [(0,)]
    examine()


def test_handing_over_costs_the_same_statements_for_two_parcels_and_for_forty(packed: Pack):
    def cost(parcels: int) -> int:
        for _ in range(parcels):
            packed(1)
        work()
        with sql.counted() as statements:
            (closed,) = hand_over_all("BER", at=AT, by="crew")
        assert closed.parcels == parcels
        return len(statements)

    assert cost(2) == cost(40)


def packed_by_hand(order: str, scans: tuple[str, ...]) -> int:
    parcel_id = open_parcel(order, "BER", at=AT, by="user:1")
    for code in scans:
        scan(parcel_id, code, at=AT, by="user:1")
    close(parcel_id, partly=True, weight_g=500, at=AT, by="user:1")
    return parcel_id


@pytest.mark.parametrize("is_one_no_more", [False, True])
def test_a_kit_is_shipped_when_its_last_part_has_left(db: None, is_one_no_more: bool):
    a_location("BER")
    lamp, bulb = a_sku("LAMP", BER=10), a_sku("BULB", BER=20)
    ((kit,),) = sql.run("insert into catalog_sku (code, is_kit) values ('SET', true) returning id")
    for table in ("catalog_kit_part", "catalog_kit_leaf"):
        for part, count in ((lamp, 1), (bulb, 2)):
            sql.run(
                f"insert into {table} (kit_id, part_id, quantity) values (%s, %s, %s)", (kit, part, count)
            )
    order = an_order(("SET", 2))
    picked(order)
    if is_one_no_more:  # what was promised as parts leaves as parts
        for table in ("catalog_kit_part", "catalog_kit_leaf"):
            sql.run(f"delete from {table}")
        sql.run("update catalog_sku set is_kit = false where id = %s", (kit,))
    first = packed_by_hand(order, ("LAMP", "BULB"))
    second = packed_by_hand(order, ("LAMP", "BULB", "BULB", "BULB"))
    work()
    assert units() == [(0, 2, 2, 2, 0)]

    close_manifest(scan_out(f"P-{second}", at=AT, by="user:1").manifest, at=AT, by="user:1")
    assert units() == [(0, 1, 1, 1, 1)]
    work()
    examine()

    close_manifest(scan_out(f"P-{first}", at=AT, by="user:1").manifest, at=AT, by="user:1")
    assert units() == [(0, 0, 0, 0, 2)]
    assert sql.run("select state from allocation_allocation") == [("shipped",)]
    work()
    examine()
