"""The conformance suite of carriers that are called outside: one paid label, however its server misbehaves.

Each check is a function of a stand whose account points at a simulator, and of that simulator; it raises
AssertionError. The purchase is carried out as the outbox does it: what is unclear is looked up, not repeated.
"""

from collections.abc import Callable

from quartermaster.core.outside import NotDone, Unclear
from quartermaster.shipping.ports import Bought, Wanted
from quartermaster.testing.conformance.carriers import Stand, find, give_back, rated, wanted
from quartermaster.testing.simulators.server import Simulator

ROUNDS_MAX = 12
type Check = Callable[[Stand, Simulator, str], None]


def bought_in_the_end(stand: Stand, asked: Wanted) -> Bought:
    """Bought, or asked after until somebody knows."""
    is_unclear = False
    for _ in range(ROUNDS_MAX):
        try:
            if is_unclear:
                found = find(stand, asked)
                if found is not None:
                    return found
            is_unclear = False
            return stand.carrier.buy(account=stand.account, wanted=asked)
        except NotDone:
            continue
        except Unclear:
            is_unclear = True
    raise AssertionError("it was never bought")


def void_in_the_end(stand: Stand, asked: Wanted, label: Bought) -> None:
    for _ in range(ROUNDS_MAX):
        try:
            give_back(stand, asked, label)
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
    assert find(stand, asked) == label


def a_step_on_the_way_that_goes_wrong_costs_no_second_label(
    stand: Stand, simulator: Simulator, fault: str
) -> None:
    """What some ask before or after the purchase: a draft, how it stands, the paper."""
    for step in ("draft", "read", "paper"):
        asked, before = wanted(stand), simulator.vendor.paid
        simulator.misbehave(step, fault)
        label = bought_in_the_end(stand, asked)
        simulator.faults.clear()
        assert label.tracking_number
        assert simulator.vendor.paid == before + 1, step
        found = find(stand, asked)
        assert found is not None
        assert found.tracking_number == label.tracking_number, step


def a_label_that_was_bought_is_never_called_unknown(stand: Stand, simulator: Simulator, fault: str) -> None:
    asked = wanted(stand)
    label = stand.carrier.buy(account=stand.account, wanted=asked)
    simulator.misbehave("find", fault)
    try:
        found = find(stand, asked)
    except (NotDone, Unclear):
        return
    finally:
        simulator.faults.clear()
    assert found == label


def a_label_that_goes_wrong_on_its_way_back_is_void_in_the_end(
    stand: Stand, simulator: Simulator, fault: str
) -> None:
    before = simulator.vendor.paid
    asked = wanted(stand)
    label = stand.carrier.buy(account=stand.account, wanted=asked)
    simulator.misbehave("void", fault)
    void_in_the_end(stand, asked, label)
    simulator.faults.clear()
    assert simulator.vendor.paid == before


def rates_that_go_wrong_are_missing_and_not_invented(stand: Stand, simulator: Simulator, fault: str) -> None:
    before = rated(stand)
    simulator.misbehave("rates", fault)
    try:
        again = rated(stand)
    except (NotDone, Unclear):
        return
    finally:
        simulator.faults.clear()
    assert again == before


CHECKS: tuple[Check, ...] = (
    a_purchase_that_goes_wrong_is_paid_once,
    a_step_on_the_way_that_goes_wrong_costs_no_second_label,
    a_label_that_was_bought_is_never_called_unknown,
    a_label_that_goes_wrong_on_its_way_back_is_void_in_the_end,
    rates_that_go_wrong_are_missing_and_not_invented,
)
