"""The shops that are plugged in, each with its account."""

from typing import NamedTuple

from quartermaster.channels.ports import Account, Channel
from quartermaster.core import plugs
from quartermaster.core.errors import Refused
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
    """Raises NotFound, NoChannel; DemoStaysInside, SecretKeyChanged and SealBroken of its credentials."""
    connection = connection_of(slug)
    channel = plugs.plug(connection.kind).offer(Channel)  # type: ignore[type-abstract]  # by its protocol
    if channel is None:
        raise NoChannel(slug=slug, kind=connection.kind, kinds=", ".join(kinds()) or "none is installed")
    return Connected(Account(slug, credentials(connection)), channel)


def kinds() -> list[str]:
    """Kinds of connections that can be asked and told."""
    return [
        kind
        for kind, plug in plugs.installed().items()
        if plug.offer(Channel) is not None  # type: ignore[type-abstract]
    ]
