"""Which site is worked by others, and on what terms."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.errors import Invalid, NotFound, Refused
from quartermaster.core.events import emit
from quartermaster.events import OutsideSiteChanged
from quartermaster.inbox.queries.connections import connection as connection_of
from quartermaster.outside.queries.connected import offered

HOURS_MAX = 24 * 31
TERMS = ("answer_hours", "ship_hours", "snapshot_hours", "settle_up_to")


class StillThere(Refused):
    code = "outside-orders-open"
    message = "{open} orders are still at {location}, over {slug}."
    remedy = "Wait until they are shipped or cancelled there, or ask them back one by one."


FIND = """
select t.connection_id, t.is_active, t.answer_hours, t.ship_hours, t.snapshot_hours, t.settle_up_to
from outside_site t where t.location_id = %s for update
"""
OPEN = """
select count(*) from outside_order where site_id = %s and state in ('queued', 'sent', 'acknowledged')
"""
SET = """
insert into outside_site (location_id, connection_id, is_active, answer_hours, ship_hours, snapshot_hours,
  settle_up_to, next_at)
values (%(location)s, %(connection)s, %(is_active)s, %(answer_hours)s, %(ship_hours)s, %(snapshot_hours)s,
  %(settle_up_to)s, %(at)s)
on conflict (location_id) do update set connection_id = excluded.connection_id,
  is_active = excluded.is_active, answer_hours = excluded.answer_hours, ship_hours = excluded.ship_hours,
  snapshot_hours = excluded.snapshot_hours, settle_up_to = excluded.settle_up_to, next_at = excluded.next_at,
  cursor = case when outside_site.connection_id = excluded.connection_id then outside_site.cursor else '' end
"""
STANDARD: Mapping[str, object] = {
    "is_active": True,
    "answer_hours": 4,
    "ship_hours": 48,
    "snapshot_hours": 24,
    "settle_up_to": None,
}


def work_outside(
    location: str, slug: str, *, is_active: bool = True, at: datetime, by: str, **terms: int | None
) -> None:
    """This site is worked by others, whom we reach over this connection; not active: by ourselves again.

    `terms` (answer_hours, ship_hours, snapshot_hours, settle_up_to) that are not given stay as they are.
    The same again does nothing. Raises NotFound, NoWarehouse, StillThere (another connection, or ourselves,
    while they have orders), Invalid.
    """
    _refuse_wrong(terms)
    connection = connection_of(slug)
    offered(connection.kind, slug)
    with transaction.atomic():
        found = sql.run("select id from stock_location where code = %s", (location,))
        if not found:
            raise NotFound(what="location", which=location)
        location_id = found[0][0]
        there = sql.run(FIND, (location_id,))
        before: dict[str, object] = (
            dict(zip(("connection", *STANDARD), there[0], strict=True)) if there else {"connection": None}
        )
        after = {**STANDARD, **before, "connection": connection.id, "is_active": is_active, **terms}
        if after == before:
            return
        ((count,),) = sql.run(OPEN, (location_id,))
        if count and (before["connection"] != connection.id or not is_active):
            raise StillThere(open=count, location=location, slug=slug)
        sql.run(SET, {**after, "location": location_id, "at": at})
        changed = {
            name: (before.get(name), value) for name, value in after.items() if before.get(name) != value
        }
        if "connection" in changed:
            changed["connection"] = (None, slug)
        emit(
            [
                OutsideSiteChanged(
                    subject=f"location:{location}", at=at, actor=by, location=location, changed=changed
                )
            ]
        )


def _refuse_wrong(terms: Mapping[str, int | None]) -> None:
    errors = {}
    for name, value in terms.items():
        if name not in TERMS:
            errors[name] = f"unknown; there are: {', '.join(TERMS)}"
        elif name == "settle_up_to":
            if value is not None and value < 0:
                errors[name] = "units from 0, or nothing"
        elif value is None or not 0 < value <= HOURS_MAX:
            errors[name] = f"hours from 1 to {HOURS_MAX}"
    if errors:
        raise Invalid(what="The site", errors=errors)
