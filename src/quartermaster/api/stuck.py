"""/api/stuck: facts that a listener could not take in, and letting them go again."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Router

from quartermaster.api.auth import Bearer, actor
from quartermaster.api.shapes import LIMIT_DEFAULT, After, Items, Limit, RowId, Shape, listed
from quartermaster.core.actions import retry as let_go
from quartermaster.core.queries import stuck as find_stuck

router = Router(tags=["Stuck"])


class Stuck(Shape):
    """waiting: later facts of the same subject that cannot pass it."""

    id: str
    listener: str
    subject: str
    event_id: str
    event: str
    attempts: int
    because: str
    since: datetime
    waiting: int


class Retried(Shape):
    id: str


@router.get("/stuck", auth=Bearer("events:read"), response=Items[Stuck], summary="List what is stuck")
def stuck(
    request: HttpRequest,
    after: After = "",
    limit: Limit = LIMIT_DEFAULT,
) -> dict[str, Any]:
    return listed(find_stuck(after=after, limit=limit))


@router.post(
    "/stuck/{stuck_id}/retry",
    auth=Bearer("events:write"),
    response={202: Retried},
    summary="Let a stuck delivery go again",
)
def retry(request: HttpRequest, stuck_id: RowId) -> Retried:
    """A worker takes it at once; if it fails again, it comes back here."""
    let_go(int(stuck_id), at=now(), by=actor(request))
    return Retried(id=stuck_id)
