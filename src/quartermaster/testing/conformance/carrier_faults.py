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


def in_the_end[T](do: Callable[[], T], ask: Callable[[], T | None]) -> T:
    """Done, or asked after until somebody knows."""
    is_unclear = False
    for _ in range(ROUNDS_MAX):
        try:
            if is_unclear and (found := ask()) is not None:
                return found
            is_unclear = False
            return do()
        except NotDone:
            continue
        except Unclear:
            is_unclear = True
    raise AssertionError("it was never done")


def bought_in_the_end(stand: Stand, asked: Wanted) -> Bought:
    return in_the_end(
        lambda: stand.carrier.buy(account=stand.account, wanted=asked), lambda: find(stand, asked)
    )


def says_so_or_nothing(simulator: Simulator, ask: Callable[[], object], known: object) -> None:
    """Asked while something goes wrong, it says what is so, or that it cannot say."""
    try:
        found = ask()
    except (NotDone, Unclear):
        return
    finally:
        simulator.faults.clear()
    assert found == known


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
    says_so_or_nothing(simulator, lambda: find(stand, asked), label)


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
    says_so_or_nothing(simulator, lambda: rated(stand), before)


CHECKS: tuple[Check, ...] = (
    a_purchase_that_goes_wrong_is_paid_once,
    a_step_on_the_way_that_goes_wrong_costs_no_second_label,
    a_label_that_was_bought_is_never_called_unknown,
    a_label_that_goes_wrong_on_its_way_back_is_void_in_the_end,
    rates_that_go_wrong_are_missing_and_not_invented,
)
