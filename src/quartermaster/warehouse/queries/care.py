"""Whose something late is and what was said of it, as a part of the statements that list what is late."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

import msgspec

from quartermaster.core import sql
from quartermaster.warehouse.rules.care import LADDERS, OF_A_PARCEL, OF_A_PART

ROWS_MAX: Final = 100


class CareShown(msgspec.Struct, frozen=True):
    """assignee: user:3, "" nobody. answer: "" none. late_as: the list it was given in. counts: whether it
    still does; one that was given and counts no more has been overtaken: it got worse, or began anew."""

    assignee: str
    answer: str
    late_as: str
    note: str
    snoozed_until: datetime | None
    answered_at: datetime | None
    answered_by: str
    counts: bool


class Listed(msgspec.Struct, frozen=True):
    """How a list names its rows: which column of the care they are, their id, their rung (SQL, whole numbers
    from 1), and the moment from which they are listed."""

    column: str  # parcel_id | allocation_id
    row: str
    rank: str
    since: str
    now: str = "%(now)s"

    @property
    def counts(self) -> str:
        """Whether the answer of `c` does."""
        return (
            f"(c.answer <> '' and c.rank >= {self.rank} and c.answered_at >= {self.since}"
            f" and (c.answer = 'acknowledged' or c.snoozed_until > {self.now}::timestamptz))"
        )

    def are(self, what: str) -> str:
        """Rows whose care is so. A count is asked for each row a list comes to: a join would be planned for
        all there are."""
        of = f"c.{self.column} = {self.row}"
        return f"((select count(*) from warehouse_care c where {of} and {what}) > 0)"  # noqa: S608 - constants

    def shown(self, show: str) -> str:
        """The condition for one of rules.care.SHOWS."""
        answered = self.are(self.counts)
        taken = """exists (select from auth_user u where u.is_active and c.assignee = 'user:' || u.id)"""
        conditions = {
            "all": "true",
            "open": f"not {answered}",
            "unassigned": f"not {answered} and not {self.are(taken)}",
            "snoozed": self.are(f"{self.counts} and c.answer = 'snoozed'"),
            "acknowledged": self.are(f"{self.counts} and c.answer = 'acknowledged'"),
        }
        return conditions[show]

    @property
    def theirs(self) -> str:
        """The condition for those of %(assignee)s; "" is everybody."""
        return f"(%(assignee)s = '' or {self.are('c.assignee = %(assignee)s')})"

    def told(self) -> str:
        """The care of one row as a JSON text, null when nothing was said of it."""
        return f"""(select json_build_object('assignee', c.assignee, 'answer', c.answer, 'late_as', c.kind,
          'note', c.note, 'snoozed_until', c.snoozed_until, 'answered_at', c.answered_at,
          'answered_by', c.answered_by, 'counts', {self.counts})
        from warehouse_care c where c.{self.column} = {self.row})"""  # noqa: S608 - constants only


def parcels(kind: str, since: str, row: str = "t.parcel_id") -> Listed:
    return Listed("parcel_id", row, str(OF_A_PARCEL.index(kind) + 1), since)


def parts(kind: str, since: str, row: str = "a.id") -> Listed:
    return Listed("allocation_id", row, str(OF_A_PART.index(kind) + 1), since)


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
