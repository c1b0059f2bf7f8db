"""What people say of something that is listed (known, later, mine), and until when that counts.

Lists that people answer for keep what was said in a table of their own, with the columns assignee, answer,
note, snoozed_until, answered_at and answered_by; in the statements here it is `c`. What an answer was given
to is theirs to say: it stands only as long as that has not got worse, and did not begin anew.
"""

from datetime import datetime, timedelta
from typing import Final

import msgspec

ROWS_MAX: Final = 200  # of one act
NOTE_MAX: Final = 500
SNOOZED_AT_MOST: Final = timedelta(days=90)
ANSWERS: Final = ("acknowledged", "snoozed", "open")
SHOWS: Final = ("all", "open", "unassigned", "snoozed", "acknowledged")


def errors_in(answer: str, note: str, until: datetime | None, at: datetime) -> dict[str, str]:
    """Field -> what is wrong with it."""
    wrong = {}
    if answer not in ANSWERS:
        wrong["answer"] = f"one of {', '.join(ANSWERS)}"
    if answer == "acknowledged" and not note.strip():
        wrong["note"] = "say what is known or done about it"
    if len(note) > NOTE_MAX:
        wrong["note"] = f"at most {NOTE_MAX} characters"
    if answer == "snoozed" and (until is None or not at < until <= at + SNOOZED_AT_MOST):
        wrong["until"] = f"a moment within the next {SNOOZED_AT_MOST.days} days"
    if answer != "snoozed" and until is not None:
        wrong["until"] = "only what is snoozed comes back at a moment"
    return wrong


class CareTold(msgspec.Struct, frozen=True):
    """assignee: user:3, "" nobody. answer: "" none. counts: whether it still does; one that was given and
    counts no more has been overtaken: its moment came, it got worse, or it began anew."""

    assignee: str
    answer: str
    note: str
    snoozed_until: datetime | None
    answered_at: datetime | None
    answered_by: str
    counts: bool


TOLD: Final = """'assignee', c.assignee, 'answer', c.answer, 'note', c.note, 'snoozed_until', c.snoozed_until,
  'answered_at', c.answered_at, 'answered_by', c.answered_by"""


class Cared(msgspec.Struct, frozen=True):
    """How a list finds what was said of its rows, in SQL. table: where it is kept; of: which row `c` of that
    is the one of the row listed; stands: whether the answer of `c` still is about what is listed."""

    table: str
    of: str
    stands: str
    now: str = "%(now)s"

    @property
    def counts(self) -> str:
        """Whether the answer of `c` does."""
        return (
            f"(c.answer <> '' and {self.stands}"
            f" and (c.answer = 'acknowledged' or c.snoozed_until > {self.now}::timestamptz))"
        )

    def are(self, what: str) -> str:
        """Rows whose care is so. A count is asked for each row a list comes to: a join would be planned for
        all there are."""
        return f"((select count(*) from {self.table} c where {self.of} and {what}) > 0)"  # noqa: S608 - constants

    def shown(self, show: str) -> str:
        """The condition for one of SHOWS."""
        answered = self.are(self.counts)
        taken = "exists (select from auth_user u where u.is_active and c.assignee = 'user:' || u.id)"
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

    def told(self, more: str = "") -> str:
        """The care of one row as a JSON text, null when nothing was said of it. more: further pairs."""
        pairs = f"{TOLD}, 'counts', {self.counts}{more}"
        return f"(select json_build_object({pairs}) from {self.table} c where {self.of})"  # noqa: S608 - constants
