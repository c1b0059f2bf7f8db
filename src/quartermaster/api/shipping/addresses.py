"""/api/orders/{number}/address-check: what a carrier thinks of an address."""

from datetime import datetime
from typing import Any

import msgspec
from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Router

from quartermaster.api.auth import Bearer, actor
from quartermaster.api.shapes import Code, Shape
from quartermaster.core.errors import NotFound
from quartermaster.shipping import actions
from quartermaster.shipping.queries.verdicts import verdict

router = Router(tags=["Shipping"])
READ, WRITE = Bearer("ship:read"), Bearer("ship:write")


class AddressVerdict(Shape):
    """verdict: good, doubtful or bad. holds: the address is still the one that was checked."""

    account: str
    verdict: str
    because: list[str]
    at: datetime
    holds: bool


@router.get(
    "/orders/{number}/address-check", auth=READ, response=AddressVerdict, summary="Read an address's verdict"
)
def read(request: HttpRequest, number: Code) -> dict[str, Any]:
    found = verdict(number)
    if found is None:
        raise NotFound(what="verdict about the address of", which=number)
    return msgspec.structs.asdict(found)


@router.post(
    "/orders/{number}/address-check", auth=WRITE, response=AddressVerdict, summary="Check an order's address"
)
def check(request: HttpRequest, number: Code) -> dict[str, Any]:
    """Asks the first account that checks addresses, now. It blocks nothing and holds nothing."""
    actions.check_address(number, at=now(), by=actor(request))
    return read(request, number)
