"""Idempotency keys: the same request is done once, however often it comes."""

import hashlib
import re

import msgspec

from quartermaster.core.errors import Refused

KEY_MAX = 255
KEPT_DAYS = 30
FROZEN_S = 60  # a first attempt whose process is frozen for longer is given up by the database
_KEY = re.compile(rf"[\x21-\x7e]{{1,{KEY_MAX}}}")


class KeyMissing(Refused):
    code = "idempotency-key-missing"
    status = 400
    message = "This request needs an Idempotency-Key."
    remedy = "Send the header Idempotency-Key with a new UUID, and the same one when you try again."


class KeyUnfit(Refused):
    code = "idempotency-key-unfit"
    status = 400
    message = "The Idempotency-Key cannot be used."
    remedy = f"Send 1 to {KEY_MAX} printable ASCII characters without spaces, best a UUID."


class AnsweredOtherwise(Refused):
    code = "idempotency-key-reused"
    status = 422
    message = "This Idempotency-Key was used before for another request."
    remedy = "Use a new key for a new request; repeat the same request to get its answer again."


class InFlight(Refused):
    code = "idempotency-key-in-flight"
    message = "The first request with this Idempotency-Key is still being worked on."
    remedy = "Wait a moment and send the same request again: you get its answer."


class Stored(msgspec.Struct, frozen=True):
    """An answer as it was given the first time."""

    status: int
    content_type: str
    body: bytes


def usable(key: str) -> str:
    """The key, or KeyUnfit."""
    if not _KEY.fullmatch(key):
        raise KeyUnfit
    return key


def fingerprint(method: str, path: str, body: bytes) -> bytes:
    """What makes two requests the same: method, path with query, and every byte of the body. 32 bytes."""
    digest = hashlib.sha256()
    for part in (method.encode(), path.encode("utf-8", "surrogatepass"), body):
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.digest()
