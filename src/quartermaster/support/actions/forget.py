"""Take back ratings that an import made by mistake, in the caller's transaction."""

from collections.abc import Sequence
from typing import Final

from quartermaster.core import sql

RATINGS: Final = "delete from support_rating where id = any(%s)"
OF_ORDERS: Final = """
select distinct 'SO-' || order_id || ' has reviews of another import: withdraw that first'
from support_rating where order_id = any(%s) limit 20
"""


def forget_ratings(ids: Sequence[int]) -> list[str]:
    """Answers what stands in the way: nothing, ever."""
    sql.run(RATINGS, (list(ids),))
    return []


def ratings_of_orders(ids: Sequence[int]) -> list[str]:
    """Why these orders cannot be forgotten: reviews are there."""
    return [text for (text,) in sql.run(OF_ORDERS, (list(ids),))]
