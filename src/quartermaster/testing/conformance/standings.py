"""The conformance suite of marketplaces that tell how we stand, and what buyers say: reports that are asked
for, made after a while, and read.

Each check is a function of a stand and raises AssertionError. Run them one test each, as
tests/marketplaces/test_conformance.py does.
"""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import NamedTuple

from quartermaster.core.outside import Account, NotDone, RefusedOutside
from quartermaster.marketplaces.ports import FeedbackReports, FeedbackTold, Figure, StandingReports

FAULTS = ("429", "401", "500", "down", "late", "500 late", "slow", "broken")
LOOKS_MAX = 5
SINCE = date(2026, 1, 1)


class Stand(NamedTuple):
    """A marketplace whose reports are ready at the second look, with figures, and feedback of three buyers.
    `operations`: of its calls, in the order in which a report takes them. `misbehave(operation, fault)` lets
    the next of them go wrong; `ends_badly()`: no report is made from now on; `is_empty()`: there is nothing
    to tell."""

    standing: StandingReports
    feedback: FeedbackReports
    account: Account
    operations: tuple[str, ...]
    misbehave: Callable[[str, str], None]
    ends_badly: Callable[[], None]
    is_empty: Callable[[], None]


type Check = Callable[[Stand], None]


class Kind(NamedTuple):
    ask: Callable[[], str]
    read: Callable[[str], object | None]


def kinds(stand: Stand) -> tuple[Kind, Kind]:
    def figures(reference: str) -> object | None:
        return stand.standing.read(account=stand.account, reference=reference)

    def feedback(reference: str) -> object | None:
        return stand.feedback.read(account=stand.account, reference=reference)

    return (
        Kind(lambda: stand.standing.ask(account=stand.account), figures),
        Kind(lambda: stand.feedback.ask(account=stand.account, since=SINCE), feedback),
    )


def waited(kind: Kind, reference: str) -> object:
    """What it says in the end."""
    for _ in range(LOOKS_MAX):
        if (told := kind.read(reference)) is not None:
            return told
    raise AssertionError("the report is never ready")


def a_report_is_not_there_at_once_and_then_says_the_same_however_often(stand: Stand) -> None:
    for kind in kinds(stand):
        reference = kind.ask()
        assert kind.read(reference) is None
        told = waited(kind, reference)
        assert told == waited(kind, reference)


def figures_are_of_countries_and_days_and_add_up(stand: Stand) -> None:
    figures, _ = kinds(stand)
    told = waited(figures, figures.ask())
    assert isinstance(told, list)
    assert told
    for one in told:
        assert isinstance(one, Figure)
        assert len(one.country) == 2
        assert one.first_on <= one.last_on
        assert 0 <= one.numerator <= one.denominator


def feedback_names_its_orders_and_says_that_it_is_whole(stand: Stand) -> None:
    told = stand_feedback(stand)
    assert len({one.order for one in told.rows}) == 3
    assert all(1 <= one.stars <= 5 for one in told.rows)
    assert (told.is_whole, told.unread) == (True, 0)


def nothing_to_tell_is_no_trouble(stand: Stand) -> None:
    """And nobody takes it for feedback that was taken away."""
    stand.is_empty()
    told = stand_feedback(stand)
    assert (told.rows, told.is_whole) == ((), False)


def stand_feedback(stand: Stand) -> FeedbackTold:
    _, feedback = kinds(stand)
    told = waited(feedback, feedback.ask())
    assert isinstance(told, FeedbackTold)
    return told


def a_report_that_is_never_made_is_refused(stand: Stand) -> None:
    stand.ends_badly()
    for kind in kinds(stand):
        reference = kind.ask()
        assert raised(partial(waited, kind, reference)) is RefusedOutside


def a_report_that_is_not_known_is_refused(stand: Stand) -> None:
    for kind in kinds(stand):
        made = kind.ask()
        unknown = made.replace(made[-1], "x")
        assert raised(partial(kind.read, unknown)) is RefusedOutside


def whatever_goes_wrong_it_may_be_asked_again_and_says_what_it_says(stand: Stand) -> None:
    for kind in kinds(stand):
        right = waited(kind, kind.ask())
        for fault in FAULTS:
            for operation in stand.operations:
                stand.misbehave(operation, fault)
                assert again(kind) == right, (operation, fault)


def again(kind: Kind) -> object:
    """As whoever asks goes on: what was not done is done once more, with the same report if there is one."""
    reference = ""
    for _ in range(4 * LOOKS_MAX):
        try:
            reference = reference or kind.ask()
            if (told := kind.read(reference)) is not None:
                return told
        except NotDone:
            continue
        except RefusedOutside:
            reference = ""
    raise AssertionError("it is never read")


def raised(do: Callable[[], object]) -> type[Exception] | None:
    try:
        do()
    except RefusedOutside:
        return RefusedOutside
    except NotDone:
        return NotDone
    return None


CHECKS: tuple[Check, ...] = (
    a_report_is_not_there_at_once_and_then_says_the_same_however_often,
    figures_are_of_countries_and_days_and_add_up,
    feedback_names_its_orders_and_says_that_it_is_whole,
    nothing_to_tell_is_no_trouble,
    a_report_that_is_never_made_is_refused,
    a_report_that_is_not_known_is_refused,
    whatever_goes_wrong_it_may_be_asked_again_and_says_what_it_says,
)
