"""Reads of the inbox. A folder: one file for messages, one for connections; import from here."""

from quartermaster.inbox.queries.connections import (
    connection,
    connections,
    credentials,
    opened,
    webhook_secrets,
)
from quartermaster.inbox.queries.messages import MessageShown, Opened, message, messages

__all__ = [
    "MessageShown",
    "Opened",
    "connection",
    "connections",
    "credentials",
    "message",
    "messages",
    "opened",
    "webhook_secrets",
]
