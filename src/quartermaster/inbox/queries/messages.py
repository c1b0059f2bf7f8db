"""Messages as people and programs look at them: lists without their bytes, one with them."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from quartermaster.core import sql
from quartermaster.core.errors import NotFound
from quartermaster.core.pages import LIMIT, Page, cut, position
from quartermaster.core.secrets import redact


class MessageShown(msgspec.Struct, frozen=True):
    """A kept message without its bytes. waits_for names what it is parked for: "order:5/4711"."""

    id: str
    connection: str
    delivery_id: str
    topic: str
    state: str
    because: str
    waits_for: str | None
    attempts: int
    size: int
    received_at: datetime
    handled_at: datetime | None


class Opened(msgspec.Struct, frozen=True):
    """A message with its headers, secrets redacted, and its bytes as they came."""

    message: MessageShown
    sha256: str
    headers: Mapping[str, str]
    body: bytes


_COLUMNS = """
m.id::text as id, c.slug as connection, m.delivery_id, m.topic, m.state, m.because, m.waits_for, m.attempts,
octet_length(m.body) as size, m.received_at, m.handled_at
"""
_CONDITIONS = {
    "connection": "m.connection_id = %(connection)s",
    "state": "m.state = %(state)s",
    "before": "m.id < %(before)s",
}
_FROM = "from inbox_message m join inbox_connection c on c.id = m.connection_id"
OPEN = f"""
select (select row_to_json(s)::text from (select {_COLUMNS}) s), encode(m.sha256, 'hex'), m.headers::text,
  m.body {_FROM} where m.id = %s
"""  # noqa: S608 - put together of constants above
_message = msgspec.json.Decoder(MessageShown)


def messages(
    *, connection: str = "", state: str = "", after: str = "", limit: int = LIMIT
) -> Page[MessageShown]:
    """Messages that meet every filter given, newest first."""
    wanted: dict[str, object] = {"state": state, "before": position(after)}
    if connection:
        known = sql.run("select id from inbox_connection where slug = %s", (connection,))
        if not known:
            return Page([], None)
        wanted["connection"] = known[0][0]
    given = [condition for name, condition in _CONDITIONS.items() if wanted.get(name) not in ("", None)]
    where = f"where {' and '.join(given)}" if given else ""
    query = (
        f"select row_to_json(s)::text from (select {_COLUMNS} {_FROM} {where} "  # noqa: S608 - constants above
        "order by m.id desc limit %(limit)s) s"
    )
    # Planned anew each time: `stuck` and `used` want different plans.
    rows = sql.run(query, {**wanted, "limit": limit + 1}, prepare=False)
    return cut([_message.decode(row[0]) for row in rows], limit, lambda message: int(message.id))


def message(message_id: int) -> Opened:
    """One message with headers and bytes. Raises NotFound."""
    for shown, sha256, headers, body in sql.run(OPEN, (message_id,)):
        told = {name: str(value) for name, value in redact(msgspec.json.decode(headers)).items()}
        return Opened(_message.decode(shown), sha256, told, bytes(body))
    raise NotFound(what="message", which=message_id)
