"""The conformance suite of shops whose offers are read and written: stock and prices.

Each check is a function of a stand and raises AssertionError. Against a sandbox or a simulator, run them one
test each, as tests/channels/test_goods.py does.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from quartermaster.channels.ports import Count, Listing, Listings, Price, Taken
from quartermaster.core.outside import Account, AuthExpired, NotDone, RefusedOutside, Throttled, Unclear
from quartermaster.testing.conformance.faults import FAULTS, TRIES, raised


class Shown(NamedTuple):
    """What the shop itself has of a listing, past every port."""

    quantity: int | None
    price_minor: int | None
    was_minor: int | None = None


class Stand(NamedTuple):
    """A shop, an account of its sandbox, and what happens there.

    `offer(code, quantity, price_minor)` puts something up for sale: the listing's name. `gone`: the name of
    something it does not sell. `shown(name)`: what it has of it in truth. `sell(name, units)`: buyers take
    some. `writes()`: rows written there so far. `settle()`: what was only accepted becomes so. `compares`: it
    refuses a count when it has another number than expected. `pages`: how many listings are more than a page
    of it. `price_step_minor`: its prices are whole numbers of this. `misbehave(fault)`: the next call that
    changes something goes wrong like that; None where it cannot be made to (a sandbox).
    """

    listings: Listings
    account: Account
    currency: str
    offer: Callable[[str, int, int], str]
    gone: str
    shown: Callable[[str], Shown]
    sell: Callable[[str, int], None]
    writes: Callable[[], int]
    settle: Callable[[], None] = lambda: None
    compares: bool = False
    sets_prices: bool = True
    pages: int = 230
    price_step_minor: int = 1
    misbehave: Callable[[str], None] | None = None


type Check = Callable[[Stand], None]


def everything(stand: Stand) -> list[Listing]:
    """All pages. A round ends."""
    found: list[Listing] = []
    cursor = ""
    for _ in range(1000):
        page = stand.listings.listings(account=stand.account, cursor=cursor)
        found += page.listings
        if not page.cursor:
            return found
        assert page.cursor != cursor, "the round stands still"
        cursor = page.cursor
    raise AssertionError("the round does not end")


def set_stock(stand: Stand, *counts: Count, key: str = "S-1") -> tuple[Taken, ...]:
    """A write, once it has become so."""
    taken = stand.listings.set_stock(account=stand.account, counts=counts, key=key)
    assert [row.listing for row in taken] == [count.listing for count in counts], "one answer for each row"
    stand.settle()
    return taken


def set_prices(stand: Stand, *prices: Price, key: str = "S-1") -> tuple[Taken, ...]:
    taken = stand.listings.set_prices(account=stand.account, prices=prices, key=key)
    assert [row.listing for row in taken] == [price.listing for price in prices], "one answer for each row"
    stand.settle()
    return taken


def is_done(row: Taken) -> bool:
    return row.state in ("taken", "accepted")


def states(taken: Iterable[Taken]) -> list[str]:
    """taken and accepted are one here: a shop does one or the other."""
    return ["done" if is_done(row) else row.state for row in taken]


def every_listing_is_among_the_pages_once(stand: Stand) -> None:
    names = {stand.offer(f"LAMP-{n}", n % 7, 1990) for n in range(stand.pages)}
    found = [one.name for one in everything(stand)]
    assert names - set(found) == set()
    assert len(found) == len(set(found))


def a_listing_says_what_the_shop_has(stand: Stand) -> None:
    name = stand.offer("LAMP", 5, 1990)
    (found,) = [one for one in everything(stand) if one.name == name]
    assert (found.code, found.quantity, found.is_live) == ("LAMP", 5, True)
    if found.price_minor is not None:
        assert (found.price_minor, found.currency) == (1990, stand.currency)


def listings_are_read_back_by_their_names(stand: Stand) -> None:
    names = [stand.offer(f"LAMP-{n}", n, 1990 + n) for n in range(min(5, stand.listings.rows_max))]
    found = stand.listings.listed(account=stand.account, names=names)
    assert {one.name: one.quantity for one in found} == {name: n for n, name in enumerate(names)}
    whole = {one.name: one for one in everything(stand)}
    assert all(one == whole[one.name] for one in found), "a page and a look say the same"


def what_is_gone_is_left_out_when_it_is_read_back(stand: Stand) -> None:
    name = stand.offer("LAMP", 5, 1990)
    found = stand.listings.listed(account=stand.account, names=[stand.gone, name])
    assert [one.name for one in found] == [name]
    assert stand.listings.listed(account=stand.account, names=[]) == ()


def a_count_is_what_may_be_sold_from_now_on(stand: Stand) -> None:
    name = stand.offer("LAMP", 5, 1990)
    for quantity in (7, 0, 1):
        assert states(set_stock(stand, Count(name, quantity), key=f"S-{quantity}")) == ["done"]
        assert stand.shown(name).quantity == quantity
        (found,) = stand.listings.listed(account=stand.account, names=[name])
        assert found.quantity == quantity
    assert stand.shown(name).price_minor == 1990


def the_same_count_again_changes_nothing(stand: Stand) -> None:
    name = stand.offer("LAMP", 5, 1990)
    for _ in range(2):
        assert states(set_stock(stand, Count(name, 7))) == ["done"]
        assert stand.shown(name).quantity == 7


def a_bad_row_harms_no_other(stand: Stand) -> None:
    one, other = stand.offer("LAMP", 5, 1990), stand.offer("BULB", 5, 990)
    taken = set_stock(stand, Count(one, 3), Count(stand.gone, 1), Count(other, 4))
    assert states(taken) == ["done", "missing", "done"]
    assert (stand.shown(one).quantity, stand.shown(other).quantity) == (3, 4)
    if stand.sets_prices:
        prices = (Price(name, 500, stand.currency) for name in (one, stand.gone, other))
        assert states(set_prices(stand, *prices)) == ["done", "missing", "done"]
        assert (stand.shown(one).price_minor, stand.shown(other).price_minor) == (500, 500)


def as_many_rows_as_it_says_go_in_one_write(stand: Stand) -> None:
    most = min(stand.listings.rows_max, 100)
    names = [stand.offer(f"LAMP-{n}", 1, 1990) for n in range(most)]
    counts = [Count(name, n + 2) for n, name in enumerate(names)]
    taken = {row.listing: row for row in set_stock(stand, *counts)}
    later = [count for count in counts if taken[count.listing].state == "later"]
    assert len(later) < most, "a write gets on"
    written = [count for count in counts if count not in later]
    assert all(stand.shown(count.listing).quantity == count.quantity for count in written)
    assert all(stand.shown(count.listing).quantity == 1 for count in later), "later: surely not done"
    found = stand.listings.listed(account=stand.account, names=names)
    assert {one.name for one in found} == set(names)


def a_stale_count_is_not_taken_where_it_is_compared(stand: Stand) -> None:
    name = stand.offer("LAMP", 5, 1990)
    stand.sell(name, 1)
    (row,) = set_stock(stand, Count(name, 9, expected=5))
    if stand.compares:
        assert (row.state, stand.shown(name).quantity) == ("stale", 4)
        assert row.quantity in (4, None)
        assert states(set_stock(stand, Count(name, 9, expected=4), key="S-2")) == ["done"]
    else:
        assert is_done(row)
    assert stand.shown(name).quantity == 9


def a_price_is_exact_to_the_minor_unit(stand: Stand) -> None:
    if not stand.sets_prices:
        return
    name = stand.offer("LAMP", 5, 1990)
    for steps in (1, 10, 1005, 123456789):
        price = steps * stand.price_step_minor
        assert states(set_prices(stand, Price(name, price, stand.currency), key=f"S-{price}")) == ["done"]
        assert stand.shown(name) == Shown(5, price)
        (found,) = stand.listings.listed(account=stand.account, names=[name])
        assert found.price_minor in (price, None)


def a_price_and_what_it_was_before_are_one_value(stand: Stand) -> None:
    """Both are so and are read back; a shop that has no place for it takes nothing of such a row."""
    if not stand.sets_prices:
        return
    name, step = stand.offer("LAMP", 5, 1990), stand.price_step_minor
    if not stand.listings.shows_was:
        (row,) = set_prices(stand, Price(name, 1500 * step, stand.currency, 1990 * step, sets_was=True))
        assert (row.state, bool(row.because)) == ("refused", True)
        assert stand.shown(name) == Shown(5, 1990)
        return
    for n, (price, was) in enumerate([(1500, 1990), (1400, 1800), (1700, None), (1600, 1700), (1650, 0)]):
        wanted = Price(name, price * step, stand.currency, was * step if was else None, was != 0)
        assert states(set_prices(stand, wanted, key=f"S-{n}")) == ["done"]
        (found,) = stand.listings.listed(account=stand.account, names=[name])
        assert (found.price_minor, stand.shown(name).price_minor) == (wanted.price_minor, wanted.price_minor)
        if wanted.sets_was:
            assert (found.was_minor, stand.shown(name).was_minor) == (wanted.was_minor, wanted.was_minor)


def a_lost_answer_to_both_figures_is_looked_up(stand: Stand) -> None:
    if stand.misbehave is None or not stand.sets_prices or not stand.listings.shows_was:
        return
    name, step = stand.offer("LAMP", 5, 1990), stand.price_step_minor
    for price, was in ((1500, 1990), (1700, None)):
        stand.misbehave("late")
        wanted = Price(name, price * step, stand.currency, was * step if was else None, sets_was=True)
        assert _until_written(stand, wanted, f"S-{price}")
        assert stand.shown(name) == Shown(5, wanted.price_minor, wanted.was_minor)


def a_price_in_another_currency_is_not_taken(stand: Stand) -> None:
    if not stand.sets_prices:
        return
    name = stand.offer("LAMP", 5, 1990)
    (row,) = set_prices(stand, Price(name, 990, "ISK"))
    assert row.state == "refused"
    assert row.because
    assert stand.shown(name).price_minor == 1990


def a_wrong_key_is_told_as_such(stand: Stand) -> None:
    if stand.misbehave is not None:
        count = Count(stand.offer("LAMP", 5, 1990), 7)
        stand.misbehave("401")
        assert raised(lambda: set_stock(stand, count)) is AuthExpired


def a_throttle_is_waited_for(stand: Stand) -> None:
    if stand.misbehave is not None:
        count = Count(stand.offer("LAMP", 5, 1990), 7)
        stand.misbehave("429")
        assert raised(lambda: set_stock(stand, count)) is Throttled


def whatever_goes_wrong_a_count_is_written_once(stand: Stand) -> None:
    if stand.misbehave is None:
        return
    for n, fault in enumerate(FAULTS):
        name = stand.offer(f"LAMP-{n}", 5, 1990)
        before = stand.writes()
        stand.misbehave(fault)
        assert _until_written(stand, Count(name, 40 + n), fault), fault
        assert stand.shown(name).quantity == 40 + n, fault
        assert stand.writes() == before + 1, fault


def whatever_goes_wrong_a_price_is_written_once(stand: Stand) -> None:
    if stand.misbehave is None or not stand.sets_prices:
        return
    for n, fault in enumerate(FAULTS):
        name = stand.offer(f"LAMP-{n}", 5, 1990)
        before = stand.writes()
        wanted = (700 + n) * stand.price_step_minor
        stand.misbehave(fault)
        assert _until_written(stand, Price(name, wanted, stand.currency), fault), fault
        assert stand.shown(name) == Shown(5, wanted), fault
        assert stand.writes() == before + 1, fault


def a_sale_after_a_lost_answer_is_not_overwritten(stand: Stand) -> None:
    """After an unclear answer it is read back, and what stands there is the truth."""
    if stand.misbehave is None:
        return
    name = stand.offer("LAMP", 5, 1990)
    stand.misbehave("late")
    assert raised(lambda: set_stock(stand, Count(name, 9, expected=5))) is Unclear
    stand.settle()
    stand.sell(name, 2)
    (found,) = stand.listings.listed(account=stand.account, names=[name])
    assert found.quantity == stand.shown(name).quantity == 7


def _until_written(stand: Stand, row: Count | Price, key: str) -> bool:
    """As the pusher does it: what is unclear is read back, what surely was not done is sent again."""
    for _ in range(TRIES):
        try:
            if isinstance(row, Count):
                (taken,) = set_stock(stand, row, key=key)
            else:
                (taken,) = set_prices(stand, row, key=key)
        except NotDone:
            continue
        except Unclear:
            stand.settle()
            if _is_so(stand, row):
                return True
            continue
        except RefusedOutside:
            return False
        if is_done(taken):
            return _is_so(stand, row)
        if taken.state != "later":
            return False
    return False


def _is_so(stand: Stand, row: Count | Price) -> bool:
    (found,) = stand.listings.listed(account=stand.account, names=[row.listing])
    if isinstance(row, Count):
        return found.quantity == row.quantity
    is_so = found.price_minor == row.price_minor
    return is_so and (not row.sets_was or found.was_minor == row.was_minor)


CHECKS: tuple[Check, ...] = (
    every_listing_is_among_the_pages_once,
    a_listing_says_what_the_shop_has,
    listings_are_read_back_by_their_names,
    what_is_gone_is_left_out_when_it_is_read_back,
    a_count_is_what_may_be_sold_from_now_on,
    the_same_count_again_changes_nothing,
    a_bad_row_harms_no_other,
    as_many_rows_as_it_says_go_in_one_write,
    a_stale_count_is_not_taken_where_it_is_compared,
    a_price_is_exact_to_the_minor_unit,
    a_price_and_what_it_was_before_are_one_value,
    a_lost_answer_to_both_figures_is_looked_up,
    a_price_in_another_currency_is_not_taken,
    a_wrong_key_is_told_as_such,
    a_throttle_is_waited_for,
    whatever_goes_wrong_a_count_is_written_once,
    whatever_goes_wrong_a_price_is_written_once,
    a_sale_after_a_lost_answer_is_not_overwritten,
)
