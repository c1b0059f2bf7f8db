"""/api/locations/{code}/pick-policy: how a site picks."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Router
from pydantic import Field

from quartermaster.api.auth import Bearer, actor
from quartermaster.api.shapes import Because, Json, Sent, Shape
from quartermaster.core.errors import Invalid
from quartermaster.stock.queries.locations import location_id
from quartermaster.warehouse import actions
from quartermaster.warehouse.queries.policy import PolicyVersion, pick_policy
from quartermaster.warehouse.rules.policy import PickPolicy

router = Router(tags=["Floor"])
READ, WRITE = Bearer("floor:read"), Bearer("stock:write")
Number = Annotated[int, Field(ge=0, le=2**31 - 1)]


class PickPolicyShown(Shape):
    """policy: see docs/howto/pick-and-pack.md. version 0 is what every site starts with."""

    version: int
    because: str
    actor: str
    made_at: datetime | None
    policy: Json


class PickPolicyWanted(Sent):
    """The whole policy. version: the one it was made from; a newer one is not overwritten (409)."""

    because: Because
    policy: Json
    version: Number | None = None


@router.get(
    "/locations/{code}/pick-policy", auth=READ, response=PickPolicyShown, summary="Read how a site picks"
)
def policy(request: HttpRequest, code: str) -> dict[str, Any]:
    return _told(pick_policy(location_id(code)))


@router.put(
    "/locations/{code}/pick-policy", auth=WRITE, response=PickPolicyShown, summary="Change how a site picks"
)
def change_policy(request: HttpRequest, code: str, wanted: PickPolicyWanted) -> dict[str, Any]:
    """Lists that are made already stay as they are. Older versions stay."""
    try:
        made = msgspec.convert(wanted.policy, PickPolicy)
    except msgspec.ValidationError as error:
        raise Invalid(what="The pick policy", errors={"policy": str(error)}) from None
    return _told(
        actions.write_policy(
            code, made, because=wanted.because, version=wanted.version, at=now(), by=actor(request)
        )
    )


def _told(found: PolicyVersion) -> dict[str, Any]:
    return {
        "version": found.version,
        "because": found.because,
        "actor": found.actor,
        "made_at": found.made_at,
        "policy": msgspec.to_builtins(found.policy),
    }
