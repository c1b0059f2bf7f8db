"""Look after bulk writes: lay out, begin, look how far they are, keep what was answered, let their rows go.

Each step is written down before the next is made, so that any worker goes on from there. Why an older number
never stands over a newer one: docs/why/channels.md.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction

from quartermaster.channels.actions.prices.push import MANY as PRICES
from quartermaster.channels.actions.push import MANY as STOCK
from quartermaster.channels.actions.telling import tickets
from quartermaster.channels.actions.telling.books import give_back, keep, words
from quartermaster.channels.actions.telling.doors import Door
from quartermaster.channels.actions.telling.looking import KNOWN
from quartermaster.channels.actions.telling.sending import Held
from quartermaster.channels.actions.telling.tickets import Ticket
from quartermaster.channels.ports import Laid, Progress, Taken
from quartermaster.channels.queries.bulk import Opened, bulk_kinds, opened
from quartermaster.channels.rules.bulk import (
    LEFT,
    SETTLE,
    Standing,
    Verdict,
    begins_later,
    next_look,
    sought,
)
from quartermaster.core import sql
from quartermaster.core.moment import now
from quartermaster.core.outside import Missing, NotDone, RefusedOutside, retry_at

log = logging.getLogger(__name__)
DOORS: dict[str, Door[Any]] = {"stock": STOCK, "prices": PRICES}
PART = 1000  # rows whose answers are kept at once
AGAIN = timedelta(minutes=10)  # after one that the shop did not take
BEFORE = timedelta(minutes=2)  # two clocks may differ


def see_to_bulk() -> int:
    """The chore: one step of each bulk write that is due. Returns how many."""
    offered = bulk_kinds()
    found = tickets.due(offered) if offered else []
    return sum(_step(id_) for id_ in found)


def _step(id_: int) -> int:
    ticket = tickets.take_ticket(id_)
    if ticket is None:
        return 0
    try:
        there = opened(ticket.slug)
        assert there is not None, "its kind has a door: that is how it was found"
        _STEPS[ticket.state](ticket, DOORS[ticket.what], there)
    except Exception as trouble:
        _wait(ticket, trouble)
    return 1


def _wait(ticket: Ticket, trouble: Exception) -> None:
    log.warning("%s: %s", ticket.slug, words(trouble), exc_info=_unforeseen(trouble))
    later = next_look(now(), ticket.looks)
    tickets.look_later(ticket, max(retry_at(trouble) or later, later), words(trouble))


def _unforeseen(trouble: Exception) -> Exception | None:
    return None if isinstance(trouble, KNOWN) else trouble


def _begin(ticket: Ticket, door: Door[Any], there: Opened) -> None:
    """Nothing at the shop counts yet."""
    if not sql.run(door.is_told, (ticket.shop_id,)):
        _void(ticket, door, None)
        return
    held = _newest(ticket, door, there)
    try:
        laid = door.lay(there.bulk, there.account, held) if held else Laid("")
    except Exception as trouble:  # whatever it was: nothing was begun
        log.warning("%s: %s", ticket.slug, words(trouble), exc_info=_unforeseen(trouble))
        _void(ticket, door, trouble)
        return
    told = {answer.listing: answer for answer in laid.answers}
    if not laid.mark:
        _answer(ticket, door, told, "it was not laid out")
        tickets.end(ticket, "done", "", at=now())
        return
    at = now()
    if not tickets.about_to_begin(ticket, laid.mark, until=at + there.bulk.bulk_lasts, at=at):
        return
    ticket = ticket._replace(state="beginning")
    try:
        theirs = there.bulk.begin(account=there.account, mark=laid.mark)
    except (NotDone, RefusedOutside) as trouble:
        if begins_later(now(), retry_at(trouble)):
            tickets.begin_later(ticket, max(retry_at(trouble) or at, at), words(trouble))
        else:
            _void(ticket, door, trouble)
        return
    except Exception as trouble:
        log.warning("%s: %s", ticket.slug, words(trouble), exc_info=_unforeseen(trouble))
        tickets.look_later(ticket, now() + SETTLE, words(trouble))
        return
    sent, at = [row.id for row in held if row.name not in told], now()
    tickets.begun(ticket, theirs, held=sent, next_at=next_look(at, 0), at=at)
    if answered := [row for row in held if row.name in told]:
        _keep(ticket, door, answered, told, "")


@transaction.atomic
def _newest(ticket: Ticket, door: Door[Any], there: Opened) -> list[Any]:
    """What is still in hand, with the newest values there are; the others are let go."""
    if not tickets.holds(ticket):
        return []
    sending, lease_s = door.sending, there.bulk.bulk_lasts.total_seconds()
    rows = sql.rows({"id": row.id, "turn": row.turn} for row in _held(ticket, door))
    held = [sending.held(row) for row in sorted(sql.run(sending.still, {"rows": rows, "lease": lease_s}))]
    kept = [row.id for row in held]
    give_back(sending.books, ticket.shop_id, rows, None, at=now(), but=kept)
    _let_go_but(ticket, door, kept)
    return held


def _seek(ticket: Ticket, door: Door[Any], there: Opened) -> None:
    """Whoever began it did not hear how the shop calls it, or died before that was written down."""
    assert ticket.began_at is not None, "a constraint says so"
    assert ticket.until is not None, "a constraint says so"
    try:
        names = there.bulk.under_way(account=there.account, since=ticket.began_at - BEFORE)
    except (NotDone, RefusedOutside) as trouble:
        others, because = None, words(trouble)
    else:
        others = len(set(names) - tickets.known(ticket, names))
        because = "It is not known whether it was begun."
    at = now()
    match sought(Standing(ticket.began_at, ticket.until, others), at):
        case Verdict.WAIT:
            tickets.look_later(ticket, next_look(at, ticket.looks), because)
        case Verdict.NOT_THERE:
            _answer(ticket, door, {}, "It is not known whether it was written.")
            tickets.end(ticket, "unclear", "The shop gave no clear answer when it was begun.", at=at)
        case Verdict.LET_GO:
            _leave(ticket, door, because)


def _look(ticket: Ticket, door: Door[Any], there: Opened) -> None:
    assert ticket.until is not None, "a constraint says so"
    try:
        how = _progress(ticket, there, [row.name for row in _held(ticket, door)])
        state, answers, because = how.state, how.answers, how.because
    except Missing as gone:
        state, answers, because = "died", (), str(gone)
    except (NotDone, RefusedOutside) as trouble:
        if now() < ticket.until:
            raise
        state, answers, because = "waits", (), words(trouble)
    at = now()
    if state == "waits" and at < ticket.until:
        tickets.look_later(ticket, next_look(at, ticket.looks))
    elif state == "waits":
        there.bulk.stop(account=there.account, name=ticket.theirs)
        _leave(ticket, door, because or "The shop did not work it off in time.")
    else:
        _answer(ticket, door, {one.listing: one for one in answers}, because or "no answer for this row")
        if ticket.left:  # by somebody who looked for it while it was being begun
            sql.run(door.doubt, {"ids": ticket.left, "at": at})
        tickets.end(ticket, "done" if state == "over" else "died", because, at=now())


def _progress(ticket: Ticket, there: Opened, rows: Sequence[str]) -> Progress:
    account, named = there.account, ticket.theirs
    return there.bulk.progress(account=account, name=named, mark=ticket.mark, rows=rows)


def _watch(ticket: Ticket, door: Door[Any], there: Opened) -> None:
    """What it writes now may stand over newer values: they are looked at when it is over, and at the last."""
    assert ticket.until is not None, "a constraint says so"
    _answer(ticket, door, {}, "The shop did not work it off in time.")  # those a crash has left
    at = now()
    is_over = at >= ticket.until + LEFT
    if not is_over and ticket.theirs:
        try:
            is_over = _progress(ticket, there, ()).state != "waits"
        except Missing:
            is_over = True
    if not is_over:
        tickets.look_later(ticket, next_look(at, ticket.looks), "Its listings are with others by now.")
        return
    with transaction.atomic():
        sql.run(door.doubt, {"ids": ticket.left, "at": at})
        tickets.end(ticket, "unclear", "It was over after its listings were let go.", at=at)


_STEPS = {"ready": _begin, "beginning": _seek, "open": _look, "left": _watch}


def _held(ticket: Ticket, door: Door[Any], most: int | None = None) -> list[Held]:
    found = sql.run(door.held, {"bulk": ticket.id, "most": most})
    return [door.sending.held(row) for row in found]


def _answer(ticket: Ticket, door: Door[Any], told: Mapping[str, Taken], otherwise: str) -> None:
    """In parts, each with its rows let go: whoever comes after a crash finds those that are left."""
    while part := _held(ticket, door, PART):
        with transaction.atomic():
            if not tickets.holds(ticket):
                return
            _keep(ticket, door, part, told, otherwise)


@transaction.atomic
def _keep(
    ticket: Ticket, door: Door[Any], rows: list[Any], told: Mapping[str, Taken], otherwise: str
) -> None:
    sending = door.sending
    answers = [sending.answered(row, told.get(row.name), otherwise) for row in rows]
    keep(sending.books, ticket.shop_id, ticket.slug, answers, at=now())
    sql.run(door.let_go, {"bulk": ticket.id, "ids": [row.id for row in rows]})


def _leave(ticket: Ticket, door: Door[Any], because: str) -> None:
    """Nobody waits for it any longer: its rows are looked at as they are, and once more when it is over."""
    listings, at = [row.id for row in _held(ticket, door)], now()
    if tickets.leave(ticket, listings, next_look(at, ticket.looks), because):
        left = ticket._replace(state="left")
        _answer(left, door, {}, because)
        tickets.look_later(left, next_look(now(), ticket.looks), because)


@transaction.atomic
def _void(ticket: Ticket, door: Door[Any], trouble: Exception | None) -> None:
    """Surely nothing was written: its rows go the quick way, and for a while no other is begun."""
    if not tickets.holds(ticket):
        return
    at = now()
    rows = sql.rows({"id": row.id, "turn": row.turn} for row in _held(ticket, door))
    give_back(door.sending.books, ticket.shop_id, rows, None, at=at)
    _let_go_but(ticket, door, [])
    again = max(retry_at(trouble) or at, at + AGAIN) if trouble else at
    tickets.end(ticket, "void", words(trouble) if trouble else "The shop is only read.", at=at, next_at=again)


def _let_go_but(ticket: Ticket, door: Door[Any], kept: list[int]) -> None:
    ids = {row.id for row in _held(ticket, door)} - set(kept)
    sql.run(door.let_go, {"bulk": ticket.id, "ids": sorted(ids)})
