"""/api/checks: which checks an order passes when it comes or changes, and with which limits."""

from typing import Annotated, Any

import msgspec
from django.http import HttpRequest
from django.utils.timezone import now
from pydantic import Field

from quartermaster.api.auth import Bearer, actor
from quartermaster.api.orders.router import router
from quartermaster.api.shapes import Because, Count, Country, Sent, Shape
from quartermaster.orders.actions import steps_in_force, write_checks
from quartermaster.orders.rules.checks import CHECKS, MEANING, Step


class CheckWanted(Sent):
    """One check: whether it runs, its number, its countries."""

    name: Annotated[str, Field(json_schema_extra={"enum": sorted(CHECKS)})]
    is_on: bool = True
    limit: Count = 0
    countries: Annotated[list[Country], Field(max_length=250)] = []


class ChecksWanted(Sent):
    """All of them, in the order they run. For orders that come or change from now on."""

    because: Because
    checks: Annotated[list[CheckWanted], Field(min_length=1, max_length=100)]


class Check(Shape):
    name: str
    is_on: bool
    limit: int
    countries: list[str]
    hold: str
    meaning: str


class ChecksShown(Shape):
    version: int
    checks: list[Check]


@router.get("/checks", auth=Bearer("orders:read"), response=ChecksShown, summary="Read the checks in force")
def checks(request: HttpRequest) -> dict[str, Any]:
    """What each means, and the hold it places when an order does not pass."""
    version, steps = steps_in_force()
    told = [
        {**msgspec.to_builtins(step), "hold": CHECKS[step.name][0], "meaning": MEANING[step.name]}
        for step in steps
    ]
    return {"version": version, "checks": told}


@router.put("/checks", auth=Bearer("orders:write"), response=ChecksShown, summary="Set up the checks")
def change_checks(request: HttpRequest, wanted: ChecksWanted) -> dict[str, Any]:
    steps = tuple(
        Step(one.name, one.is_on, one.limit, tuple(country for country in one.countries if country))
        for one in wanted.checks
    )
    write_checks(steps, because=wanted.because, at=now(), by=actor(request))
    return checks(request)
