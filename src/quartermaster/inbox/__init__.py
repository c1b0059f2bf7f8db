"""The inbox: every message from outside, kept raw, signed and
deduplicated before anybody tries to understand it.

Owns: connections (with their sealed credentials) and messages (bytes, headers, what became of them).
Listens to: nothing; connectors post to it. Emits: ConnectionChanged,
KeysRefused, KeysAccepted, MessageReplayed, ReplayMoved.
Never: parses a body, drops one, or answers 2xx before the bytes are durable.
"""
