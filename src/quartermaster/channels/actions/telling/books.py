"""What shops answered to what they were sent, or had when they were looked at, kept row by row."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol

from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.errors import Refused
from quartermaster.core.events import Event, emit
from quartermaster.core.outside import next_try, retry_at
from quartermaster.core.river import signal

WELL = "update {shops} set {of}_failures = 0, {of}_because = '', {of}_at = %s where shop_id = %s"
TROUBLE = """
update {shops} set {of}_failures = {of}_failures + 1, {of}_because = %s
where shop_id = %s returning {of}_failures
"""
WAIT = "update {shops} set {of}_at = %s where shop_id = %s"
EVERY, WAIT_MAX = timedelta(seconds=5), timedelta(minutes=15)
KEPT = ("refused", "stuck")


class Answered(Protocol):
    """What a shop said about a row, or what it was seen to have of it."""

    @property
    def id(self) -> int: ...


class Written(Protocol):
    """What is written of a row then."""

    @property
    def id(self) -> int: ...
    @property
    def state(self) -> str: ...
    @property
    def is_gone(self) -> bool: ...


class Books[R: Answered, A: Answered, N: Written](NamedTuple):
    """Where answers of a kind are kept: statements, what follows from an answer, and the events of it.

    shops: the table that keeps how long a shop is left alone, in its columns {of}_failures, {of}_because
    and {of}_at. lock: the fields of a row and the listing's name, locked in one order, so that two batches
    of a shop never wait for each other. row: of those fields. settle: None: nothing changes. told: the event
    of a row that is in one of the states `tells` now, from what all of them say (as fields), the row, its
    answer and what is written of it. history: where answers are kept beside the row; gone: of rows that are
    gone, where `write` does not say so itself.
    """

    shops: str
    of: str
    lock: str
    write: str
    back: str
    row: Callable[..., R]
    settle: Callable[[R, A, datetime], N | None]
    told: Callable[[Mapping[str, Any], R, A, N], Event]
    tells: Collection[str] = KEPT
    history: str = ""
    gone: str = ""


@transaction.atomic
def keep[R: Answered, A: Answered, N: Written](
    books: Books[R, A, N], shop_id: int, slug: str, answers: Sequence[A], *, at: datetime
) -> None:
    """Row by row: one that was refused harms no other. Constant number of statements."""
    by_id = {answer.id: answer for answer in answers}
    said = {"subject": f"connection:{slug}", "at": at, "actor": "system", "connection": slug}
    changes: list[N] = []
    facts: list[Event] = []
    for *row, name in sql.run(books.lock, (sorted(by_id),)):
        held = books.row(*row)
        change = books.settle(held, by_id[held.id], at)
        if change is None:
            continue
        changes.append(change)
        if change.state in books.tells:
            facts.append(books.told({**said, "listing": name}, held, by_id[held.id], change))
    if changes:
        sql.run(books.write, {"rows": sql.rows(changes), "at": at, "shop": shop_id})
    if books.gone and (gone := [change.id for change in changes if change.is_gone]):
        sql.run(books.gone, (at, gone))
    if books.history:
        sql.run(books.history, {"rows": sql.rows(answers), "at": at})
    sql.run(WELL.format(shops=books.shops, of=books.of), (at, shop_id))
    emit(facts)
    transaction.on_commit(signal.wake)


@transaction.atomic
def give_back(
    books: Books[Any, Any, Any],
    shop_id: int,
    rows: str,
    trouble: Exception | None,
    *,
    at: datetime,
    but: Sequence[int] = (),
) -> None:
    """Rows that were surely not written are due again; a shop that failed is left alone for a while, longer
    each time. `but`: ids that stay in hand. Meanwhile newer values take the place of older ones."""
    sql.run(books.back, {"rows": rows, "at": at, "but": list(but)})
    if trouble is None:
        return
    ((failures,),) = sql.run(TROUBLE.format(shops=books.shops, of=books.of), (words(trouble), shop_id))
    not_before = retry_at(trouble)
    next_at = next_try(at, failures=failures - 1, every=EVERY, most=WAIT_MAX, not_before=not_before)
    sql.run(WAIT.format(shops=books.shops, of=books.of), (next_at, shop_id))


def words(trouble: Exception) -> str:
    """What went wrong, for a person, and what can be done."""
    told = f"{trouble} {trouble.remedy}" if isinstance(trouble, Refused) else str(trouble)
    return told[:300] or type(trouble).__name__
