"""What Today says: the sentence above everything, from the groups that wait. Rules, no more."""

from collections.abc import Sequence
from typing import NamedTuple

from quartermaster.console.causes.cause import Group, Told, When

_CLAUSES_MAX = 3


class Task(NamedTuple):
    """A group that waits, with what is said of it. page: its own page; whose: names of who sees to it."""

    group: Group
    told: Told
    page: str = ""
    whose: tuple[str, ...] = ()

    @property
    def link(self) -> str:
        return self.told.link

    @property
    def urgency(self) -> tuple[float, int, str]:
        """Sorts the nearest deadline first, then the most money, then by name."""
        due = self.group.due_at.timestamp() if self.group.due_at else float("inf")
        return due, -max(self.group.money.values(), default=0), self.told.title


class Sentence(NamedTuple):
    """head: what is true; trouble: the worst of it, to be drawn in red; rest: what else."""

    head: str
    trouble: str
    rest: str


def sentence(open_orders: str, tasks: Sequence[Task]) -> Sentence:
    """At most three clauses, the most urgent first. open_orders: a count as it is written, "" for none."""
    head = f"{open_orders} {'order is' if open_orders == '1' else 'orders are'} open"
    if not open_orders:
        head = "No order is open"
    clauses = [task.told.clause for task in sections(tasks)[When.NOW] if task.told.clause]
    if not clauses:
        return Sentence(f"{head}, and nothing needs you now.", "", "")
    first, *others = (_in_words(clause) for clause in clauses[:_CLAUSES_MAX])
    more = len(clauses) - _CLAUSES_MAX
    if more > 0:
        others.append(f"{more} more {'thing needs' if more == 1 else 'things need'} you")
    rest = ""
    if others:
        rest = ", " + ", ".join(others[:-1]) + (", and " if others[:-1] else "and ") + others[-1]
    return Sentence(f"{head}. ", first[0].upper() + first[1:], f"{rest}.")


_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def _in_words(clause: str) -> str:
    """ "9 orders …" as "nine orders …": a sentence reads better so."""
    number, _, rest = clause.partition(" ")
    return f"{_NUMBERS[int(number) - 1]} {rest}" if len(number) == 1 and number in "123456789" else clause


def sections(tasks: Sequence[Task]) -> dict[When, list[Task]]:
    """Now, Next and Later, each by urgency."""
    return {
        when: sorted((task for task in tasks if task.told.when is when), key=lambda task: task.urgency)
        for when in When
    }
