"""/api/outbox: what we asked the outside to do, and what became of it."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router

from quartermaster.api.auth import Bearer
from quartermaster.api.shapes import LIMIT_DEFAULT, After, Items, Limit, Shape, listed
from quartermaster.core.queries import wishes

router = Router(tags=["Outbox"])
State = Literal["queued", "sent", "confirmed", "refused", "unknown"]


class Wish(Shape):
    """unknown: asked, no clear answer; settled by asking the other side, never by guessing."""

    id: str
    key: str
    task: str
    subject: str
    state: State
    attempts: int
    due_at: datetime
    because: str
    created_at: datetime
    settled_at: datetime | None


@router.get("/outbox", auth=Bearer("events:read"), response=Items[Wish], summary="List the outbox")
def outbox(
    request: HttpRequest,
    state: State | None = None,
    after: After = "",
    limit: Limit = LIMIT_DEFAULT,
) -> dict[str, Any]:
    """Newest first."""
    return listed(wishes(state=state or "", after=after, limit=limit))
