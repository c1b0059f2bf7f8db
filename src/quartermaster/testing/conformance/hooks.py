"""The conformance suite of shops whose subscriptions are seen and made.

Each check is a function of a stand and raises AssertionError. Against a sandbox or a simulator, run them one
test each, as tests/channels/test_hooks.py does.
"""

from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

from quartermaster.channels.ports import Hook, Hooks
from quartermaster.core.outside import Account, AuthExpired
from quartermaster.testing.conformance.faults import FAULTS, raised, until_known

SECRET = "a secret of our own"


class Stand(NamedTuple):
    """A shop, an account of its sandbox, and what happens there.

    `fresh()`: an address of ours nobody is subscribed to yet. `put(topic, address)`
    is somebody else's subscription: its name there. `switch_off(name)`: the shop gave one up, `drop(name)`
    it is deleted (None where the shop has no such thing). `made()`: how many were made so far. `secret_of
    (name)`: with what it signs; None where it cannot be looked at. `misbehave(fault)`: the next call that
    changes something goes wrong like that; None where it cannot be made to (a sandbox).
    """

    hooks: Hooks
    account: Account
    fresh: Callable[[], str]
    put: Callable[[str, str], str]
    made: Callable[[], int]
    drop: Callable[[str], None]
    switch_off: Callable[[str], None] | None = None
    secret_of: Callable[[str], str] | None = None
    misbehave: Callable[[str], None] | None = None


type Check = Callable[[Stand], None]


def subscribe(stand: Stand, address: str) -> tuple[Hook, ...]:
    return stand.hooks.subscribe(account=stand.account, address=address, secret=SECRET)


def ours(stand: Stand, address: str) -> list[Hook]:
    return [one for one in stand.hooks.hooks(account=stand.account) if one.address == address]


def is_whole(stand: Stand, address: str) -> bool:
    """Each topic once, alive."""
    sent = Counter(one.topic for one in ours(stand, address) if one.is_alive)
    return dict(sent) == dict.fromkeys(stand.hooks.topics, 1)


def what_is_missing_is_made(stand: Stand) -> None:
    address = stand.fresh()
    assert stand.hooks.topics
    assert ours(stand, address) == []
    made = subscribe(stand, address)
    assert {one.topic for one in made} == stand.hooks.topics
    assert is_whole(stand, address)
    if stand.secret_of is not None:
        assert {stand.secret_of(one.theirs) for one in ours(stand, address)} == {SECRET}


def the_same_again_makes_nothing(stand: Stand) -> None:
    address = stand.fresh()
    subscribe(stand, address)
    before, hooks = stand.made(), ours(stand, address)
    assert subscribe(stand, address) == ()
    assert stand.made() == before
    assert ours(stand, address) == hooks


def one_that_is_gone_is_made_anew_and_the_others_stay(stand: Stand) -> None:
    address = stand.fresh()
    subscribe(stand, address)
    first, *others = ours(stand, address)
    stand.drop(first.theirs)
    assert [one.topic for one in subscribe(stand, address)] == [first.topic]
    assert is_whole(stand, address)
    assert {one.theirs for one in others} <= {one.theirs for one in ours(stand, address)}


def one_that_was_switched_off_sends_again(stand: Stand) -> None:
    if stand.switch_off is None:
        return
    address = stand.fresh()
    subscribe(stand, address)
    first = ours(stand, address)[0]
    stand.switch_off(first.theirs)
    assert [one.is_alive for one in ours(stand, address) if one.theirs == first.theirs] in ([False], [])
    assert [one.topic for one in subscribe(stand, address)] == [first.topic]
    assert is_whole(stand, address)


def those_of_others_are_seen_and_left_alone(stand: Stand) -> None:
    topic, elsewhere = min(stand.hooks.topics), stand.fresh()
    theirs = stand.put(topic, elsewhere)
    if stand.switch_off is not None:
        stand.switch_off(theirs)
    before = [one for one in ours(stand, elsewhere) if one.theirs == theirs]
    address = stand.fresh()
    subscribe(stand, address)
    assert [one for one in ours(stand, elsewhere) if one.theirs == theirs] == before
    assert is_whole(stand, address)


def many_of_others_hide_none_of_ours(stand: Stand) -> None:
    address = stand.fresh()
    subscribe(stand, address)
    for _ in range(120):
        stand.put(min(stand.hooks.topics), stand.fresh())
    assert subscribe(stand, address) == ()
    assert is_whole(stand, address)


def a_wrong_key_is_told_as_such(stand: Stand) -> None:
    if stand.misbehave is not None:
        address = stand.fresh()
        stand.misbehave("401")
        assert raised(lambda: subscribe(stand, address)) is AuthExpired


def whatever_goes_wrong_each_is_made_once(stand: Stand) -> None:
    if stand.misbehave is None:
        return
    for fault in FAULTS:
        address, before = stand.fresh(), stand.made()
        stand.misbehave(fault)
        assert until_known(lambda a=address: subscribe(stand, a), lambda a=address: is_whole(stand, a)), fault  # type: ignore[misc]
        assert stand.made() == before + len(stand.hooks.topics), fault


CHECKS: tuple[Check, ...] = (
    what_is_missing_is_made,
    the_same_again_makes_nothing,
    one_that_is_gone_is_made_anew_and_the_others_stay,
    one_that_was_switched_off_sends_again,
    those_of_others_are_seen_and_left_alone,
    many_of_others_hide_none_of_ours,
    a_wrong_key_is_told_as_such,
    whatever_goes_wrong_each_is_made_once,
)
