"""What customers said: kept once, for orders that are known."""

from typing import Any

import pytest

from quartermaster.core import sql
from quartermaster.core.kept import Became, Kept
from quartermaster.support.actions.remember import remember_ratings
from quartermaster.support.rules.history import PastRating
from quartermaster.testing.past import LEARNT_AT, PLACED_AT, Past

pytestmark = pytest.mark.django_db


def remember(past: Past, *ratings: PastRating) -> list[Kept]:
    return remember_ratings(ratings, connection_id=past.id, slug=past.slug, at=LEARNT_AT)


def rating(external_id: str, score: int, **different: Any) -> PastRating:
    return PastRating(external_id=external_id, score=score, at=PLACED_AT, **different)


def test_a_rating_is_kept_once_and_can_be_corrected() -> None:
    past = Past()
    past.sold("A1")
    for score, became in ((4, Became.NEW), (4, Became.SAME), (5, Became.CHANGED)):
        assert [kept.became for kept in remember(past, rating("r1", score, order="A1"))] == [became]
    assert sql.run("select score, kind, order_id is not null from support_rating") == [(5, "csat", True)]


def test_scores_off_the_scale_and_orders_nobody_knows_are_refused() -> None:
    off, fine, lost = remember(
        Past(), rating("r1", 6), rating("r2", 10, kind="nps"), rating("r3", 3, order="no such order")
    )
    assert "from 1 to 5" in off.because
    assert fine.became is Became.NEW
    assert "there is no order" in lost.because
