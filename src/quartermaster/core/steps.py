"""What may happen next, as a table. What is not in the table cannot happen."""

from collections.abc import Mapping
from enum import StrEnum

from quartermaster.core.errors import Refused


class WrongStep(Refused):
    code = "wrong-step"
    message = "{event} is not possible while {state}."
    remedy = "Reload: it may have moved on. Possible now: {possible}."


class Steps[S: StrEnum, E: StrEnum]:
    """A life cycle: (state, event) -> next state. Draws buttons and diagrams too."""

    def __init__(self, table: Mapping[tuple[S, E], S]) -> None:
        self.table = dict(table)

    def after(self, state: S, event: E) -> S:
        """The state that `event` leads to; raises WrongStep when the table has no such step."""
        try:
            return self.table[state, event]
        except KeyError:
            possible = ", ".join(self.possible(state)) or "nothing"
            raise WrongStep(event=event, state=state, possible=possible) from None

    def possible(self, state: S) -> list[E]:
        return [e for (s, e) in self.table if s == state]

    def sources(self, event: E) -> list[S]:
        """The states in which `event` may happen: the WHERE of a set-based update."""
        return [s for (s, e) in self.table if e == event]
