"""What of a shop's subscriptions is missing, and whether its messages can reach us at all."""

from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlsplit

from quartermaster.channels.ports import Hook

_HERE = ("127.0.0.1", "localhost", "::1")


class Found(NamedTuple):
    """Topics that are not sent to us: switched off by the shop, or with no subscription at all."""

    off: tuple[str, ...]
    missing: tuple[str, ...]


def lacking(hooks: Iterable[Hook], topics: Iterable[str], address: str) -> Found:
    """`address`: ours, or how it ends where we do not know all of it."""
    ours = [one for one in hooks if one.address == address or one.address.endswith(f"/{address}")]
    alive = {one.topic for one in ours if one.is_alive}
    asleep = {one.topic for one in ours} - alive
    wanted = set(topics)
    return Found(tuple(sorted(asleep & wanted)), tuple(sorted(wanted - alive - asleep)))


def reaches(ours: str, theirs: str) -> bool:
    """Whether a shop at `theirs` can send to `ours`: over https, or within one machine."""
    parts = urlsplit(ours)
    is_here = parts.hostname in _HERE
    return (parts.scheme == "https" and not is_here) or (is_here and urlsplit(theirs).hostname in _HERE)
