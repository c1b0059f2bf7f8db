"""What the inbox needs from an outside system to keep its messages: who signed them, and how to name them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable

from msgspec import Struct


class Verdict(StrEnum):
    GENUINE = "genuine"
    FORGED = "forged"
    UNSIGNED_PING = "unsigned_ping"  # a set-up ping that is never signed: answered kindly, kept as ignored


class Label(Struct, frozen=True):
    """How the sender names a delivery. delivery_id is "" when the sender gives none."""

    delivery_id: str
    topic: str


class KeyEnd(Struct, frozen=True):
    """What the other side told of the end of a secret, and when it said so.

    name: of the setting. value: the new secret, where it sent one; it is never shown, logged or kept
    unsealed. old_on: the day on which the one that it replaces ends.
    """

    name: str
    ends_on: date
    told_at: datetime
    value: str = ""
    old_on: date | None = None


class Webhooks(Protocol):
    """A system that posts to /in/{slug}. Headers arrive with lower-case names. Pure: no clock, no network."""

    def check(
        self,
        *,
        headers: Mapping[str, str],
        body: bytes,
        secrets: Sequence[bytes],
        settings: Mapping[str, str],
    ) -> Verdict:
        """Compare in constant time over the raw bytes with every current secret (two during a rotation)."""
        ...

    def label(self, *, headers: Mapping[str, str], path: str) -> Label:
        """Delivery id and topic from headers and the path behind the slug; never from the body."""
        ...


@runtime_checkable
class Hints(Webhooks, Protocol):
    """A system whose signatures leave the body out: whoever has seen one may send any body with it. What
    comes from it is a hint to go and ask; its own OrderSource believes nothing under the topic of its
    label."""

    @property
    def is_hint_only(self) -> bool: ...
