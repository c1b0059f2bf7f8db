"""The conformance suite of what not every carrier offers: manifests, pickups, returns, address checks.

`CHECKS` and `FAULTS` go by the name of the capability (shipping.ports.capabilities): run those of the ones a
carrier declares. A check with a simulator spoils one request; what is unclear is looked up, not repeated.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from uuid import uuid4

from msgspec.structs import replace

from quartermaster.core.outside import NotDone, RefusedOutside
from quartermaster.shipping.ports import (
    Booked,
    ChecksAddresses,
    Manifested,
    ManifestWanted,
    PicksUp,
    PickupWanted,
    Sold,
    TakesManifests,
)
from quartermaster.testing.conformance.carrier_faults import bought_in_the_end, in_the_end, says_so_or_nothing
from quartermaster.testing.conformance.carriers import Stand, find, give_back, wanted
from quartermaster.testing.simulators.server import Simulator

type Check = Callable[[Stand], None]
type Spoiled = Callable[[Stand, Simulator, str], None]


def sold(stand: Stand) -> Sold:
    bought = stand.carrier.buy(account=stand.account, wanted=wanted(stand))
    assert bought.carrier_ref
    return Sold(bought.reference, bought.tracking_number, bought.carrier_ref)


def a_list(stand: Stand) -> ManifestWanted:
    ours = (sold(stand), sold(stand))
    return ManifestWanted(f"M-{uuid4().hex[:8]}", date(2026, 11, 23), ours)


def a_pickup(stand: Stand) -> PickupWanted:
    starts_at = stand.shipment.ready_at + timedelta(hours=4)
    ends_at = starts_at + timedelta(hours=3)
    return PickupWanted(f"PU-{uuid4().hex[:8]}", starts_at, ends_at, (sold(stand),), "Dock 4")


def _told(stand: Stand, asked: ManifestWanted) -> Manifested:
    assert isinstance(stand.carrier, TakesManifests)
    return stand.carrier.manifest(account=stand.account, wanted=asked)


def _known(stand: Stand, asked: ManifestWanted) -> Manifested | None:
    assert isinstance(stand.carrier, TakesManifests)
    return stand.carrier.find_manifest(account=stand.account, wanted=asked)


def _booked(stand: Stand, asked: PickupWanted) -> Booked:
    assert isinstance(stand.carrier, PicksUp)
    return stand.carrier.book_pickup(account=stand.account, wanted=asked)


def _pickup(stand: Stand, asked: PickupWanted) -> Booked | None:
    assert isinstance(stand.carrier, PicksUp)
    return stand.carrier.find_pickup(account=stand.account, wanted=asked)


def _cancelled(stand: Stand, booked: Booked) -> bool:
    assert isinstance(stand.carrier, PicksUp)
    stand.carrier.cancel_pickup(account=stand.account, carrier_ref=booked.carrier_ref)
    return True


def a_manifest_holds_its_labels_and_is_made_once(stand: Stand) -> None:
    asked = a_list(stand)
    assert _known(stand, asked) is None
    made = _told(stand, asked)
    assert made.carrier_ref
    assert set(made.labels) == {each.carrier_ref for each in asked.labels}
    assert _told(stand, asked) == made
    assert _known(stand, asked) == made


def labels_of_nobody_are_on_no_manifest(stand: Stand) -> None:
    asked = replace(a_list(stand), labels=(Sold("P-1-never", "0", "se-404"),))
    try:
        _told(stand, asked)
    except (RefusedOutside, NotDone):
        return
    raise AssertionError("it put labels on a manifest that it never sold")


def a_pickup_is_booked_once_and_cancelled_twice(stand: Stand) -> None:
    asked = a_pickup(stand)
    assert _pickup(stand, asked) is None
    booked = _booked(stand, asked)
    assert booked.carrier_ref
    assert _booked(stand, asked) == booked
    for _ in range(2):
        _cancelled(stand, booked)
    assert _pickup(stand, asked) is None


def a_return_is_bought_once_and_given_back(stand: Stand) -> None:
    back = stand._replace(shipment=replace(stand.shipment, is_return=True))
    asked = wanted(back)
    first = back.carrier.buy(account=back.account, wanted=asked)
    assert back.carrier.buy(account=back.account, wanted=asked) == first
    assert find(back, asked) == first
    give_back(back, asked, first)
    found = find(back, asked)
    assert found is not None
    assert found.is_void


def an_address_has_a_verdict(stand: Stand) -> None:
    assert isinstance(stand.carrier, ChecksAddresses)
    good = stand.carrier.check_address(account=stand.account, address=stand.shipment.receiver)
    nowhere = replace(stand.shipment.receiver, postcode="99999")
    bad = stand.carrier.check_address(account=stand.account, address=nowhere)
    assert (good.verdict, good.suggested) == ("good", None)
    assert bad.verdict == "bad"
    assert bad.because


def a_manifest_that_goes_wrong_is_made_once(stand: Stand, simulator: Simulator, fault: str) -> None:
    asked = a_list(stand)
    simulator.misbehave("manifest", fault, fault)
    made = in_the_end(lambda: _told(stand, asked), lambda: _known(stand, asked))
    simulator.faults.clear()
    assert made == _known(stand, asked)
    assert len(made.carrier_ref.split()) == 1, "there are two of it"


def a_manifest_is_never_called_unknown(stand: Stand, simulator: Simulator, fault: str) -> None:
    asked = a_list(stand)
    made = _told(stand, asked)
    simulator.misbehave("find_manifest", fault)
    says_so_or_nothing(simulator, lambda: _known(stand, asked), made)


def a_pickup_that_goes_wrong_is_booked_once(stand: Stand, simulator: Simulator, fault: str) -> None:
    asked = a_pickup(stand)
    simulator.misbehave("pickup", fault, fault)
    booked = in_the_end(lambda: _booked(stand, asked), lambda: _pickup(stand, asked))
    simulator.faults.clear()
    _cancelled(stand, booked)
    assert _pickup(stand, asked) is None, "there are two of it"


def a_pickup_is_never_called_unknown(stand: Stand, simulator: Simulator, fault: str) -> None:
    asked = a_pickup(stand)
    booked = _booked(stand, asked)
    simulator.misbehave("find_pickup", fault)
    says_so_or_nothing(simulator, lambda: _pickup(stand, asked), booked)


def a_cancellation_that_goes_wrong_is_cancelled_in_the_end(
    stand: Stand, simulator: Simulator, fault: str
) -> None:
    asked = a_pickup(stand)
    booked = _booked(stand, asked)
    simulator.misbehave("cancel", fault)
    in_the_end(lambda: _cancelled(stand, booked), lambda: None)
    simulator.faults.clear()
    assert _pickup(stand, asked) is None


def a_return_that_goes_wrong_is_paid_once(stand: Stand, simulator: Simulator, fault: str) -> None:
    back = stand._replace(shipment=replace(stand.shipment, is_return=True))
    asked, before = wanted(back), simulator.vendor.paid
    simulator.misbehave("buy", fault, fault)
    bought_in_the_end(back, asked)
    simulator.faults.clear()
    assert simulator.vendor.paid == before + 1


def an_address_that_cannot_be_checked_has_no_verdict(stand: Stand, simulator: Simulator, fault: str) -> None:
    carrier = stand.carrier
    assert isinstance(carrier, ChecksAddresses)
    simulator.misbehave("address", fault)
    account, receiver = stand.account, stand.shipment.receiver
    says_so_or_nothing(
        simulator, lambda: carrier.check_address(account=account, address=receiver).verdict, "good"
    )


CHECKS: Mapping[str, tuple[Check, ...]] = {
    "manifests": (a_manifest_holds_its_labels_and_is_made_once, labels_of_nobody_are_on_no_manifest),
    "pickups": (a_pickup_is_booked_once_and_cancelled_twice,),
    "returns": (a_return_is_bought_once_and_given_back,),
    "addresses": (an_address_has_a_verdict,),
}
FAULTS: Mapping[str, tuple[Spoiled, ...]] = {
    "manifests": (a_manifest_that_goes_wrong_is_made_once, a_manifest_is_never_called_unknown),
    "pickups": (
        a_pickup_that_goes_wrong_is_booked_once,
        a_pickup_is_never_called_unknown,
        a_cancellation_that_goes_wrong_is_cancelled_in_the_end,
    ),
    "returns": (a_return_that_goes_wrong_is_paid_once,),
    "addresses": (an_address_that_cannot_be_checked_has_no_verdict,),
}
