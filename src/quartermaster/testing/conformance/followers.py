"""The conformance suite of systems that follow parcels (tracking.ports.Follower).

A stand is a follower with an account at a server (a simulator, or the vendor's sandbox) that it may misuse.
Each check is a function of a stand and raises AssertionError.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import uuid4

from quartermaster.shipping.ports import Account, NotDone, Unclear
from quartermaster.tracking.ports import Follower, ScanTold, ToFollow
from quartermaster.tracking.rules import STATUSES


class Stand(NamedTuple):
    """misbehave: what the server's next answers do: FAULTS of testing.simulators.server. tell: the carrier
    scanned the parcel with this number (in their words, in transit). followed: how many parcels the server
    follows."""

    follower: Follower
    account: Account
    misbehave: Callable[[Sequence[str]], None]
    tell: Callable[[str], object]
    followed: Callable[[], int]


type Check = Callable[[Stand], None]
# What loses an answer, and whether what was asked for is done then.
LOST = {
    "500": False,
    "down": False,
    "lying": False,
    "late": True,
    "500 late": True,
    "lying late": True,
    "broken": True,
}


def a_parcel() -> ToFollow:
    """One that nobody followed before."""
    return ToFollow(reference="P-1", order="SO-1", carrier="post", tracking_number=f"T{uuid4().hex[:16]}")


def following_twice_is_following_once(stand: Stand) -> None:
    parcel, before = a_parcel(), stand.followed()
    names = {stand.follower.follow(account=stand.account, parcel=parcel) for _ in range(3)}
    assert len(names) == 1, names
    assert stand.followed() == before + 1


def what_is_followed_is_found(stand: Stand) -> None:
    parcel = a_parcel()
    name = stand.follower.follow(account=stand.account, parcel=parcel)
    assert stand.follower.find(account=stand.account, parcel=parcel) == name


def what_is_not_followed_is_not_found(stand: Stand) -> None:
    assert stand.follower.find(account=stand.account, parcel=a_parcel()) is None


def when_surely_nothing_happened_it_says_so(stand: Stand) -> None:
    parcel, before = a_parcel(), stand.followed()
    for fault in ("429", "401"):
        stand.misbehave([fault])
        assert isinstance(_raised(stand, parcel), NotDone), fault
    assert stand.followed() == before


def when_the_answer_is_lost_nothing_is_claimed_and_asking_settles_it(stand: Stand) -> None:
    for fault, is_done in LOST.items():
        parcel, before = a_parcel(), stand.followed()
        stand.misbehave([fault])
        assert isinstance(_raised(stand, parcel), Unclear), fault
        assert (stand.follower.find(account=stand.account, parcel=parcel) is not None) == is_done, fault
        stand.follower.follow(account=stand.account, parcel=parcel)
        assert stand.followed() == before + 1, fault


def a_slow_answer_or_one_that_says_it_twice_is_an_answer(stand: Stand) -> None:
    for fault in ("slow", "twice"):
        parcel, before = a_parcel(), stand.followed()
        stand.misbehave([fault, fault])
        name = stand.follower.follow(account=stand.account, parcel=parcel)
        assert stand.follower.find(account=stand.account, parcel=parcel) == name, fault
        assert stand.followed() == before + 1, fault


def a_question_leaves_nothing_unclear(stand: Stand) -> None:
    for fault in ("401", "429", *LOST):
        stand.misbehave([fault])
        try:
            stand.follower.find(account=stand.account, parcel=a_parcel())
        except NotDone:
            continue
        raise AssertionError(f"it answered for a server that was {fault}")


def a_list_that_goes_wrong_is_asked_for_again_and_told_whole(stand: Stand) -> None:
    since = datetime.now(UTC) - timedelta(hours=1)
    for _ in range(3):
        parcel = a_parcel()
        stand.follower.follow(account=stand.account, parcel=parcel)
        stand.tell(parcel.tracking_number)
    told = set(_all(stand, since))
    for fault in ("401", "429", "slow", "twice", *LOST):
        stand.misbehave([fault])
        try:
            again = _all(stand, since)
        except NotDone:
            assert fault not in ("slow", "twice"), fault
        else:
            assert fault in ("slow", "twice"), f"it answered for a server that was {fault}"
            assert set(again) == told, fault


def what_changed_is_told_to_the_last_page_and_again(stand: Stand) -> None:
    parcels = [a_parcel() for _ in range(5)]
    since = datetime.now(UTC) - timedelta(hours=1)
    for parcel in parcels:
        stand.follower.follow(account=stand.account, parcel=parcel)
        stand.tell(parcel.tracking_number)
    told = _all(stand, since)
    assert {parcel.tracking_number for parcel in parcels} <= {each.tracking_number for each in told}
    assert all(each.status in STATUSES and each.at.tzinfo for each in told)
    assert _all(stand, since) == told
    assert _all(stand, datetime.now(UTC) + timedelta(days=1)) == []


def _all(stand: Stand, since: datetime) -> list[ScanTold]:
    told: list[ScanTold] = []
    after = ""
    for _ in range(1000):
        page = stand.follower.changed(account=stand.account, since=since, after=after)
        told += page.scans
        after = page.next
        if not after:
            return told
    raise AssertionError("its pages never end")


def _raised(stand: Stand, parcel: ToFollow) -> Exception | None:
    try:
        stand.follower.follow(account=stand.account, parcel=parcel)
    except (NotDone, Unclear) as error:
        if not str(error).strip():
            raise AssertionError("it gives no reason") from error
        return error
    return None


CHECKS: tuple[Check, ...] = (
    following_twice_is_following_once,
    what_is_followed_is_found,
    what_is_not_followed_is_not_found,
    when_surely_nothing_happened_it_says_so,
    when_the_answer_is_lost_nothing_is_claimed_and_asking_settles_it,
    a_slow_answer_or_one_that_says_it_twice_is_an_answer,
    a_question_leaves_nothing_unclear,
    a_list_that_goes_wrong_is_asked_for_again_and_told_whole,
    what_changed_is_told_to_the_last_page_and_again,
)
