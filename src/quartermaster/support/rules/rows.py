"""Ratings as tables have them."""

from collections.abc import Mapping

from quartermaster.core.cells import Cells
from quartermaster.support.rules.history import PastRating

COLUMNS = ("review", "order", "kind", "score", "at", "comment")
REQUIRED = ("review", "score", "at")


def rating(given: Mapping[str, str]) -> tuple[PastRating | None, Mapping[str, str]]:
    """A rating, or by column what is wrong with the row."""
    cells = Cells(given)
    score, at = cells.whole("score"), cells.moment("at")
    if cells.errors or score is None or at is None:
        return None, cells.errors
    return PastRating(
        external_id=given["review"],
        order=given["order"],
        kind=given["kind"] or "csat",
        score=score,
        at=at,
        comment=given["comment"],
    ), {}
