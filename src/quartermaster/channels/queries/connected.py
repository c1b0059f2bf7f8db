"""The shops that are plugged in, each with its account."""

from typing import Literal, NamedTuple

from quartermaster.channels.ports import Cancels, Channel
from quartermaster.core import plugs, sql
from quartermaster.core.errors import Refused
from quartermaster.core.keys import watched
from quartermaster.core.outside import Account
from quartermaster.inbox.queries.connections import connection as connection_of
from quartermaster.inbox.queries.connections import credentials


class NoChannel(Refused):
    code = "no-channel"
    status = 422
    message = "{slug} is a connection of kind {kind}, which can be neither asked nor told."
    remedy = "Choose a connection of one of these kinds: {kinds}."


class Connected(NamedTuple):
    account: Account
    channel: Channel


def channel_of(slug: str) -> Connected:
    """Raises NotFound, NoChannel; KeysAwaited, DemoStaysInside, SecretKeyChanged and SealBroken of its
    credentials."""
    connection = connection_of(slug)
    port = offered(connection.kind, slug)
    return Connected(Account(slug, credentials(connection)), watched(slug, port))


def offered(kind: str, slug: str) -> Channel:
    """What a kind of connection offers. Raises NotFound, NoChannel."""
    channel = plugs.plug(kind).offer(Channel)  # type: ignore[type-abstract]  # looked up by its protocol
    if channel is None:
        raise NoChannel(slug=slug, kind=kind, kinds=", ".join(plugs.kinds(Channel)) or "none is installed")
    return channel


def port_of[P](slug: str, port: type[P]) -> tuple[Account, P]:
    """As `channel_of`, for another port of a shop."""
    connection = connection_of(slug)
    found = plugs.plug(connection.kind).offer(port)
    if found is None:
        raise NoChannel(slug=slug, kind=connection.kind, kinds=", ".join(plugs.kinds(port)) or "none")
    return Account(slug, credentials(connection)), watched(slug, found)


LIVE = """
select c.kind from channels_shop s join inbox_connection c on c.id = s.connection_id
where c.slug = %s and s.mode = 'live'
"""


def cancels_there(slug: str) -> Literal["", "whole", "parts"]:
    """Whether a shop is told of cancellations now: of whole orders, or of parts, too. One statement."""
    for (kind,) in sql.run(LIVE, (slug,)):
        cancels = plugs.plug(kind).offer(Cancels)  # type: ignore[type-abstract]  # looked up by its protocol
        if cancels is not None:
            return "parts" if cancels.cancels_lines else "whole"
    return ""
