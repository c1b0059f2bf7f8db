"""What holds of what people said of exceptions. That nothing stays hidden after its moment needs no proof:
what is shown is asked for by the clock, and nothing has to be woken."""

from collections.abc import Callable

from quartermaster.core import sql
from quartermaster.core.care import SNOOZED_AT_MOST

ROWS_MAX = 100
NOBODYS = """
select c.cause, c.of, c.act, c.assignee from console_exception_care c
where c.assignee <> '' and not exists (select from auth_user u where c.assignee = 'user:' || u.id)
order by c.id limit %s
"""
TOO_LONG = """
select c.cause, c.of, c.act, c.snoozed_until from console_exception_care c
where c.answer = 'snoozed' and c.snoozed_until > c.answered_at + %s order by c.id limit %s
"""


def given_to_nobody_there_is() -> list[str]:
    return [
        f"{cause} {of} {act} is said to be {who}'s" for cause, of, act, who in sql.run(NOBODYS, (ROWS_MAX,))
    ]


def snoozed_for_too_long() -> list[str]:
    found = sql.run(TOO_LONG, (SNOOZED_AT_MOST, ROWS_MAX))
    return [f"{cause} {of} {act} is snoozed until {until}" for cause, of, act, until in found]


INVARIANTS: tuple[tuple[str, str, Callable[[], list[str]]], ...] = (
    ("exceptions.assigned", "Whoever an exception is given to exists.", given_to_nobody_there_is),
    (
        "exceptions.snoozed",
        f"Nothing is snoozed for longer than {SNOOZED_AT_MOST.days} days.",
        snoozed_for_too_long,
    ),
)
