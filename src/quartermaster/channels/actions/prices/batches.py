"""A change of many prices that was stopped as one: a person lets it through, or takes it back."""

from datetime import datetime

import msgspec
from django.db import transaction

from quartermaster.channels.actions.prices.own import let_far
from quartermaster.channels.actions.prices.put import figures_of, tell_list, write_rows
from quartermaster.channels.rules.prices.rows import PriceRow
from quartermaster.core import sql
from quartermaster.core.errors import Invalid, NotFound, Refused

LOCK = """
select b.list_id, k.name, k.needs_two, b.rows::text, b.counted, b.far, b.made_by from channels_price_batch b
join channels_price_list k on k.id = b.list_id where b.id = %s and b.state = 'held' for update of b, k
"""
SKUS = "select code, id from catalog_sku where code = any(%s)"
DECIDE = """
update channels_price_batch set state = %(state)s, decided_at = %(at)s, decided_by = %(by)s,
  decided_because = %(because)s where id = %(id)s
"""


class SamePerson(Refused):
    code = "same-person"
    message = "Whoever made this change does not let it through: list {name} asks for a second person."
    remedy = "Ask somebody else with the right to look at it."


@transaction.atomic
def let_batch(batch_id: int, *, because: str, at: datetime, by: str) -> int:
    """Write what was held. Where a price would be held back for nothing but how far it moves, it is let
    through: floors and limits still hold. Returns how many rows. Raises NotFound (none, or decided), Invalid,
    SamePerson."""
    list_id, name, needs_two, held, counted, far, made_by = _locked(batch_id, because)
    if needs_two and made_by == by:
        raise SamePerson(name=name)
    rows = msgspec.json.decode(held, type=list[PriceRow])
    ids = dict(sql.run(SKUS, ([row.sku for row in rows],)))
    write_rows(list_id, {ids[row.sku]: row for row in rows if row.sku in ids}, at=at, by=by)
    let_far(figures_of(list_id, sorted(ids.values()), at), because=because, at=at, by=by)
    sql.run(DECIDE, {"state": "let", "at": at, "by": by, "because": because, "id": batch_id})
    tell_list(name, "let", counted, far, because, at=at, by=by)
    return len(ids)


@transaction.atomic
def withdraw_batch(batch_id: int, *, because: str, at: datetime, by: str) -> None:
    """Nothing of it is written. Raises NotFound, Invalid."""
    _, name, _, _, counted, far, _ = _locked(batch_id, because)
    sql.run(DECIDE, {"state": "withdrawn", "at": at, "by": by, "because": because, "id": batch_id})
    tell_list(name, "withdrawn", counted, far, because, at=at, by=by)


def _locked(batch_id: int, because: str) -> tuple[int, str, bool, str, int, int, str]:
    if not because.strip():
        raise Invalid(what="The decision", errors={"because": "say why"})
    for row in sql.run(LOCK, (batch_id,)):
        return row
    raise NotFound(what="change of prices that is held", which=str(batch_id))
