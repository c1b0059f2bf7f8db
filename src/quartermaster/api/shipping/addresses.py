"""/api/orders/{number}/address-check: what a carrier thinks of an address."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Router
from pydantic import Field

from quartermaster.api.auth import Bearer, actor
from quartermaster.api.shapes import Because, Code, Json, Sent, Shape
from quartermaster.core.errors import NotFound
from quartermaster.shipping import actions
from quartermaster.shipping.queries import address_policy as policies
from quartermaster.shipping.queries.verdicts import verdict

router = Router(tags=["Shipping"])
READ, WRITE = Bearer("ship:read"), Bearer("ship:write")


class AddressVerdict(Shape):
    """verdict: good, doubtful or bad. holds: the address is still the one that was checked. suggested: how
    the carrier would write it."""

    account: str
    verdict: str
    because: list[str]
    at: datetime
    holds: bool
    suggested: Json | None


class AddressPolicy(Shape):
    """countries: only orders that go there; empty: all."""

    is_on: bool
    countries: list[str]


class AddressPolicyWanted(Sent):
    is_on: bool
    countries: Annotated[list[Annotated[str, Field(min_length=2, max_length=2)]], Field(max_length=250)] = []
    because: Because


@router.get(
    "/orders/{number}/address-check", auth=READ, response=AddressVerdict, summary="Read an address's verdict"
)
def read(request: HttpRequest, number: Code) -> dict[str, Any]:
    found = verdict(number)
    if found is None:
        raise NotFound(what="verdict about the address of", which=number)
    return {**msgspec.to_builtins(found), "at": found.at}


@router.post(
    "/orders/{number}/address-check", auth=WRITE, response=AddressVerdict, summary="Check an order's address"
)
def check(request: HttpRequest, number: Code) -> dict[str, Any]:
    """Asks the first account that checks addresses, now. It blocks nothing and holds nothing."""
    actions.check_address(number, at=now(), by=actor(request))
    return read(request, number)


@router.post(
    "/orders/{number}/address-suggestion",
    auth=Bearer("orders:write"),
    response=AddressVerdict,
    summary="Take the carrier's address",
)
def take(request: HttpRequest, number: Code) -> dict[str, Any]:
    """The order goes to the address as the carrier writes it; a hold for the old one is released."""
    actions.take_suggestion(number, at=now(), by=actor(request))
    return read(request, number)


@router.get(
    "/address-policy", auth=READ, response=AddressPolicy, summary="Read whether addresses are checked"
)
def policy(request: HttpRequest) -> dict[str, Any]:
    return msgspec.structs.asdict(policies.address_policy())


@router.put("/address-policy", auth=WRITE, response=AddressPolicy, summary="Have addresses checked")
def set_policy(request: HttpRequest, wanted: AddressPolicyWanted) -> dict[str, Any]:
    """Orders that wait are asked about within a minute, each address once. An order whose address a carrier
    calls undeliverable is held as `undeliverable`."""
    asked = policies.AddressPolicy(wanted.is_on, tuple(wanted.countries))
    actions.set_address_policy(asked, because=wanted.because, at=now(), by=actor(request))
    return policy(request)
