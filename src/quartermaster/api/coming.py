"""/api/outside/{site}/notices: what will come in at a site of others, and what they say of it."""

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Router
from pydantic import Field

from quartermaster.api.auth import SiteBearer, actor, comes_from_site
from quartermaster.api.shapes import LIMIT_DEFAULT, After, Because, Items, Limit, Sent, Shape, Text
from quartermaster.outside.actions import hear_notice, tell
from quartermaster.outside.ports import Noticed, State
from quartermaster.outside.queries import fetched
from quartermaster.outside.queries.fetched import Site
from quartermaster.outside.queries.notices import NoticeSeen, one_notice
from quartermaster.outside.queries.notices import fetched as find_notices

router = Router(tags=["Outside sites"])
READ, WRITE = SiteBearer("outside:read"), SiteBearer("outside:write")
OfRevision = Annotated[int, Field(ge=1, le=2**31 - 1, strict=True)]


class ComingUnits(Shape):
    """lot, serial: where they are known."""

    sku: str
    quantity: int
    lot: str
    serial: str


class ComingSeen(Shape):
    """What will come in. reference: name it in your receipts. revision: a higher one replaces what you knew
    of it. is_withdrawn: it does not come. document: the number at whoever sends it."""

    reference: str
    revision: int
    arrival: str
    kind: Literal["asn", "po", "transfer"]
    sender: str
    document: str
    expected_on: date | None
    items: list[ComingUnits]
    is_withdrawn: bool
    state: str
    number: str


class ComingAcknowledged(Sent):
    """revision: the one you have read. number: your own number for it."""

    revision: OfRevision
    number: Text = ""


class ComingRefused(Sent):
    revision: OfRevision
    because: Because


class ComingTold(Shape):
    """outcome: taken, or known: it was so already, or is of a revision that was replaced."""

    outcome: Literal["taken", "known"]
    notice: ComingSeen


@router.get(
    "/outside/{site}/notices", auth=READ, response=Items[ComingSeen], summary="Fetch what comes in at a site"
)
def notices(
    request: HttpRequest, site: str, after: After = "", limit: Limit = LIMIT_DEFAULT
) -> dict[str, Any]:
    """Everything that is expected there, the oldest first, until it was received."""
    found = find_notices(_at(request, site), after=after, limit=limit)
    return {"items": [_shown(one) for one in found.items], "next": found.next}


@router.post(
    "/outside/{site}/notices/{reference}/acknowledge",
    auth=WRITE,
    response=ComingTold,
    summary="Say that a site expects it",
)
def acknowledge_notice(
    request: HttpRequest, site: str, reference: str, wanted: ComingAcknowledged
) -> dict[str, Any]:
    said = Noticed(reference, State.ACKNOWLEDGED, wanted.revision, wanted.number)
    return _tell(request, site, said)


@router.post(
    "/outside/{site}/notices/{reference}/refuse",
    auth=WRITE,
    response=ComingTold,
    summary="Say that a site will not receive it",
)
def refuse_notice(request: HttpRequest, site: str, reference: str, wanted: ComingRefused) -> dict[str, Any]:
    """A person here is told, with your reason."""
    said = Noticed(reference, State.REFUSED, wanted.revision, because=wanted.because)
    return _tell(request, site, said)


def _tell(request: HttpRequest, code: str, said: Noticed) -> dict[str, Any]:
    site = _at(request, code)
    before = one_notice(site, said.reference)
    hear_notice(said, at=now(), by=actor(request))
    after = one_notice(site, said.reference)
    return {"outcome": "known" if after.state == before.state else "taken", "notice": _shown(after)}


def _at(request: HttpRequest, code: str) -> Site:
    site = fetched.site_of(code)
    if comes_from_site(request):
        tell.alive(site, at=now())
    return site


def _shown(one: NoticeSeen) -> dict[str, Any]:
    content = one.content
    return {
        "reference": one.reference,
        "revision": one.revision,
        "arrival": content.number,
        "kind": content.kind,
        "sender": content.sender,
        "document": content.document,
        "expected_on": content.expected_on,
        "items": content.items,
        "is_withdrawn": one.is_withdrawn,
        "state": one.state,
        "number": one.theirs,
    }
