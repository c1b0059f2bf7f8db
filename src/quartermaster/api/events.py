"""/api/events: what happened to a subject, oldest first."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from quartermaster.api.auth import Bearer
from quartermaster.api.shapes import LIMIT_DEFAULT, After, Filter, Items, Json, Limit, Shape, Told, listed
from quartermaster.core.queries import timeline

router = Router(tags=["Events"])


class Event(Shape):
    """at: when it happened in the world; recorded_at: when we learned it. body depends on the name."""

    id: str
    name: str
    subject: str
    at: datetime
    recorded_at: datetime
    actor: str
    source: str
    body: Json


@router.get("/events", auth=Bearer("events:read"), response=Items[Event], summary="Read a timeline")
def events(
    request: HttpRequest,
    subject: Annotated[Filter, Field(min_length=1), Told("order:SO-1042, sku:LAMP, message:17 …")],
    after: After = "",
    limit: Limit = LIMIT_DEFAULT,
) -> dict[str, Any]:
    return listed(timeline(subject, after=after, limit=limit))
