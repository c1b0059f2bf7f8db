"""The conformance suite of carriers that are called outside: one paid label, however its server misbehaves.

Each check is a function of a stand whose account points at a simulator, and of that simulator; it raises
AssertionError. The purchase is carried out as the outbox does it: what is unclear is looked up, not repeated.
"""

from collections.abc import Callable

from quartermaster.core.outside import NotDone, Unclear
from quartermaster.shipping.ports import Bought, Wanted
from quartermaster.testing.conformance.carriers import Stand, wanted
from quartermaster.testing.simulators.server import Simulator

ROUNDS_MAX = 12
type Check = Callable[[Stand, Simulator, str], None]


def bought_in_the_end(stand: Stand, asked: Wanted) -> Bought:
    """Bought, or asked after until somebody knows."""
    is_unclear = False
    for _ in range(ROUNDS_MAX):
        try:
            if is_unclear:
                found = stand.carrier.find(account=stand.account, reference=asked.reference)
                if found is not None:
                    return found
            is_unclear = False
            return stand.carrier.buy(account=stand.account, wanted=asked)
        except NotDone:
            continue
        except Unclear:
            is_unclear = True
    raise AssertionError("it was never bought")


def void_in_the_end(stand: Stand, label: Bought) -> None:
    for _ in range(ROUNDS_MAX):
        try:
            stand.carrier.void(
                account=stand.account, reference=label.reference, tracking_number=label.tracking_number
            )
        except (NotDone, Unclear):
            continue
        else:
            return
    raise AssertionError("it was never void")


def a_purchase_that_goes_wrong_is_paid_once(stand: Stand, simulator: Simulator, fault: str) -> None:
    asked, before = wanted(stand), simulator.vendor.paid
    simulator.misbehave("buy", fault, fault)
    label = bought_in_the_end(stand, asked)
    simulator.faults.clear()
    assert label.tracking_number
    assert simulator.vendor.paid == before + 1
    assert stand.carrier.find(account=stand.account, reference=asked.reference) == label


def a_label_that_was_bought_is_never_called_unknown(stand: Stand, simulator: Simulator, fault: str) -> None:
    label = stand.carrier.buy(account=stand.account, wanted=wanted(stand))
    simulator.misbehave("find", fault)
    try:
        found = stand.carrier.find(account=stand.account, reference=label.reference)
    except (NotDone, Unclear):
        return
    finally:
        simulator.faults.clear()
    assert found == label


def a_label_that_goes_wrong_on_its_way_back_is_void_in_the_end(
    stand: Stand, simulator: Simulator, fault: str
) -> None:
    before = simulator.vendor.paid
    label = stand.carrier.buy(account=stand.account, wanted=wanted(stand))
    simulator.misbehave("void", fault)
    void_in_the_end(stand, label)
    simulator.faults.clear()
    assert simulator.vendor.paid == before


def rates_that_go_wrong_are_missing_and_not_invented(stand: Stand, simulator: Simulator, fault: str) -> None:
    rated = stand.carrier.rate(account=stand.account, shipment=stand.shipment)
    simulator.misbehave("rates", fault)
    try:
        again = stand.carrier.rate(account=stand.account, shipment=stand.shipment)
    except (NotDone, Unclear):
        return
    finally:
        simulator.faults.clear()
    assert again == rated


CHECKS: tuple[Check, ...] = (
    a_purchase_that_goes_wrong_is_paid_once,
    a_label_that_was_bought_is_never_called_unknown,
    a_label_that_goes_wrong_on_its_way_back_is_void_in_the_end,
    rates_that_go_wrong_are_missing_and_not_invented,
)
