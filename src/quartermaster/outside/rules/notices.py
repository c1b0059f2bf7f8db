"""How a notice goes on: what they say of it, held against what they were told. Pure."""

from enum import StrEnum
from typing import Final, NamedTuple

from quartermaster.outside.ports import Noticed
from quartermaster.outside.ports import State as Theirs


class State(StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    TOLD = "told"
    ACKNOWLEDGED = "acknowledged"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


_SAID: Final = {
    Theirs.HANDED: State.TOLD,
    Theirs.ACKNOWLEDGED: State.ACKNOWLEDGED,
    Theirs.SHIPPED: State.ACKNOWLEDGED,
    Theirs.REFUSED: State.REFUSED,
    Theirs.CANCELLED: State.WITHDRAWN,
}
_FAR: Final = (State.QUEUED, State.SENT, State.TOLD, State.ACKNOWLEDGED)


class Known(NamedTuple):
    """A notice as it stands here. told: the last revision they were told."""

    state: State
    revision: int
    told: int
    is_withdrawn: bool


def after(known: Known, said: Noticed) -> State | None:
    """What it is now; None when that says nothing new. What is said of an older revision counts for nothing
    but that one; an acknowledgement is not taken back by a repeated "told"."""
    spoken_of = said.revision or known.revision
    if spoken_of != known.revision:
        return None
    state = _SAID[said.state]
    if known.state is State.WITHDRAWN or state is known.state:
        return None
    if known.is_withdrawn and state in (State.ACKNOWLEDGED, State.REFUSED):
        return None  # said of what they were told before
    if known.state in _FAR and state in _FAR and _FAR.index(state) < _FAR.index(known.state):
        return None
    return state


class Differs(NamedTuple):
    """Units of a SKU: announced, and told as received so far."""

    sku: str
    announced: int
    received: int

    @property
    def over(self) -> int:
        """Negative: short."""
        return self.received - self.announced


def compared(announced: dict[str, int], received: dict[str, int]) -> list[Differs]:
    """Every SKU of either, by its code."""
    return [
        Differs(sku, announced.get(sku, 0), received.get(sku, 0)) for sku in sorted({*announced, *received})
    ]
