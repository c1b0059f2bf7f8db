"""The hash chain of a SKU at a site: every link covers the movement and all links before it."""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

START = b""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Written(NamedTuple):
    """A movement as it stands in the ledger."""

    key: str
    sku_id: int
    quantity: int
    source_id: int
    target_id: int
    source_state: str
    target_state: str
    lot: str
    serial: str
    because: str
    document: str
    actor: str
    at: datetime
    recorded_at: datetime


class Linked(NamedTuple):
    """A link of a chain with the movement it points to; None when that is gone."""

    number: int
    hash: bytes
    movement: Written | None


def canonical(movement: Written) -> bytes:
    """The bytes that are hashed: a JSON array of the fields in order, moments as microseconds since 1970.

    Written exactly as PostgreSQL's json_build_array writes it: the database can prove a chain by itself.
    """
    *fields, at, recorded_at = movement
    return json.dumps([*fields, _micros(at), _micros(recorded_at)], ensure_ascii=False).encode()


def link(previous: bytes, movement: Written) -> bytes:
    """The hash of the next link: sha256 over the previous hash and the movement."""
    return hashlib.sha256(previous + canonical(movement)).digest()


def first_broken(links: Iterable[Linked], *, head: bytes, length: int) -> str | None:
    """Prove one chain, given in order; None when it holds, else a sentence that names the first bad link.

    `head` and `length` are what the level says of its chain.
    """
    last, number = START, 0
    for number, given in enumerate(links, 1):
        if given.number != number:
            return f"link {number} is missing"
        if given.movement is None:
            return f"link {number} points to a movement that is gone"
        if link(last, given.movement) != given.hash:
            return f"link {number} (movement {given.movement.key}) was changed"
        last = given.hash
    if number != length:
        return f"link {number + 1} is missing" if number < length else f"link {length + 1} is one too many"
    return None if last == head else f"link {number} is not the head that the level remembers"


def _micros(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)
