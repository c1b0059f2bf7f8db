"""The conformance suite of shops with a door for many rows at once.

Each check is a function of a stand and raises AssertionError. Against a sandbox or a simulator, run them one
test each, as tests/channels/test_amazon.py does.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple

from quartermaster.channels.ports import Bulk, Count, Laid, Price, Progress
from quartermaster.core.outside import (
    Account,
    AuthExpired,
    Missing,
    NotDone,
    RefusedOutside,
    Throttled,
    Unclear,
)
from quartermaster.testing.conformance.faults import FAULTS, TRIES, raised
from quartermaster.testing.conformance.goods import Shown


class Stand(NamedTuple):
    """A shop, an account of its sandbox, and what happens there.

    `what`: stock or prices, whichever it takes in bulk. `offer`, `shown` and `gone` as of a stand of goods.
    `settle()`: what is under way is worked off, and so. `die()`: what is under way ends without an answer;
    None where that cannot be. `refuse(name)`: the shop will not take the row of that listing. `begun()`:
    writes begun there, in truth. `misbehave(step, fault)`: the next call of this step (lay, begin, under_way,
    progress) goes wrong like that, of a step with several calls one or each of them; None where it cannot.
    """

    bulk: Bulk
    account: Account
    currency: str
    what: Literal["stock", "prices"]
    offer: Callable[[str, int, int], str]
    gone: str
    shown: Callable[[str], Shown]
    settle: Callable[[], None]
    refuse: Callable[[str], None]
    begun: Callable[[], int]
    die: Callable[[], None] | None = None
    misbehave: Callable[[str, str], None] | None = None


type Check = Callable[[Stand], None]
BEFORE = timedelta(minutes=5)
PRICE = 1000  # a price says as much as a count above it


def offered(stand: Stand, code: str = "LAMP") -> str:
    """Of which there are five, for 10.05."""
    return stand.offer(code, 5, PRICE + 5)


def has(stand: Stand, name: str) -> int | None:
    shown = stand.shown(name)
    if stand.what == "stock":
        return shown.quantity
    return shown.price_minor - PRICE if shown.price_minor is not None else None


def lay(stand: Stand, rows: Mapping[str, int]) -> Laid:
    if stand.what == "stock":
        counts = [Count(name, value, expected=5) for name, value in rows.items()]
        return stand.bulk.lay_stock(account=stand.account, counts=counts)
    prices = [Price(name, PRICE + value, stand.currency) for name, value in rows.items()]
    return stand.bulk.lay_prices(account=stand.account, prices=prices)


class Begun(NamedTuple):
    name: str
    mark: str


def begin(stand: Stand, rows: Mapping[str, int]) -> Begun:
    laid = lay(stand, rows)
    assert (laid.mark != "", laid.answers) == (True, ())
    return Begun(stand.bulk.begin(account=stand.account, mark=laid.mark), laid.mark)


def progress(stand: Stand, write: Begun, *rows: str) -> Progress:
    return stand.bulk.progress(account=stand.account, name=write.name, mark=write.mark, rows=rows)


def under_way(stand: Stand) -> tuple[str, ...]:
    return stand.bulk.under_way(account=stand.account, since=datetime.now(UTC) - BEFORE)


def done(told: Progress) -> dict[str, str]:
    """taken and accepted are one here: a shop does one or the other."""
    assert told.state == "over"
    return {row.listing: "done" if row.state in ("taken", "accepted") else row.state for row in told.answers}


def it_is_open_for_what_it_is_for(stand: Stand) -> None:
    assert stand.bulk.is_open(account=stand.account, what=stand.what)
    assert 0 < stand.bulk.bulk_from <= stand.bulk.bulk_max


def what_is_only_laid_out_changes_nothing(stand: Stand) -> None:
    name = offered(stand)
    lay(stand, {name: 7})
    stand.settle()
    assert has(stand, name) == 5
    assert under_way(stand) == ()


def a_write_is_worked_off_later_and_every_row_has_an_answer(stand: Stand) -> None:
    rows = {offered(stand, f"LAMP-{n}"): n for n in range(120)}
    write = begin(stand, rows)
    assert under_way(stand) == (write.name,)
    assert progress(stand, write, *rows).state == "waits"
    assert {has(stand, name) for name in rows} == {5}
    stand.settle()
    assert {name: has(stand, name) for name in rows} == rows
    assert done(progress(stand, write, *rows)) == dict.fromkeys(rows, "done")
    assert under_way(stand) == ()


def a_look_says_the_same_again_and_also_of_some_rows(stand: Stand) -> None:
    one, other = offered(stand), offered(stand, "BULB")
    write = begin(stand, {one: 3, other: 4})
    stand.settle()
    assert progress(stand, write, one, other) == progress(stand, write, one, other)
    assert done(progress(stand, write, other)) == {other: "done"}
    assert progress(stand, write).state == "over"


def a_row_that_is_refused_harms_no_other(stand: Stand) -> None:
    """It is refused, or has no answer and is read back."""
    one, other = offered(stand), offered(stand, "BULB")
    stand.refuse(one)
    write = begin(stand, {one: 3, other: 4})
    stand.settle()
    told = progress(stand, write, one, other)
    assert done(told).get(one, "refused") == "refused"
    assert done(told).get(other, "done") == "done"
    assert all(row.because for row in told.answers if row.state == "refused")
    assert (has(stand, one), has(stand, other)) == (5, 4)


def what_there_is_not_makes_nothing(stand: Stand) -> None:
    """It may be told at once, with its answer, or be found when it is read back."""
    name = offered(stand)
    laid = lay(stand, {name: 3, stand.gone: 1})
    write = Begun(stand.bulk.begin(account=stand.account, mark=laid.mark), laid.mark)
    stand.settle()
    assert has(stand, name) == 3
    assert done(progress(stand, write, name)).get(name, "done") == "done"
    assert {row.state for row in laid.answers} <= {"missing"}


def a_count_the_shop_does_not_keep_is_not_laid_out(stand: Stand) -> None:
    if stand.what == "stock":
        name = offered(stand)
        laid = stand.bulk.lay_stock(account=stand.account, counts=[Count(name, 3)])
        assert (laid.mark == "") == bool(laid.answers)
        assert {(row.listing, row.state) for row in laid.answers} <= {(name, "later")}


def a_price_goes_in_the_currency_there_and_exactly(stand: Stand) -> None:
    one, other = offered(stand), offered(stand, "BULB")
    prices = [Price(one, 123_456_789, stand.currency), Price(other, 700, "ISK")]
    laid = stand.bulk.lay_prices(account=stand.account, prices=prices)
    assert [(row.listing, row.state) for row in laid.answers] == [(other, "refused")]
    write = Begun(stand.bulk.begin(account=stand.account, mark=laid.mark), laid.mark)
    stand.settle()
    assert done(progress(stand, write, one)) == {one: "done"}
    assert (stand.shown(one), stand.shown(other)) == (Shown(5, 123_456_789), Shown(5, PRICE + 5))


def one_that_dies_says_so(stand: Stand) -> None:
    if stand.die is None:
        return
    name = offered(stand)
    write = begin(stand, {name: 7})
    stand.die()
    told = progress(stand, write, name)
    assert (told.state, told.because != "") == ("died", True)
    assert under_way(stand) == ()


def one_that_there_is_not_is_missing(stand: Stand) -> None:
    name = offered(stand)
    nothing = Begun("424242", lay(stand, {name: 7}).mark)
    assert raised(lambda: progress(stand, nothing, name)) is Missing


def what_is_stopped_in_time_is_not_worked_off(stand: Stand) -> None:
    """Where a shop cannot stop it, nothing is said, and it is worked off."""
    name = offered(stand)
    write = begin(stand, {name: 7})
    for _ in range(2):
        stand.bulk.stop(account=stand.account, name=write.name)
    told = progress(stand, write, name).state
    stand.settle()
    assert has(stand, name) == (5 if told == "died" else 7)
    stand.bulk.stop(account=stand.account, name=write.name)


def keys_and_throttles_are_told_as_such(stand: Stand) -> None:
    if stand.misbehave is None:
        return
    name = offered(stand)
    for fault, kind in (("401", AuthExpired), ("429", Throttled)):
        mark = lay(stand, {name: 7}).mark
        stand.misbehave("begin", fault)
        assert raised(lambda mark=mark: stand.bulk.begin(account=stand.account, mark=mark)) is kind  # type: ignore[misc]
        assert stand.begun() == 0


def whatever_goes_wrong_when_it_is_laid_out_nothing_is_begun(stand: Stand) -> None:
    if stand.misbehave is None:
        return
    for n, fault in enumerate([*FAULTS] * 2):  # laying out may take two calls
        name = offered(stand, f"LAMP-{n}")
        stand.misbehave("lay", fault)
        wrong = raised(lambda name=name: lay(stand, {name: 7}))  # type: ignore[misc]
        assert wrong is None or issubclass(wrong, NotDone), fault
        assert stand.begun() == 0


def whatever_goes_wrong_when_it_is_begun_a_write_that_may_be_there_is_found(stand: Stand) -> None:
    """What surely was not begun is not there. What is unclear is found as long as it is under way."""
    if stand.misbehave is None:
        return
    for n, fault in enumerate(FAULTS):
        name = offered(stand, f"LAMP-{n}")
        mark, before = lay(stand, {name: 40 + n}).mark, stand.begun()
        stand.misbehave("begin", fault)
        try:
            write = stand.bulk.begin(account=stand.account, mark=mark)
        except (NotDone, RefusedOutside):
            assert (stand.begun(), under_way(stand)) == (before, ()), fault
        except Unclear:
            assert len(under_way(stand)) == stand.begun() - before, fault
        else:
            assert under_way(stand) == (write,), fault
        is_begun = stand.begun() > before
        stand.settle()
        assert under_way(stand) == (), fault
        assert has(stand, name) == (40 + n if is_begun else 5), fault


def whatever_goes_wrong_when_it_is_looked_at_it_may_be_looked_at_again(stand: Stand) -> None:
    if stand.misbehave is None:
        return
    name = offered(stand)
    write = begin(stand, {name: 7})
    for fault in FAULTS:
        stand.misbehave("under_way", fault)
        assert _in_the_end(lambda: under_way(stand)) == (write.name,), fault
    stand.settle()
    for fault in FAULTS:
        stand.misbehave("progress", fault)
        told = _in_the_end(lambda: progress(stand, write, name))
        assert isinstance(told, Progress)
        assert done(told) == {name: "done"}, fault


def _in_the_end(ask: Callable[[], object]) -> object:
    """A question leaves nothing unclear."""
    for _ in range(TRIES):
        try:
            return ask()
        except NotDone:
            continue
    raise AssertionError("it is never answered")


CHECKS: tuple[Check, ...] = (
    it_is_open_for_what_it_is_for,
    what_is_only_laid_out_changes_nothing,
    a_write_is_worked_off_later_and_every_row_has_an_answer,
    a_look_says_the_same_again_and_also_of_some_rows,
    a_row_that_is_refused_harms_no_other,
    what_there_is_not_makes_nothing,
    a_count_the_shop_does_not_keep_is_not_laid_out,
    a_price_goes_in_the_currency_there_and_exactly,
    one_that_dies_says_so,
    one_that_there_is_not_is_missing,
    what_is_stopped_in_time_is_not_worked_off,
    keys_and_throttles_are_told_as_such,
    whatever_goes_wrong_when_it_is_laid_out_nothing_is_begun,
    whatever_goes_wrong_when_it_is_begun_a_write_that_may_be_there_is_found,
    whatever_goes_wrong_when_it_is_looked_at_it_may_be_looked_at_again,
)
