"""Whose something late is and what was said of it, as a part of the statements that list what is late."""

from collections.abc import Callable
from typing import Final

from quartermaster.core import sql
from quartermaster.core.care import Cared, CareTold
from quartermaster.warehouse.rules.care import LADDERS, OF_A_PARCEL, OF_A_PART

ROWS_MAX: Final = 100
LATE_AS: Final = ", 'late_as', c.kind"


class CareShown(CareTold, frozen=True):
    """late_as: the list the answer was given in."""

    late_as: str


def listed(column: str, row: str, rank: str, since: str, now: str = "%(now)s") -> Cared:
    """How a list names its rows: which column of the care they are, their id, their rung (SQL, whole numbers
    from 1), and the moment from which they are listed. An answer stands on its rung and below, for what had
    begun by then."""
    stands = f"c.rank >= {rank} and c.answered_at >= {since}"
    return Cared("warehouse_care", f"c.{column} = {row}", stands, now)


def parcels(kind: str, since: str, row: str = "t.parcel_id") -> Cared:
    return listed("parcel_id", row, str(OF_A_PARCEL.index(kind) + 1), since)


def parts(kind: str, since: str, row: str = "a.id") -> Cared:
    return listed("allocation_id", row, str(OF_A_PART.index(kind) + 1), since)


# A rung that its ladder does not have, and rows that belong to nobody there is.
RUNGS: Final = """
select case when c.parcel_id is null then 'A-' || c.allocation_id else 'P-' || c.parcel_id end,
  c.kind, c.rank from warehouse_care c
where c.answer <> '' and not exists (
  select from jsonb_to_recordset(%s::jsonb) as r(ladder text, kind text, rank int)
  where r.kind = c.kind and r.rank = c.rank
    and r.ladder = case when c.parcel_id is null then 'A' else 'P' end)
limit %s
"""
NOBODYS: Final = """
select case when c.parcel_id is null then 'A-' || c.allocation_id else 'P-' || c.parcel_id end, c.assignee
from warehouse_care c
where c.assignee <> '' and not exists (select from auth_user u where c.assignee = 'user:' || u.id) limit %s
"""


def answers_that_stand_nowhere() -> list[str]:
    rungs = [
        {"ladder": ladder, "kind": kind, "rank": nth}
        for ladder, kinds in LADDERS.items()
        for nth, kind in enumerate(kinds, 1)
    ]
    wrong = sql.run(RUNGS, (sql.rows(rungs), ROWS_MAX))
    return [
        *(f"the answer to {row} stands on {kind} as rung {rank}" for row, kind, rank in wrong),
        *(f"{row} is said to be {who}'s" for row, who in sql.run(NOBODYS, (ROWS_MAX,))),
    ]


CARE: tuple[tuple[str, str, Callable[[], list[str]]], ...] = (
    (
        "warehouse.care",
        "What was said of something late stands on a rung of its ladder, and whoever sees to it exists.",
        answers_that_stand_nowhere,
    ),
)
