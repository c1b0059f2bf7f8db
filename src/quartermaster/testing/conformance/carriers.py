"""The conformance suite of carriers: what shipping relies on, however often it asks.

Each check is a function of a stand and raises AssertionError. Against a carrier's sandbox or simulator, run
them one test each, as tests/shipping/test_conformance.py does.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import uuid4

from msgspec.structs import replace

from quartermaster.core.currencies import EXPONENT
from quartermaster.orders.ports import Address
from quartermaster.shipping.ports import Account, Bought, Carrier, Offer, RefusedByCarrier, Shipment, Wanted


class Stand(NamedTuple):
    """A carrier, an account of its sandbox, and a shipment that at least one of its services takes."""

    carrier: Carrier
    account: Account
    shipment: Shipment


type Check = Callable[[Stand], None]


def a_shipment() -> Shipment:
    """A book from Berlin to Berlin."""
    ready_at = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    to = Address(name="Ann Example", line1="Lane 1", city="Berlin", postcode="10115", country="DE")
    return Shipment(
        *("P-1", "BER", "DE", "BE", "10115", ready_at, to),
        *(500, 200, 150, 40),
        value_minor=1990,
        value_currency="EUR",
    )


def rated(stand: Stand) -> list[Offer]:
    """The offers, but for what the carrier calls them: that may be new each time."""
    offers = stand.carrier.rate(account=stand.account, shipment=stand.shipment)
    return [replace(offer, ref="") for offer in offers]


def fit(stand: Stand) -> Offer:
    """The first service that takes the shipment."""
    offers = stand.carrier.rate(account=stand.account, shipment=stand.shipment)
    return next(offer for offer in offers if not offer.removed)


def wanted(stand: Stand) -> Wanted:
    """A label that nobody wanted before."""
    offer = fit(stand)
    reference = f"P-1-{uuid4().hex[:10]}"
    return Wanted(
        reference,
        offer.carrier,
        offer.service,
        stand.shipment,
        offer.cost_minor,
        offer.currency,
        offer.ref,
    )


def find(stand: Stand, asked: Wanted) -> Bought | None:
    return stand.carrier.find(account=stand.account, reference=asked.reference, ref=asked.ref)


def give_back(stand: Stand, asked: Wanted, label: Bought) -> None:
    stand.carrier.void(
        account=stand.account,
        reference=asked.reference,
        tracking_number=label.tracking_number,
        ref=asked.ref,
        carrier_ref=label.carrier_ref,
    )


def an_offer_has_a_price_and_days_or_says_what_speaks_against_it(stand: Stand) -> None:
    for offer in stand.carrier.rate(account=stand.account, shipment=stand.shipment):
        assert offer.carrier, offer
        assert offer.service, offer
        assert offer.account == stand.account.slug, offer
        if not offer.removed:
            assert offer.cost_minor is not None, offer
            assert offer.cost_minor >= 0, offer
            assert offer.currency in EXPONENT, offer
            assert offer.leaves_on is None or offer.leaves_on >= stand.shipment.ready_at.date(), offer


def asking_for_rates_changes_nothing(stand: Stand) -> None:
    assert rated(stand) == rated(stand)


def the_same_label_bought_twice_is_one_label(stand: Stand) -> None:
    asked = wanted(stand)
    first = stand.carrier.buy(account=stand.account, wanted=asked)
    assert first.reference == asked.reference
    assert first.tracking_number
    assert stand.carrier.buy(account=stand.account, wanted=asked) == first


def two_references_are_two_labels(stand: Stand) -> None:
    one = stand.carrier.buy(account=stand.account, wanted=wanted(stand))
    other = stand.carrier.buy(account=stand.account, wanted=wanted(stand))
    assert one.tracking_number != other.tracking_number


def what_was_bought_is_found_by_our_reference(stand: Stand) -> None:
    asked = wanted(stand)
    bought = stand.carrier.buy(account=stand.account, wanted=asked)
    assert find(stand, asked) == bought


def what_was_never_bought_is_not_found(stand: Stand) -> None:
    assert find(stand, wanted(stand)) is None


def a_label_given_back_twice_is_void(stand: Stand) -> None:
    asked = wanted(stand)
    bought = stand.carrier.buy(account=stand.account, wanted=asked)
    for _ in range(2):
        give_back(stand, asked, bought)
    found = find(stand, asked)
    assert found is not None
    assert found.is_void


def a_void_label_is_not_sold_again_under_its_reference(stand: Stand) -> None:
    asked = wanted(stand)
    bought = stand.carrier.buy(account=stand.account, wanted=asked)
    give_back(stand, asked, bought)
    again = stand.carrier.buy(account=stand.account, wanted=asked)
    assert (again.tracking_number, again.is_void) == (bought.tracking_number, True)


def a_label_is_given_back_without_its_name_there(stand: Stand) -> None:
    """What was bought before their name for it was kept is found by our reference."""
    asked = wanted(stand)
    bought = stand.carrier.buy(account=stand.account, wanted=asked)
    give_back(stand, asked, replace(bought, carrier_ref=""))
    found = find(stand, asked)
    assert found is not None
    assert found.is_void


def what_was_never_bought_cannot_be_given_back(stand: Stand) -> None:
    assert _refusal(stand), "it took back what it never sold, or refused without a reason"


def _refusal(stand: Stand) -> str:
    """Why a label nobody bought is not taken back; "" when it is."""
    try:
        stand.carrier.void(account=stand.account, reference="P-1-never", tracking_number="0")
    except RefusedByCarrier as refusal:
        return str(refusal).strip()
    return ""


CHECKS: tuple[Check, ...] = (
    an_offer_has_a_price_and_days_or_says_what_speaks_against_it,
    asking_for_rates_changes_nothing,
    the_same_label_bought_twice_is_one_label,
    two_references_are_two_labels,
    what_was_bought_is_found_by_our_reference,
    what_was_never_bought_is_not_found,
    a_label_given_back_twice_is_void,
    a_void_label_is_not_sold_again_under_its_reference,
    a_label_is_given_back_without_its_name_there,
    what_was_never_bought_cannot_be_given_back,
)
