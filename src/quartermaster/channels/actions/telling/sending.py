"""What is sent is always the newest value, and an answer counts only for whoever holds the row: a worker that
comes late can neither send nor overwrite."""

import hashlib
import logging
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, NamedTuple, Protocol

from django.db import transaction

from quartermaster.channels.actions.at_once import at_once
from quartermaster.channels.actions.telling.books import Answered, Books, give_back, keep
from quartermaster.channels.ports import Listings, Taken
from quartermaster.channels.queries.goods import kinds, listings_of, offering
from quartermaster.core import sql
from quartermaster.core.errors import Refused
from quartermaster.core.moment import now
from quartermaster.core.outside import Account, KeysAwaited, NotDone, RefusedOutside, Unclear

log = logging.getLogger(__name__)
LEASE_S = 60  # three times as long as a call may take


type TakeMany = Callable[[int, str, str], int | None]  # of a shop, its slug and kind


class Held(Protocol):
    """A row in hand, with what is sent of it."""

    @property
    def id(self) -> int: ...
    @property
    def turn(self) -> int: ...
    @property
    def version(self) -> int: ...
    @property
    def name(self) -> str: ...


class Sending[H: Held, A: Answered](NamedTuple):
    """What differs between telling shops one thing and another.

    shops: those with rows that wait, as (id, slug, kind). One that failed is told by one worker at a time:
    the others keep away until it answers. take: rows in hand, as (id, turn). still: asked right before they
    are sent; what somebody else took over meanwhile is let go, the others get the newest value there is and a
    whole lease. sent: the value, for the key of the write. port: what a shop has to offer for it: Listings,
    or what goes further.
    """

    name: str
    books: Books[Any, A, Any]
    shops: str
    take: str
    still: str
    held: Callable[[Iterable[Any]], H]
    sent: Callable[[H], str]
    write: Callable[[Any, Account, Sequence[H], str], Sequence[Taken]]
    answered: Callable[[H, Taken | None, str], A]
    port: type = Listings


def push[H: Held, A: Answered](sending: Sending[H, A], take_many: TakeMany = lambda *shop: 0) -> int:
    """A write for each shop with values that wait. `take_many`: where many wait, they are taken for a bulk
    write first: how many, or None where none is written now, because many more are about to wait. Returns
    how many rows were taken."""
    offered = kinds(sending.port)
    if not offered:
        return 0
    with transaction.atomic():
        due = sql.run(sending.shops, {"kinds": offered, "lease": LEASE_S})
    return sum(at_once([partial(_push, sending, take_many, *shop) for shop in due]))


def _push[H: Held, A: Answered](
    sending: Sending[H, A], take_many: TakeMany, shop_id: int, slug: str, kind: str
) -> int:
    many = take_many(shop_id, slug, kind)
    if many is None:
        return 0
    taken = take(sending, shop_id, listings_of(kind, slug, sending.port).rows_max)
    if taken:
        send(sending, shop_id, slug, taken)
    return many + len(taken)


def take[H: Held, A: Answered](sending: Sending[H, A], shop_id: int, most: int) -> list[tuple[int, int]]:
    """Take rows in hand: (id, turn)."""
    with transaction.atomic():
        return sql.run(sending.take, {"shop": shop_id, "most": most, "lease": LEASE_S})


def send[H: Held, A: Answered](
    sending: Sending[H, A], shop_id: int, slug: str, taken: Sequence[tuple[int, int]]
) -> None:
    """Send the newest value of what is still in hand, and keep the answers."""
    books = sending.books
    rows = sql.rows({"id": id_, "turn": turn} for id_, turn in taken)
    try:
        account, listings = offering(slug, sending.port)
    except (Refused, KeysAwaited) as trouble:
        give_back(books, shop_id, rows, trouble, at=now())
        return
    with transaction.atomic():
        found = sql.run(sending.still, {"rows": rows, "lease": LEASE_S})
    held = [sending.held(row) for row in sorted(found)]
    if len(held) < len(taken):  # left off, or held back, meanwhile: not sent, and not left behind
        give_back(books, shop_id, rows, None, at=now(), but=[row.id for row in held])
    if not held:
        return
    try:
        answers = sending.write(listings, account, held, _key(sending, slug, held))
    except (NotDone, RefusedOutside) as trouble:
        give_back(books, shop_id, rows, trouble, at=now())
    except Exception as trouble:
        if not isinstance(trouble, Unclear):
            log.warning("%s: %s", slug, trouble, exc_info=trouble)
        keep(books, shop_id, slug, [sending.answered(row, None, str(trouble)) for row in held], at=now())
    else:
        keep(books, shop_id, slug, _matched(sending, held, answers), at=now())


def _matched[H: Held, A: Answered](
    sending: Sending[H, A], held: Sequence[H], answers: Sequence[Taken]
) -> list[A]:
    """Answers by the name of their row. One without an answer of its own is not known to be done."""
    told = {answer.listing: answer for answer in answers}
    return [sending.answered(row, told.get(row.name), "no answer for this row") for row in held]


def _key[H: Held, A: Answered](sending: Sending[H, A], slug: str, held: Sequence[H]) -> str:
    """The same for the same write only: a row that is taken again is another one."""
    content = "|".join(f"{row.id}.{row.turn}.{row.version}.{sending.sent(row)}" for row in held)
    return f"{sending.name}:{slug}:{hashlib.sha256(content.encode()).hexdigest()[:32]}"
