"""What a page says after something was done, and how to take it back. Kept in a signed cookie, shown once."""

from collections.abc import Mapping

import msgspec
from django.contrib import messages
from django.http import HttpRequest


class Undo(msgspec.Struct, frozen=True):
    """The form that takes it back."""

    url: str
    fields: Mapping[str, str]


class Notice(msgspec.Struct, frozen=True):
    says: str
    undo: Undo | None = None


def tell(request: HttpRequest, says: str, *, undo: Undo | None = None) -> None:
    """Say it on the next page this person sees."""
    messages.success(request, msgspec.json.encode(Notice(says, undo)).decode())


def told(request: HttpRequest) -> list[Notice]:
    """What waits to be said; each only once."""
    return [msgspec.json.decode(str(kept), type=Notice) for kept in messages.get_messages(request)]
