"""The end of a day with a carrier outside: what it lists is what left, its van comes, and who says no."""

from collections.abc import Iterator
from datetime import timedelta
from typing import cast

import pytest
from django.utils.timezone import now

from quartermaster.core import sql
from quartermaster.core.errors import Invalid
from quartermaster.core.steps import WrongStep
from quartermaster.inbox.actions import connect, pause
from quartermaster.shipping.actions import (
    call_pickup,
    cancel_pickup,
    close_manifest,
    scan_out,
    tell_again,
    watch_pickups,
)
from quartermaster.shipping.actions.pickups import NoPickups, NothingToPickUp, PickupUnderWay
from quartermaster.shipping.actions.tell import NothingToTell
from quartermaster.shipping.queries import end_of_day
from quartermaster.shipping.queries.parcels import listed
from quartermaster.testing.parcels import a_packed_parcel
from quartermaster.testing.simulators.accounts import settings_for
from quartermaster.testing.simulators.server import Simulator
from quartermaster.testing.simulators.shipengine import ShipEngine

from .conftest import NOW, Company
from .test_carriers import work


@pytest.fixture
def engine() -> Iterator[Simulator]:
    with Simulator(ShipEngine()) as simulator:
        yield simulator


@pytest.fixture
def labelled(company: Company, engine: Simulator) -> list[int]:
    """Two parcels at BER with labels of acme-ship."""
    connect("shipengine", "acme-ship", settings_for("shipengine", engine.url), at=NOW, by="user:1")
    company.site("BER")
    company.sku("LAMP", BER=5)
    for _ in range(2):
        company.tell(company.shop.sell(("LAMP", 1)))
    numbers = [row[0] for row in sql.run("select 'SO-' || id from orders_order order by id")]
    parcels = [a_packed_parcel(number, weight_g=500) for number in numbers]
    work()
    return parcels


def close_all(parcels: list[int]) -> str:
    (manifest,) = {scan_out(f"P-{each}", at=NOW, by="user:1").manifest for each in parcels}
    close_manifest(manifest, at=NOW, by="user:1")
    return manifest


def vendor(engine: Simulator) -> ShipEngine:
    return cast(ShipEngine, engine.vendor)


@pytest.mark.parametrize("fault", ["", "late", "500", "lying late"])
def test_the_carrier_is_told_once_what_was_scanned_out(
    company: Company, engine: Simulator, labelled: list[int], fault: str
) -> None:
    if fault:
        engine.misbehave("manifest", fault)

    manifest = close_all(labelled)
    work()

    (told,) = end_of_day.told(manifest=manifest)
    assert (told.state, told.parcels, told.missing) == ("told", 2, ())
    assert len(vendor(engine).dispatch.manifests) == 1
    assert end_of_day.paper(manifest, "acme-ship").startswith(b"%PDF")
    assert listed("not_listed").items == []
    company.examine()


def test_a_parcel_the_carrier_does_not_list_is_an_exception_until_it_does(
    company: Company, engine: Simulator, labelled: list[int]
) -> None:
    ((ref,),) = sql.run("select carrier_ref from shipping_label where parcel_id = %s", (labelled[1],))
    vendor(engine).dispatch.left_out.add(ref)

    manifest = close_all(labelled)
    work()

    (told,) = end_of_day.told(manifest=manifest)
    assert (told.state, told.missing) == ("short", (f"P-{labelled[1]}",))
    assert [row.number for row in listed("not_listed").items] == [f"P-{labelled[1]}"]
    vendor(engine).dispatch.left_out.clear()
    tell_again(manifest, at=NOW, by="user:1")
    work()
    assert [each.state for each in end_of_day.told(manifest=manifest)] == ["told"]
    assert len(vendor(engine).dispatch.manifests) == 2  # the second for the one that was left out
    with pytest.raises(NothingToTell):
        tell_again(manifest, at=NOW, by="user:1")
    company.examine()


def test_a_van_is_called_once_by_the_buying_account_and_comes(
    company: Company, engine: Simulator, labelled: list[int]
) -> None:
    engine.misbehave("pickup", "late")
    starts_at = now() - timedelta(hours=2)
    van = {"account": "acme-ship", "carrier": "acme_post", "location": "BER"}
    times = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=4)}
    with pytest.raises(Invalid):
        call_pickup(**van, starts_at=starts_at, ends_at=starts_at, at=now(), by="user:1")
    with pytest.raises(NoPickups):
        call_pickup(**{**van, "account": "post"}, **times, at=now(), by="user:1")
    with pytest.raises(NothingToPickUp):
        call_pickup(**{**van, "carrier": "blue_air"}, **times, at=now(), by="user:1")

    number = call_pickup(**van, **times, at=now(), by="user:1")
    with pytest.raises(PickupUnderWay):
        call_pickup(**van, **times, at=now(), by="user:1")
    pause("acme-ship", at=now(), by="user:1")
    work()

    assert len(vendor(engine).dispatch.pickups) == 1
    assert (end_of_day.pickup(number).state, end_of_day.pickup(number).parcels) == ("booked", 2)
    (manifest,) = {scan_out(f"P-{each}", at=now(), by="user:1").manifest for each in labelled}
    close_manifest(manifest, at=now(), by="user:1")
    watch_pickups(at=now())
    assert end_of_day.pickup(number).state == "done"


def test_a_van_that_does_not_come_is_missed_and_can_be_cancelled(
    company: Company, engine: Simulator, labelled: list[int]
) -> None:
    starts_at = now()
    ends_at = starts_at + timedelta(hours=1)
    number = call_pickup(
        account="acme-ship",
        carrier="acme_post",
        location="BER",
        starts_at=starts_at,
        ends_at=ends_at,
        at=now(),
        by="user:1",
    )
    work()

    assert watch_pickups(at=ends_at + timedelta(minutes=29)) == 0
    assert watch_pickups(at=ends_at + timedelta(minutes=31)) == 1
    assert end_of_day.pickup(number).state == "missed"
    engine.misbehave("cancel", "500 late")
    cancel_pickup(number, because="they come tomorrow", at=now(), by="user:1")
    work()
    assert end_of_day.pickup(number).state == "cancelled"
    assert [each["cancelled_at"] is None for each in vendor(engine).dispatch.pickups.values()] == [False]
    with pytest.raises(WrongStep):
        cancel_pickup(number, because="again", at=now(), by="user:1")
