"""The conformance suite of shops that are told what their listings say: titles, barcodes, weights.

Each check is a function of a stand and raises AssertionError. Against a sandbox or a simulator, run them one
test each, as tests/channels/test_contents_suite.py does.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

from quartermaster.channels.ports import Content, ContentField, Contents, Listing, Taken
from quartermaster.core.outside import Account, AuthExpired, NotDone, RefusedOutside, Throttled, Unclear
from quartermaster.testing.conformance.faults import FAULTS, TRIES, raised

TEXTS: Final[dict[ContentField, tuple[str, str]]] = {
    "title": ("Lamp “Ærø”, brass & oak", "Lamp"),
    "barcode": ("4006381333931", "5901234123457"),
    "weight_g": ("1250", "80"),
}


class Stand(NamedTuple):
    """A shop, an account of its sandbox, and what happens there.

    `offer(code)` puts something up for sale that has its title for itself: the listing's name. `gone`: the
    name of something it does not sell. `says(name, field)`: what stands there in truth. `writes()`: rows
    written there so far. `settle()`: what was only accepted becomes so. `shared(code)`: the name of a listing
    whose title others have, too; None where there is no such thing. `misbehave(field, fault)`: the next call
    that writes such a field goes wrong like that; None where it cannot be made to (a sandbox).
    """

    contents: Contents
    account: Account
    offer: Callable[[str], str]
    gone: str
    says: Callable[[str, ContentField], str]
    writes: Callable[[], int]
    settle: Callable[[], None] = lambda: None
    shared: Callable[[str], str] | None = None
    misbehave: Callable[[ContentField, str], None] | None = None


type Check = Callable[[Stand], None]


def set_content(stand: Stand, *contents: Content, key: str = "C-1") -> tuple[Taken, ...]:
    """A write, once it has become so."""
    taken = stand.contents.set_content(account=stand.account, contents=contents, key=key)
    assert [row.listing for row in taken] == [one.listing for one in contents], "one answer for each row"
    stand.settle()
    return taken


def states(*taken: Taken) -> list[str]:
    """taken and accepted are one here: a shop does one or the other."""
    return ["done" if row.state in ("taken", "accepted") else row.state for row in taken]


def read(listing: Listing, field: ContentField) -> str:
    if field == "weight_g":
        return "" if listing.weight_g is None else str(listing.weight_g)
    return listing.title if field == "title" else listing.barcode


def _look(stand: Stand, name: str) -> Listing:
    (found,) = stand.contents.listed(account=stand.account, names=[name])
    return found


def a_listing_says_what_it_was_told(stand: Stand) -> None:
    assert stand.contents.content_fields, "a shop that takes nothing does not offer this"
    for field in stand.contents.content_fields:
        name = stand.offer(f"LAMP-{field}")
        for text in TEXTS[field]:
            assert states(*set_content(stand, Content(name, field, text), key=text)) == ["done"], field
            assert stand.says(name, field) == text
            assert read(_look(stand, name), field) == text, "it is read back as it was written"


def nothing_else_of_it_changes(stand: Stand) -> None:
    name, other = stand.offer("LAMP"), stand.offer("BULB")
    for field in stand.contents.content_fields:
        before, beside = _look(stand, name), _look(stand, other)
        set_content(stand, Content(name, field, TEXTS[field][0]), key=field)
        after = _look(stand, name)
        assert {one for one in Listing.__struct_fields__ if getattr(before, one) != getattr(after, one)} <= {
            field
        }
        assert _look(stand, other) == beside


def the_same_again_changes_nothing(stand: Stand) -> None:
    for field in stand.contents.content_fields:
        row = Content(stand.offer(f"LAMP-{field}"), field, TEXTS[field][0])
        for _ in range(2):
            assert states(*set_content(stand, row)) == ["done"]
            assert stand.says(row.listing, field) == row.text


def a_bad_row_harms_no_other(stand: Stand) -> None:
    for field in stand.contents.content_fields:
        one, other = stand.offer(f"LAMP-{field}"), stand.offer(f"BULB-{field}")
        first, second = TEXTS[field]
        rows = (Content(one, field, first), Content(stand.gone, field, "3"), Content(other, field, second))
        assert states(*set_content(stand, *rows, key=field)) == ["done", "missing", "done"]
        assert (stand.says(one, field), stand.says(other, field)) == (first, second)


def what_other_listings_share_is_not_told_for_one_of_them(stand: Stand) -> None:
    if stand.shared is None or "title" not in stand.contents.content_fields:
        return
    name = stand.shared("LAMP-RED")
    before = stand.says(name, "title")
    (row,) = set_content(stand, Content(name, "title", "Red lamp"))
    assert (row.state, bool(row.because)) == ("refused", True)
    assert stand.says(name, "title") == before


def what_time_is_up_for_is_surely_not_done(stand: Stand) -> None:
    most = min(stand.contents.rows_max, 30)
    names = [stand.offer(f"LAMP-{n}") for n in range(most)]
    before = {name: stand.says(name, "title") for name in names}
    taken = set_content(stand, *(Content(name, "title", f"Lamp {n}") for n, name in enumerate(names)))
    assert "done" in states(*taken), "a write gets on"
    for n, row in enumerate(taken):
        is_later = row.state == "later"
        assert stand.says(row.listing, "title") == (before[row.listing] if is_later else f"Lamp {n}")


def a_wrong_key_and_a_throttle_are_told_as_such(stand: Stand) -> None:
    if stand.misbehave is None:
        return
    for field in stand.contents.content_fields:
        row = Content(stand.offer(f"LAMP-{field}"), field, TEXTS[field][0])
        for fault, error in (("401", AuthExpired), ("429", Throttled)):
            stand.misbehave(field, fault)
            assert raised(lambda row=row: set_content(stand, row)) is error  # type: ignore[misc]


def whatever_goes_wrong_it_is_written_once(stand: Stand) -> None:
    if stand.misbehave is None:
        return
    for field in stand.contents.content_fields:
        for fault in FAULTS:
            row = Content(stand.offer(f"{field}-{fault}"), field, _own(field, fault))
            before = stand.writes()
            stand.misbehave(field, fault)
            assert _until_written(stand, row), (field, fault)
            assert stand.says(row.listing, field) == row.text, (field, fault)
            assert stand.writes() == before + 1, (field, fault)


def _own(field: ContentField, fault: str) -> str:
    """A text of its own for each fault: two things never have one barcode."""
    n = FAULTS.index(fault)
    own = {"title": f"Lamp {fault}", "barcode": str(4_006_381_000_000 + n), "weight_g": str(900 + n)}
    return own[field]


def _until_written(stand: Stand, row: Content) -> bool:
    """As the pusher does it: what is unclear is read back, what surely was not done is sent again."""
    for n in range(TRIES):
        try:
            (taken,) = set_content(stand, row, key=f"C-{n}")
        except NotDone:
            continue
        except Unclear:
            stand.settle()
        except RefusedOutside:
            return False
        else:
            if states(taken) == ["refused"] or taken.state == "missing":
                return False
        if read(_look(stand, row.listing), row.field) == row.text:
            return True
    return False


CHECKS: tuple[Check, ...] = (
    a_listing_says_what_it_was_told,
    nothing_else_of_it_changes,
    the_same_again_changes_nothing,
    a_bad_row_harms_no_other,
    what_other_listings_share_is_not_told_for_one_of_them,
    what_time_is_up_for_is_surely_not_done,
    a_wrong_key_and_a_throttle_are_told_as_such,
    whatever_goes_wrong_it_is_written_once,
)
