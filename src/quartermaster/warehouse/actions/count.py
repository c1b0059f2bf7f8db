"""A person counts a bin without being told what should lie there; the ledger goes on moving meanwhile."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec
from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.errors import Invalid, Refused
from quartermaster.core.events import emit
from quartermaster.core.quantities import QUANTITY_MAX
from quartermaster.events import CountEntered
from quartermaster.warehouse.actions.count_rows import Entry, Task, entries, locked_task, lying, moved_since
from quartermaster.warehouse.actions.settle_count import settle
from quartermaster.warehouse.queries.counts import cycle
from quartermaster.warehouse.rules import judging
from quartermaster.warehouse.rules.counting import Lying
from quartermaster.warehouse.rules.cycle import Cycle
from quartermaster.warehouse.rules.judging import Book, Difference, Moved, Policy, Step, Verdict


class CountedOtherwise(Refused):
    code = "count-done"
    message = "This bin was counted already: {counted}."
    remedy = "Have it counted again, if that is wrong."


class CountedBefore(Refused):
    code = "count-by-another"
    message = "You counted this bin before, and said {counted}."
    remedy = "Leave it to another person, or let a lead decide."


class CountWaits(Refused):
    code = "count-waits"
    message = "The counts of this bin wait for the lead's word."
    remedy = "Go on with the next bin."


BEGIN = """
insert into warehouse_count_entry (task_id, round, by, started_at, ledger_id, book)
select %(task)s, %(round)s, %(by)s, %(at)s,
  coalesce((select max(id) from stock_movement where sku_id = %(sku)s), 0),
  coalesce((select sum(quantity) from stock_balance where sku_id = %(sku)s and place_id = %(place)s
    and state in ('available', 'missing')), 0)
on conflict (task_id, round, by) do update set started_at = excluded.started_at,
  ledger_id = excluded.ledger_id, book = excluded.book where warehouse_count_entry.counted is null
"""
SAID = """
update warehouse_count_entry set counted = %(counted)s, counted_at = %(counted_at)s, expected = %(expected)s,
  over = %(over)s, under = %(under)s, serials = %(serials)s::jsonb
where id = %(id)s
"""
FOLLOW = """
update warehouse_count_task set state = %(state)s, counted = %(counted)s, over = %(over)s, under = %(under)s,
  value_minor = %(value)s, currency = %(currency)s where id = %(id)s
"""


class Said(NamedTuple):
    """What a person says of a bin."""

    counted: int
    serials: Collection[str]
    at: datetime
    by: str


def start_count(task_id: int, *, at: datetime, by: str) -> None:
    """A person stands before the bin: from now on what moves there is watched. Again: begins anew. Raises
    NotFound, CountedOtherwise, CountedBefore, CountWaits."""
    with transaction.atomic():
        task = locked_task(task_id)
        _refuse_unless_open(task)
        _refuse_second(entries(task), by)
        _begin(task, at=at, by=by)


def count(
    task_id: int,
    counted: int,
    *,
    serials: Collection[str] = (),
    counted_at: datetime | None = None,
    at: datetime,
    by: str,
) -> str:
    """So many units lie in the bin of a task. Returns open, recount, approval or done: never what was
    expected.

    The number is held against the ledger of the moment it was counted (`counted_at`, default `at`), beginning
    with what it had at `start_count`. A difference above tolerance is counted again by another person; when
    two say the same it is posted, above a value only with a lead's approval. Units with serial numbers are
    counted by them (`serials`, all that lie there). The same count again does nothing. Raises NotFound,
    Invalid, CountedOtherwise, CountedBefore, CountWaits.
    """
    said = Said(counted, serials, min(counted_at or at, at), by)
    with transaction.atomic():
        task = locked_task(task_id)
        before = entries(task)
        mine = next((one for one in before if one.by == by), None)
        if mine is not None and mine.counted == counted:
            return task.state
        _refuse_unless_open(task)
        _refuse_second(before, by)
        if mine is None:
            _begin(task, at=said.at, by=by)
            mine = next(one for one in entries(task) if one.by == by)
        here = lying(task)
        _check(here, said)
        there, differs = _held_against(here, moved_since(task, mine), mine, said)
        others = {one.person: one.differs for one in before if one.counted is not None and one.person != by}
        policy = cycle()
        verdict = judging.judge(differs, there, list(others.values()), _policy(policy))
        _write(task, mine, said, there, differs)
        return _follow(task, said, differs, verdict, policy, at=at)


def _begin(task: Task, *, at: datetime, by: str) -> None:
    asked = {"task": task.id, "round": task.round, "sku": task.sku_id, "place": task.place_id}
    sql.run(BEGIN, asked | {"at": at, "by": by})


def _refuse_unless_open(task: Task) -> None:
    if task.state == "done":
        raise CountedOtherwise(counted=task.counted)
    if task.state == "approval":
        raise CountWaits


def _refuse_second(before: Sequence[Entry], by: str) -> None:
    for one in before:
        if one.by == by and one.counted is not None:
            raise CountedBefore(counted=one.counted)


def _check(here: Sequence[Lying], said: Said) -> None:
    if not 0 <= said.counted <= QUANTITY_MAX:
        raise Invalid(what="The count", errors={"counted": f"0 to {QUANTITY_MAX}"})
    has_serials = any(one.serial for one in here)
    if (said.serials or has_serials) and len(set(said.serials)) != said.counted:
        raise Invalid(what="The count", errors={"serials": "name each serial number that lies there, once"})


def _held_against(
    here: Sequence[Lying], moved: Sequence[Moved], mine: Entry, said: Said
) -> tuple[Book, Difference]:
    there = judging.book(mine.book, moved, since=mine.started_at, until=said.at)
    if not said.serials and not any(one.serial for one in here):
        return there, judging.difference(said.counted, there)
    known = {one.serial for one in here}
    for one in moved:
        if one.at > said.at:
            (known.discard if one.units > 0 else known.add)(one.serial)
    under_way = {one.serial for one in moved if mine.started_at < one.at <= said.at}
    return there, judging.difference_by_serial(said.serials, known, under_way)


def _policy(cycle: Cycle) -> Policy:
    return Policy(cycle.tolerance_units, cycle.tolerance_share, cycle.approval_minor, cycle.approval_units)


def _write(task: Task, mine: Entry, said: Said, there: Book, differs: Difference) -> None:
    serials = {
        "seen": sorted(said.serials),
        "over": differs.over_serials,
        "under": differs.under_serials,
        "is_sure": differs.is_sure,
    }
    asked = {
        "id": mine.id,
        "counted": said.counted,
        "counted_at": said.at,
        "expected": there.units,
        "over": differs.over,
        "under": differs.under,
        "serials": msgspec.json.encode(serials).decode(),
    }
    sql.run(SAID, asked)


def _follow(
    task: Task, said: Said, differs: Difference, verdict: Verdict, policy: Cycle, *, at: datetime
) -> str:
    """Carry out the verdict; returns the state of the task."""
    step, because = verdict.step, verdict.because
    is_believed = verdict.settled in ("tolerance", "twice")
    if is_believed and judging.needs_approval(differs, task.cost_minor, _policy(policy)):
        step, because = Step.APPROVAL, f"{because}; above what is adjusted without a lead"
    asked = {
        "id": task.id,
        "state": task.state if step == Step.DONE else step,
        "counted": said.counted,
        "over": differs.over,
        "under": differs.under,
        "value": None if task.cost_minor is None else differs.units * task.cost_minor,
        "currency": task.currency,
    }
    sql.run(FOLLOW, asked)
    fact = CountEntered(
        subject=f"count:{task.id}",
        at=at,
        actor=said.by,
        count_task_id=task.id,
        sku=task.sku,
        place=task.place,
        counted=said.counted,
        step=str(step),
        because=because,
    )
    emit([fact])
    if step == Step.DONE:
        settle(task, said.counted, differs, settled=verdict.settled, at=at, by=said.by)
    return str(step)
