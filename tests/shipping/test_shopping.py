"""Carriers are asked at the same time, and nobody is waited for who does not answer."""

import threading
from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from quartermaster.core import plugs, sql
from quartermaster.inbox.actions import connect, pause
from quartermaster.shipping.actions import shopping
from quartermaster.shipping.actions.shopping import offers_for
from quartermaster.shipping.ports import Account, Offer, Shipment
from quartermaster.shipping.queries.carriers import all_within
from quartermaster.shipping.rules.accounts import serves
from quartermaster.testing.carriers import InventedCarrier, plugged
from quartermaster.testing.conformance.carriers import a_shipment
from quartermaster.testing.simulators.accounts import settings_for

from .conftest import AT

PARCEL = a_shipment()


class Hanging(InventedCarrier):
    """It answers when it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.go = threading.Event()

    def rate(self, *, account: Account, shipment: Shipment) -> tuple[Offer, ...]:
        assert self.go.wait(20)
        return super().rate(account=account, shipment=shipment)


class Keeping(InventedCarrier):
    rates_kept_s = 300

    def rate(self, *, account: Account, shipment: Shipment) -> tuple[Offer, ...]:
        self.calls.append("rate")
        return super().rate(account=account, shipment=shipment)


def offered(carrier: InventedCarrier, monkeypatch: pytest.MonkeyPatch) -> None:
    known = plugged(carrier, plugs.installed())
    monkeypatch.setattr(plugs, "installed", lambda: known)


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    shopping._kept.clear()
    yield
    shopping._kept.clear()


def test_a_carrier_that_hangs_is_named_and_not_waited_for(lamp: str, monkeypatch: pytest.MonkeyPatch):
    hanging = Hanging()
    offered(hanging, monkeypatch)
    monkeypatch.setattr(shopping, "DEADLINE_S", 0.05)

    offers, unasked = offers_for(PARCEL)
    hanging.go.set()

    assert {offer.carrier for offer in offers} == {"post", "express"}
    assert unasked == ["invented gave no rates within 0.05 s."]


def test_offers_that_hold_are_asked_for_once_for_parcels_alike(lamp: str, monkeypatch: pytest.MonkeyPatch):
    keeping = Keeping()
    offered(keeping, monkeypatch)

    first, _ = offers_for(PARCEL)
    again, _ = offers_for(replace(PARCEL, parcel="P-2"))
    offers_for(replace(PARCEL, weight_g=501))

    assert first == again
    assert keeping.calls == ["rate", "rate"]


def test_no_more_offers_are_kept_than_there_is_room_for(lamp: str, monkeypatch: pytest.MonkeyPatch):
    offered(Keeping(), monkeypatch)
    monkeypatch.setattr(shopping, "KEPT_MAX", 10)

    for weight_g in range(1, 30):
        offers_for(replace(PARCEL, weight_g=weight_g))

    assert len(shopping._kept) <= 10


@pytest.mark.parametrize(
    ("sites", "is_used"), [("", True), ("BER", True), ("HAM, BER", True), ("HAM", False), ("BERN", False)]
)
def test_an_account_is_used_by_its_sites(sites: str, is_used: bool):
    assert serves({"sites": sites}, "BER") is is_used


def test_an_account_that_does_not_open_is_named_and_the_others_are_asked(lamp: str):
    connect("shippo", "acme-ship", settings_for("shippo", "http://127.0.0.1:9"), at=AT, by="user:1")
    sql.run("update inbox_connection set sealed = 'x'::bytea || sealed where slug = 'acme-ship'")

    offers, unasked = offers_for(PARCEL)

    assert {offer.carrier for offer in offers} == {"post", "express"}
    assert len(unasked) == 1
    assert unasked[0].startswith("acme-ship was not asked: ")


def test_a_carrier_that_is_not_there_is_named(lamp: str):
    connect("shippo", "acme-ship", settings_for("shippo", "http://127.0.0.1:9"), at=AT, by="user:1")

    assert offers_for(PARCEL)[1] == ["acme-ship gave no rates: Shippo cannot be reached."]


def test_labels_are_bought_in_batches_until_a_carrier_outside_is_connected(lamp: str):
    assert all_within() is not None

    connect("shippo", "acme-ship", settings_for("shippo", "http://127.0.0.1:9"), at=AT, by="user:1")
    assert all_within() is None

    pause("acme-ship", at=AT, by="user:1")
    assert all_within() is not None


def test_a_service_that_is_switched_off_is_shown_and_not_taken():
    offers = (Offer("acme", "slow", "Slow", "mine", 100, "EUR"), Offer("acme", "fast", "Fast", "mine", 200))

    taken = shopping._taken(offers, {"services_off": "slow, letter"})

    assert [each.removed for each in taken] == ["is switched off for this account", ""]
