"""Say why an order should not count against us. It counts all the same: the marketplace decides."""

from datetime import datetime
from typing import Final

from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.errors import Invalid, NotFound
from quartermaster.core.events import emit
from quartermaster.core.texts import short
from quartermaster.events import CountContested

LOCK: Final = """
select o.id from orders_order o join marketplaces_counted c on c.order_id = o.id
where c.id = %s for no key update of o
"""
WRITE: Final = """
insert into marketplaces_contest (order_id, measure, reference, because, actor, at)
select order_id, measure, reference, %(because)s, %(by)s, %(at)s from marketplaces_counted where id = %(id)s
returning order_id, measure, reference
"""
_BECAUSE_MAX = 1000


def contest(counted_id: int, *, because: str, at: datetime, by: str) -> str:
    """Answers the number of the order. Said again it is kept again: the newest is shown. Raises NotFound,
    Invalid."""
    why = short(because.strip(), _BECAUSE_MAX)
    if not why:
        raise Invalid(what="The contest", errors={"because": "say why"})
    with transaction.atomic():
        if not sql.run(LOCK, (counted_id,)):
            raise NotFound(what="counted order", which=counted_id)
        ((order_id, measure, reference),) = sql.run(
            WRITE, {"id": counted_id, "because": why, "by": by, "at": at}
        )
        emit(
            [
                CountContested(
                    subject=f"order:SO-{order_id}",
                    at=at,
                    actor=by,
                    order_id=order_id,
                    measure=measure,
                    reference=reference,
                    because=why,
                )
            ]
        )
    return f"SO-{order_id}"
