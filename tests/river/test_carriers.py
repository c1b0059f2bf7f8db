"""Orders that leave with a carrier outside: a server on the loopback, connected as people connect it."""

from collections.abc import Iterator

import pytest

from quartermaster.core import sql
from quartermaster.core.actions.outbox import carry_out
from quartermaster.core.river import worker
from quartermaster.inbox.actions import connect, pause
from quartermaster.orders.actions import cancel, edit
from quartermaster.orders.ports import Address
from quartermaster.shipping.actions import close_manifest, scan_out
from quartermaster.testing.parcels import a_packed_parcel
from quartermaster.testing.simulators.accounts import settings_for
from quartermaster.testing.simulators.server import Simulator
from quartermaster.testing.simulators.shipengine import ShipEngine

from .conftest import NOW, Company

PARIS = Address(name="Ann", line1="Rue 1", city="Paris", postcode="75001", country="FR")
DUE = """
update core_outbox set due_at = now() - interval '1 second', lease_until = null where settled_at is null
"""


@pytest.fixture
def engine() -> Iterator[Simulator]:
    with Simulator(ShipEngine()) as simulator:
        yield simulator


@pytest.fixture
def packed(company: Company, engine: Simulator) -> tuple[str, int]:
    """An order of two lamps, packed at BER, whose labels are bought over acme-ship."""
    connect("shipengine", "acme-ship", settings_for("shipengine", engine.url), at=NOW, by="user:1")
    company.site("BER")
    company.sku("LAMP", BER=5)
    company.tell(company.shop.sell(("LAMP", 2)))
    ((number,),) = sql.run("select 'SO-' || id from orders_order")
    parcel_id = a_packed_parcel(number, weight_g=500)
    return number, parcel_id


def work() -> None:
    for _ in range(20):
        for queue in worker.queues:
            while worker.step(queue):
                pass
        sql.run(DUE)
        if not carry_out():
            return
    raise AssertionError("the outbox does not come to rest")


def labels() -> list[tuple[str, str, str, str]]:
    return sql.run(  # type: ignore[return-value]
        "select state, carrier || ' ' || service, account, ship_to->>'city' from shipping_label order by id"
    )


@pytest.mark.parametrize("lost", ["late", "lying late"])
def test_a_label_whose_answer_is_lost_after_the_charge_is_adopted_and_paid_once(
    company: Company, engine: Simulator, packed: tuple[str, int], lost: str
) -> None:
    engine.misbehave("buy", lost)

    work()

    assert engine.vendor.paid == 1
    assert [label[:3] for label in labels()] == [("bought", "acme_post acme_letter", "acme-ship")]
    asked = [request.operation for request in engine.requests]
    assert (asked.count("rates"), asked.count("buy")) == (1, 1)
    assert sql.run("select pdf is not null, tracking_number from shipping_label") == [(True, "SE0000000001")]
    company.examine()


def test_an_address_that_changes_after_the_label_voids_it_once_and_only_the_new_one_leaves(
    company: Company, engine: Simulator, packed: tuple[str, int]
) -> None:
    number, parcel_id = packed
    work()
    engine.misbehave("void", "late")

    edit(number, ship_to=PARIS, because="she moved", at=NOW, by="user:1")
    work()

    assert [(state, city) for state, _, _, city in labels()] == [("voided", "Berlin"), ("bought", "Paris")]
    assert engine.vendor.paid == 1
    assert [request.operation for request in engine.requests].count("void") == 1
    assert _city_of_the_live_label(engine) == "Paris"
    close_manifest(scan_out(f"P-{parcel_id}", at=NOW, by="user:1").manifest, at=NOW, by="user:1")
    assert sql.run("select state, tracking_number from shipping_label where manifest_id is not null") == [
        ("bought", "SE0000000002")
    ]
    company.examine()


def test_a_label_is_given_back_by_the_account_that_bought_it_though_it_is_paused(
    company: Company, engine: Simulator, packed: tuple[str, int]
) -> None:
    number, _ = packed
    work()
    pause("acme-ship", at=NOW, by="user:1")

    cancel(number, because="changed her mind", at=NOW, by="user:1")
    work()

    assert (labels()[0][0], engine.vendor.paid) == ("voided", 0)


@pytest.mark.parametrize("fault", ["down", "lying"])
def test_a_carrier_that_cannot_be_asked_blocks_no_parcel(
    company: Company, engine: Simulator, packed: tuple[str, int], fault: str
) -> None:
    engine.misbehave("rates", fault)

    work()

    assert [label[:3] for label in labels()] == [("bought", "post packet", "rate_table")]
    ((decision,),) = sql.run("select convert_from(decision, 'UTF8') from shipping_label")
    assert "acme-ship gave no rates" in decision


def _city_of_the_live_label(engine: Simulator) -> str:
    vendor = engine.vendor
    assert isinstance(vendor, ShipEngine)
    (live,) = [label for label in vendor.labels.values() if not label["voided"]]
    shipment = vendor.shipments[str(live["external_shipment_id"])]
    to = shipment["ship_to"]
    assert isinstance(to, dict)
    return str(to["city_locality"])
