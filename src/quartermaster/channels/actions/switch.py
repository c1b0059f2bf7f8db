"""Say whether a shop is told anything. A new connection is only read, until somebody says otherwise."""

from datetime import datetime

from django.db import transaction

from quartermaster.channels.ports import Channel
from quartermaster.channels.queries.connected import offered
from quartermaster.core import plugs, sql
from quartermaster.core.errors import Refused
from quartermaster.core.events import emit
from quartermaster.core.river import signal
from quartermaster.events import ChannelSwitched
from quartermaster.inbox.queries.connections import connection as connection_of

# Every connection that can be asked has its row: the newest are made here.
KNOWN = """
insert into channels_shop (connection_id, next_at)
select c.id, %s from inbox_connection c
join jsonb_to_recordset(%s::jsonb) as k(kind text, needs jsonb) on k.kind = c.kind
where not exists (select from channels_shop s where s.connection_id = c.id)
  and not exists (select from jsonb_array_elements_text(k.needs) n
    where not (c.settings ? n or c.secret_names ? n))
on conflict do nothing
"""
LOCK = "select mode, tells_buyers from channels_shop where connection_id = %s for update"
SAVE = "update channels_shop set mode = %s, tells_buyers = %s, next_at = %s where connection_id = %s"


class NoKey(Refused):
    code = "no-key"
    status = 422
    message = "{slug} can send, and be neither asked nor told."
    remedy = "Give its connection what it lacks of these: {needs}."


def know_shops(*, at: datetime) -> None:
    """A row for every connection that can be asked."""
    sql.run(KNOWN, (at, sql.rows(plugs.askers(Channel))))


def needs_of(kind: str) -> list[str]:
    """The settings, by their labels, without which a connection of this kind cannot be asked."""
    return [one.label for one in plugs.plug(kind).settings if one.is_to_ask]


@transaction.atomic
def switch(
    slug: str, *, mode: str | None = None, tells_buyers: bool | None = None, at: datetime, by: str
) -> None:
    """observe | live; what is not given stays. Parcels that left while a shop was only read are not told
    of later. Raises NotFound, NoChannel, NoKey."""
    connection = connection_of(slug)
    offered(connection.kind, slug)
    know_shops(at=at)
    found = sql.run(LOCK, (connection.id,))
    if not found:
        raise NoKey(slug=slug, needs=", ".join(needs_of(connection.kind)))
    ((was_mode, was_telling),) = found
    is_mode = was_mode if mode is None else mode
    is_telling = was_telling if tells_buyers is None else tells_buyers
    changed: dict[str, tuple[object, object]] = {}
    if is_mode != was_mode:
        changed["mode"] = (was_mode, is_mode)
    if is_telling != was_telling:
        changed["tells_buyers"] = (was_telling, is_telling)
    if not changed:
        return
    sql.run(SAVE, (is_mode, is_telling, at, connection.id))
    emit([ChannelSwitched(subject=f"connection:{slug}", at=at, actor=by, connection=slug, changed=changed)])
    transaction.on_commit(signal.wake)
