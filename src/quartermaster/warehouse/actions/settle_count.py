"""The ledger follows a count; or a lead has the bin counted all over again."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.errors import Invalid, Refused
from quartermaster.core.events import emit
from quartermaster.events import CountDone, CountWanted
from quartermaster.stock.actions import Move, State, post
from quartermaster.warehouse.actions.count_rows import Task, entries, locked_task, lying
from quartermaster.warehouse.rules.counting import ADJUSTMENT, Correction, Lying, corrections
from quartermaster.warehouse.rules.judging import Difference


class NothingToApprove(Refused):
    code = "count-not-waiting"
    message = "This count waits for nobody: it is {state}, and {said} of it."
    remedy = "Look at the list of counts again."


DONE = """
update warehouse_count_task set state = 'done', settled = %(settled)s, counted = %(counted)s, over = %(over)s,
  under = %(under)s, adjusted = %(adjusted)s, moves = %(moves)s, done_at = %(at)s, done_by = %(by)s,
  value_minor = coalesce(value_minor, (select cost_minor from catalog_sku where id = sku_id) * %(units)s)
where id = %(id)s
"""
AGAIN = """
update warehouse_count_task set state = 'open', round = round + 1, counted = null, over = 0, under = 0,
  value_minor = null, because = %(because)s where id = %(id)s
"""


def settle(task: Task, counted: int, differs: Difference, *, settled: str, at: datetime, by: str) -> None:
    """Post what differs, on top of what the ledger says now: units that moved since the count stay moved.

    Units that were missing come back first, those missing still are written off; promises that cannot be
    kept are broken, their owners served again. The caller holds the lock of task and level.
    """
    here = lying(task)
    if settled == "moved":
        differs = Difference(0, 0)
    wanted = _corrections(here, differs)
    moves = _moves(task, wanted, settled)
    post(moves, by=by, at=at, breaks_reservations=True)
    adjusted = sum(_net(one) for one in wanted)
    asked = {
        "id": task.id,
        "settled": settled,
        "counted": counted,
        "over": differs.over,
        "under": differs.under,
        "units": differs.units,
        "adjusted": adjusted,
        "moves": len(moves),
        "at": at,
        "by": by,
    }
    sql.run(DONE, asked)
    fact = CountDone(
        subject=f"count:{task.id}",
        at=at,
        actor=by,
        count_task_id=task.id,
        sku=task.sku,
        place=task.place,
        counted=counted,
        difference=adjusted,
    )
    emit([fact])


def approve_count(task_id: int, *, at: datetime, by: str) -> None:
    """A lead takes the last count for the truth, whether it waits for approval or for another person's eyes.
    Approved before: nothing. Raises NotFound, NothingToApprove."""
    with transaction.atomic():
        task = locked_task(task_id)
        if task.state == "done":
            return
        said = [one for one in entries(task) if one.counted is not None]
        if not said:
            raise NothingToApprove(state=task.state, said="nobody has said anything")
        last = said[-1]
        assert last.counted is not None
        settle(task, last.counted, last.differs, settled="approved", at=at, by=by)


def count_again(task_id: int, *, because: str, at: datetime, by: str) -> None:
    """A lead believes none of the counts: everybody may count the bin anew. Raises NotFound, Invalid,
    NothingToApprove (it is settled)."""
    if not because.strip():
        raise Invalid(what="The count", errors={"because": "say why"})
    with transaction.atomic():
        task = locked_task(task_id)
        if task.state == "done":
            raise NothingToApprove(state="done", said=f"{task.counted} were counted")
        sql.run(AGAIN, {"id": task.id, "because": because.strip()})
        fact = CountWanted(
            subject=f"count:{task.id}",
            at=at,
            actor=by,
            count_task_id=task.id,
            sku=task.sku,
            place=task.place,
            because=because.strip(),
        )
        emit([fact])


def _corrections(here: Sequence[Lying], differs: Difference) -> list[Correction]:
    if not any(one.serial for one in here) and not differs.over_serials:
        units = sum(one.units for one in here)
        return corrections(here, max(0, units + differs.over - differs.under))
    there = {one.serial for one in here} - set(differs.under_serials) | set(differs.over_serials)
    return corrections(here, len(there), there)


def _net(one: Correction) -> int:
    """What a correction brings into the house."""
    return one.units * ((one.source_state is None) - (one.target_state is None))


def _moves(task: Task, wanted: Sequence[Correction], settled: str) -> list[Move]:
    return [
        Move(
            key=f"count:{task.id}:{n}",
            sku_id=task.sku_id,
            quantity=one.units,
            source=task.place if one.source_state else ADJUSTMENT,
            target=task.place if one.target_state else ADJUSTMENT,
            because=f"counted ({settled})",
            source_state=one.source_state or State.AVAILABLE,
            target_state=one.target_state or State.AVAILABLE,
            lot=one.lot,
            serial=one.serial,
            document=f"count:{task.id}",
        )
        for n, one in enumerate(wanted)
    ]
