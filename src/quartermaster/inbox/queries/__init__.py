"""Reads of the inbox. A folder: one file for messages, one for connections; import from here."""

from quartermaster.inbox.queries.connections import (
    connection,
    connections,
    credentials,
    opened,
    webhook_secrets,
)
from quartermaster.inbox.queries.heard import Heard, heard
from quartermaster.inbox.queries.messages import MessageShown, Opened, message, messages
from quartermaster.inbox.queries.replays import (
    ReplayRowShown,
    ReplayShown,
    open_replays,
    replay_of,
    replay_rows,
    replays,
)

__all__ = [
    "Heard",
    "MessageShown",
    "Opened",
    "ReplayRowShown",
    "ReplayShown",
    "connection",
    "connections",
    "credentials",
    "heard",
    "message",
    "messages",
    "open_replays",
    "opened",
    "replay_of",
    "replay_rows",
    "replays",
    "webhook_secrets",
]
