"""Import what customers said."""

from collections.abc import Sequence
from functools import partial

from quartermaster.core.imports import Kind, PastRows, Step
from quartermaster.inbox.actions.history import History
from quartermaster.support.actions.remember import remember_ratings
from quartermaster.support.rules import rows

BATCH = 4000


class Reviews(Kind):
    """The kind of import named `reviews`."""

    columns = rows.COLUMNS
    required = rows.REQUIRED
    moments = ("at",)
    batch = BATCH
    rows_depend = False

    def __init__(self, history: History) -> None:
        self._history = history

    def steps(self, *, digest: str, name: str) -> Sequence[Step]:
        told = self._history
        remember = partial(remember_ratings, connection_id=told.connection_id, slug=told.slug, at=told.at)
        return [PastRows("rating", rows.rating, remember)]
