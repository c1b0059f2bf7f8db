"""The conformance suite of shops: what we rely on when they are asked and told.

Each check is a function of a stand and raises AssertionError. Against a sandbox or a simulator, run them one
test each, as tests/channels/test_conformance.py does.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from msgspec.structs import replace

from quartermaster.channels.ports import Change, Channel, Shipment, ShippedLine
from quartermaster.core.outside import (
    Account,
    AuthExpired,
    Missing,
    NotDone,
    RefusedOutside,
    Throttled,
    Unclear,
)

GONE = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


class Stand(NamedTuple):
    """A shop, an account of its sandbox, and what happens there. `sell()` places an order of two units of one
    line and one of another: its id and its lines. `touch(order)` changes it at the shop. `mails()`: what
    buyers were told so far. `misbehave(fault)`: the next call that changes something goes wrong like that;
    None where it cannot be made to (a sandbox). `tells_parts`: it is told of every parcel; else only of the
    one that completes an order, and of the others nothing has to be told."""

    channel: Channel
    account: Account
    began: datetime
    sell: Callable[[], tuple[str, tuple[str, str]]]
    touch: Callable[[str], None]
    mails: Callable[[], int]
    misbehave: Callable[[str], None] | None = None
    tells_parts: bool = True


type Check = Callable[[Stand], None]


def everything(stand: Stand, since: datetime | None = None) -> list[Change]:
    """All pages of what changed. A round ends."""
    found: list[Change] = []
    cursor = ""
    for _ in range(100):
        page = stand.channel.changes(account=stand.account, since=since or stand.began, cursor=cursor)
        found += page.orders
        if page.up_to is not None:
            return found
        assert page.cursor, "a page that is not the last says how to go on"
        assert page.cursor != cursor, "the round stands still"
        cursor = page.cursor
    raise AssertionError("the round does not end")


def a_parcel(stand: Stand, reference: str = "P-1", *, is_last: bool | None = None) -> Shipment:
    """One unit of the first line; as something the shop has to be told of, where it is not said."""
    order, lines = stand.sell()
    return Shipment(
        reference=reference,
        order=order,
        lines=(ShippedLine(lines[0], "LAMP", 1),),
        carrier="DHL",
        tracking_number="JD0146",
        tracking_url="",
        shipped_at=GONE,
        is_last=is_last if is_last is not None else not stand.tells_parts,
    )


def an_order_that_changed_is_among_the_changes(stand: Stand) -> None:
    order, _ = stand.sell()
    before = everything(stand)
    stand.touch(order)
    assert any(order.encode() in one.body for one in before)
    assert len({one.body for one in everything(stand)} - {one.body for one in before}) == 1


def many_changes_come_in_pages_and_none_is_left_out(stand: Stand) -> None:
    orders = {stand.sell()[0] for _ in range(230)}
    bodies = b"\n".join(one.body for one in everything(stand))
    assert {order for order in orders if order.encode() not in bodies} == set()


def nothing_is_told_of_what_did_not_change(stand: Stand) -> None:
    stand.sell()
    assert everything(stand, stand.began + timedelta(days=900)) == []


def a_parcel_is_known_once_it_was_told(stand: Stand) -> None:
    parcel = a_parcel(stand)
    assert stand.channel.find_shipment(account=stand.account, shipment=parcel) is None
    told = stand.channel.confirm_shipment(account=stand.account, shipment=parcel)
    assert stand.channel.find_shipment(account=stand.account, shipment=parcel) == told


def telling_twice_tells_the_buyer_once(stand: Stand) -> None:
    parcel = a_parcel(stand)
    before = stand.mails()
    first = stand.channel.confirm_shipment(account=stand.account, shipment=parcel)
    assert stand.channel.confirm_shipment(account=stand.account, shipment=parcel) == first
    assert stand.mails() == before + 1


def two_parcels_of_an_order_are_two(stand: Stand) -> None:
    one = a_parcel(stand, is_last=False)
    two = replace(one, reference="P-2", is_last=True)
    stand.channel.confirm_shipment(account=stand.account, shipment=one)
    assert stand.channel.find_shipment(account=stand.account, shipment=two) is None
    stand.channel.confirm_shipment(account=stand.account, shipment=two)
    assert stand.channel.find_shipment(account=stand.account, shipment=one) is not None
    assert stand.channel.find_shipment(account=stand.account, shipment=two) is not None


def a_parcel_of_no_order_is_refused(stand: Stand) -> None:
    parcel = replace(a_parcel(stand), order="999999999")
    assert _raised(stand, parcel) in (Missing, RefusedOutside)


def a_wrong_key_is_told_as_such(stand: Stand) -> None:
    if stand.misbehave is not None:
        stand.misbehave("401")
        assert _raised(stand, a_parcel(stand)) is AuthExpired


def a_throttle_is_waited_for(stand: Stand) -> None:
    if stand.misbehave is not None:
        stand.misbehave("429")
        assert _raised(stand, a_parcel(stand)) is Throttled


def whatever_goes_wrong_the_buyer_is_told_once(stand: Stand) -> None:
    """The caller looks after what is unclear, and tries again what surely was not done."""
    if stand.misbehave is None:
        return
    for n, fault in enumerate(
        ("429", "401", "500", "down", "late", "500 late", "lying", "lying late", "broken")
    ):
        parcel = a_parcel(stand, f"P-1{n}", is_last=True)
        before = stand.mails()
        stand.misbehave(fault)
        assert _until_known(stand, parcel), fault
        assert stand.mails() == before + 1, fault


def _until_known(stand: Stand, parcel: Shipment) -> bool:
    """As the outbox does it."""
    for _ in range(5):
        try:
            stand.channel.confirm_shipment(account=stand.account, shipment=parcel)
        except (NotDone, Unclear):
            if stand.channel.find_shipment(account=stand.account, shipment=parcel) is not None:
                return True
        else:
            return stand.channel.find_shipment(account=stand.account, shipment=parcel) is not None
    return False


def _raised(stand: Stand, parcel: Shipment) -> type[Exception] | None:
    try:
        stand.channel.confirm_shipment(account=stand.account, shipment=parcel)
    except (RefusedOutside, NotDone, Unclear) as error:
        return type(error)
    return None


CHECKS: tuple[Check, ...] = (
    an_order_that_changed_is_among_the_changes,
    many_changes_come_in_pages_and_none_is_left_out,
    nothing_is_told_of_what_did_not_change,
    a_parcel_is_known_once_it_was_told,
    telling_twice_tells_the_buyer_once,
    two_parcels_of_an_order_are_two,
    a_parcel_of_no_order_is_refused,
    a_wrong_key_is_told_as_such,
    a_throttle_is_waited_for,
    whatever_goes_wrong_the_buyer_is_told_once,
)
