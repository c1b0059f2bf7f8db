"""The conformance suite of warehouses of others that can be told what will come in.

Each check is a function of a stand and raises AssertionError; run them one test each, and `FAULTY` with every
fault, as tests/outside/test_notices.py does.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import NamedTuple
from uuid import uuid4

from msgspec.structs import replace

from quartermaster.core.outside import Account, Conflict, Missing, NotDone, Unclear
from quartermaster.outside.ports import Item, Notice, Noticed, Notices, State


class Stand(NamedTuple):
    """Who is told, an account of their sandbox that carries LAMP and BULB, and how often they expect a
    reference, with which units: `expected(reference)`, one dictionary each. received: they have received it
    (None where that cannot be played)."""

    notices: Notices
    account: Account
    expected: Callable[[str], list[dict[str, int]]]
    received: Callable[[str], None] | None = None

    def announce(self, notice: Notice) -> Noticed:
        return self.notices.announce(account=self.account, notice=notice)

    def noticed(self, reference: str) -> Noticed | None:
        return self.notices.noticed(account=self.account, reference=reference)

    def withdraw(self, reference: str) -> Noticed:
        return self.notices.withdraw(account=self.account, reference=reference, because="it does not come")


type Check = Callable[[Stand], None]


def a_notice() -> Notice:
    """Ten lamps and four bulbs from Berlin, under a reference nobody used before."""
    return Notice(
        reference=f"QM-IN-7-{uuid4().hex[:8]}",
        revision=1,
        number="IN-7",
        kind="transfer",
        site="RNO",
        sender="BER",
        document="TR-5",
        items=(Item("BULB", 4), Item("LAMP", 10)),
        expected_on=date(2026, 12, 1),
    )


FEWER = {"BULB": 4, "LAMP": 6}


def amended(notice: Notice) -> Notice:
    return replace(notice, revision=notice.revision + 1, items=(Item("BULB", 4), Item("LAMP", 6)))


def what_was_announced_is_expected_and_found_by_our_reference(stand: Stand) -> None:
    notice = a_notice()
    said = stand.announce(notice)
    assert said.state in (State.HANDED, State.ACKNOWLEDGED)
    assert stand.expected(notice.reference) == [{"BULB": 4, "LAMP": 10}]
    found = stand.noticed(notice.reference)
    assert found is not None
    assert (found.reference, found.revision) == (notice.reference, 1)


def what_was_never_announced_is_not_found(stand: Stand) -> None:
    assert stand.noticed(a_notice().reference) is None


def the_same_revision_told_twice_is_one_notice(stand: Stand) -> None:
    notice = a_notice()
    first = stand.announce(notice)
    assert stand.announce(notice).theirs == first.theirs
    assert len(stand.expected(notice.reference)) == 1


def a_higher_revision_replaces_what_was_told(stand: Stand) -> None:
    notice = a_notice()
    stand.announce(notice)
    stand.announce(amended(notice))
    assert stand.expected(notice.reference) == [FEWER]
    found = stand.noticed(notice.reference)
    assert found is not None
    assert found.revision == 2


def what_is_withdrawn_is_expected_no_more_however_often(stand: Stand) -> None:
    notice = a_notice()
    stand.announce(notice)
    for _ in range(2):
        assert stand.withdraw(notice.reference).state in (State.CANCELLED, State.HANDED)
    assert stand.expected(notice.reference) == []
    found = stand.noticed(notice.reference)
    assert found is None or found.state is State.CANCELLED


def what_was_never_announced_cannot_be_withdrawn(stand: Stand) -> None:
    try:
        stand.withdraw(a_notice().reference)
    except Missing:
        return
    raise AssertionError("it withdrew what it never had")


def what_was_received_is_neither_changed_nor_withdrawn(stand: Stand) -> None:
    if stand.received is None:
        return
    notice = a_notice()
    stand.announce(notice)
    stand.received(notice.reference)
    acts: tuple[Callable[[], object], ...] = (
        lambda: stand.announce(amended(notice)),
        lambda: stand.withdraw(notice.reference),
    )
    for act in acts:
        try:
            act()
        except Conflict:
            continue
        raise AssertionError("it changed what had been received")


CHECKS: tuple[Check, ...] = (
    what_was_announced_is_expected_and_found_by_our_reference,
    what_was_never_announced_is_not_found,
    the_same_revision_told_twice_is_one_notice,
    a_higher_revision_replaces_what_was_told,
    what_is_withdrawn_is_expected_no_more_however_often,
    what_was_never_announced_cannot_be_withdrawn,
    what_was_received_is_neither_changed_nor_withdrawn,
)


def announced_amended_and_withdrawn(stand: Stand, misbehave: Callable[[str], None]) -> None:
    """Whatever goes wrong in each of the three calls, each is done once: as the outbox does it. misbehave:
    the next call of this name goes wrong (announce, amend, withdraw)."""
    notice = a_notice()
    misbehave("announce")
    _until(lambda: stand.announce(notice), lambda: _revision(stand, notice) == 1)
    assert len(stand.expected(notice.reference)) == 1
    misbehave("amend")
    _until(lambda: stand.announce(amended(notice)), lambda: _revision(stand, notice) == 2)
    assert stand.expected(notice.reference) == [FEWER]
    misbehave("withdraw")
    _until(lambda: stand.withdraw(notice.reference), lambda: _is_gone(stand, notice))
    assert stand.expected(notice.reference) == []


def _until(do: Callable[[], object], is_known: Callable[[], bool]) -> None:
    for _ in range(5):
        with suppress(NotDone, Unclear):
            do()
            assert is_known(), "it said so, and it is not so"
            return
        with suppress(NotDone, Unclear):
            if is_known():
                return
    raise AssertionError("it never became known")


def _revision(stand: Stand, notice: Notice) -> int:
    found = stand.noticed(notice.reference)
    return found.revision if found else 0


def _is_gone(stand: Stand, notice: Notice) -> bool:
    found = stand.noticed(notice.reference)
    return found is None or found.state is State.CANCELLED
