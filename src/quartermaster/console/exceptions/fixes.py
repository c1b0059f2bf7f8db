"""One act on many rows: each row by itself, each with its own result. One bad row never fails the others."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from quartermaster.catalog.actions import NewAlias, add_aliases
from quartermaster.core.actions import retry
from quartermaster.core.errors import Refused
from quartermaster.inbox.actions import replay
from quartermaster.orders.actions import hold, release_hold


class Result(NamedTuple):
    """What became of one row. because: why not, "" when it was done."""

    act: str
    is_done: bool
    because: str = ""


def each(acts: Sequence[str], do: Callable[[str], object]) -> list[Result]:
    """`do` for every row; a refusal is that row's result, with its remedy."""
    results = []
    for act in acts:
        try:
            do(act)
        except Refused as refusal:
            results.append(Result(act, False, f"{refusal.title} {refusal.remedy}".strip()))
        else:
            results.append(Result(act, True))
    return results


def release_all(numbers: Sequence[str], *, kind: str, because: str, at: datetime, by: str) -> list[Result]:
    """Release this hold of every order."""
    return each(numbers, lambda number: release_hold(number, kind=kind, because=because, at=at, by=by))


def hold_all(numbers: Sequence[str], *, kind: str, because: str, at: datetime, by: str) -> list[Result]:
    """Place this hold on every order."""
    return each(numbers, lambda number: hold(number, kind=kind, because=because, at=at, by=by))


def replay_all(ids: Sequence[str], *, at: datetime, by: str) -> list[Result]:
    """Read every message again."""
    return each(ids, lambda message: replay([int(message)], at=at, by=by))


def retry_all(ids: Sequence[str], *, at: datetime, by: str) -> list[Result]:
    """Let every stuck step go again."""
    return each(ids, lambda delivery: retry(int(delivery), at=at, by=by))


def map_sku(connection: str, code: str, sku: str, *, at: datetime, by: str) -> None:
    """Say which SKU a channel means: all orders that waited for it go on. Raises Invalid."""
    for outcome in add_aliases([NewAlias(connection, code, sku)], at=at, by=by, source="console"):
        if outcome.refused:
            raise outcome.refused


def release_one(number: str, *, kind: str, because: str, at: datetime, by: str) -> None:
    """Release one hold of one order. Raises Refused."""
    release_hold(number, kind=kind, because=because, at=at, by=by)
