"""/api/rules: the rule stack that decides which site serves an order, and the lanes that price it."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Router
from pydantic import ConfigDict, Field

from quartermaster.allocation.actions import set_lanes, write_rules
from quartermaster.allocation.actions.write_rules import Lane
from quartermaster.allocation.queries import Version, rules_in_force, rules_of
from quartermaster.allocation.queries import lanes as lanes_of
from quartermaster.allocation.rules import Rule as RuleFacts
from quartermaster.allocation.rules import describe
from quartermaster.api.auth import Bearer, actor
from quartermaster.api.shapes import Because, Code, Country, Minor, Revision, Sent, Shape, Text
from quartermaster.core.errors import Invalid
from quartermaster.core.texts import storable

router = Router(tags=["Routing rules"])
READ, WRITE = Bearer("allocation:read"), Bearer("allocation:write")
Words = Annotated[list[Text], Field(max_length=300)]


class Split(Sent):
    """When an order may go out in several parcels. A part below value_min_minor is not worth a parcel."""

    is_allowed: bool = True
    parcels_max: Annotated[int, Field(ge=1, le=100)] = 3
    value_min_minor: Minor = 0
    ships_partly: bool = True


class Rule(Sent):
    """Empty conditions match every order; all given ones must match."""

    name: Code
    countries: Words = []
    channels: Words = []
    tags: Words = []
    value_min_minor: Minor | None = None
    site_kinds: Words = []
    sites: Words = []
    filters: Words = list(RuleFacts("").filters)
    rank: Words = list(RuleFacts("").rank)
    split: Split = Split()
    otherwise: Literal["next", "park"] = "next"


class RuleRead(Rule):
    """A rule and what it says, in a sentence."""

    model_config = ConfigDict(strict=False)

    sentence: str


class RuleSet(Shape):
    version: int
    because: str
    actor: str
    made_at: datetime | None
    rules: list[RuleRead]


class RuleSetWanted(Sent):
    """The whole stack, in order. version: the one it was made from; a newer one is not overwritten (409)."""

    because: Because
    rules: Annotated[list[Rule], Field(min_length=1, max_length=100)]
    version: Revision | None = None


class LaneWanted(Sent):
    """A parcel from this site to `country` (empty: everywhere else)."""

    country: Country
    cost_minor: Minor | None = None
    currency: Annotated[str, Field(pattern="^([A-Z]{3})?$")] = ""
    days: Annotated[int, Field(ge=0, le=365)] | None = None


class Lanes(Sent):
    lanes: Annotated[list[LaneWanted], Field(max_length=300)]


@router.get("/rules", auth=READ, response=RuleSet, summary="Read the rules in force")
def rules(request: HttpRequest) -> dict[str, Any]:
    return _told(rules_in_force())


@router.get("/rules/{version}", auth=READ, response=RuleSet, summary="Read an older version")
def rules_version(request: HttpRequest, version: Revision) -> dict[str, Any]:
    return _told(rules_of(version))


@router.put("/rules", auth=WRITE, response=RuleSet, summary="Put a new version in force")
def change_rules(request: HttpRequest, wanted: RuleSetWanted) -> dict[str, Any]:
    """Waiting orders are asked again. Older versions stay: they explain older decisions."""
    made = tuple(msgspec.convert(rule.model_dump(), RuleFacts) for rule in wanted.rules)
    write_rules(made, because=wanted.because, version=wanted.version, at=now(), by=actor(request))
    return _told(rules_in_force())


@router.get("/locations/{code}/lanes", auth=READ, response=Lanes, summary="Read the lanes of a location")
def lanes(request: HttpRequest, code: str) -> dict[str, Any]:
    return {"lanes": [msgspec.structs.asdict(lane) for lane in lanes_of(storable(code))]}


@router.put("/locations/{code}/lanes", auth=WRITE, response=Lanes, summary="Set the lanes of a location")
def change_lanes(request: HttpRequest, code: str, wanted: Lanes) -> dict[str, Any]:
    """The whole list: a country that is left out has no lane of its own any more."""
    named = [lane.country for lane in wanted.lanes]
    if len(set(named)) < len(named):
        raise Invalid(what="The lanes", errors={"lanes": "one lane a country"})
    told = tuple(Lane(**lane.model_dump()) for lane in wanted.lanes)
    set_lanes(storable(code), told, at=now(), by=actor(request))
    return lanes(request, code)


def _told(found: Version) -> dict[str, Any]:
    stack = [{**msgspec.to_builtins(rule), "sentence": describe(rule)} for rule in found.rules.rules]
    return {
        "version": found.rules.version,
        "because": found.because,
        "actor": found.actor,
        "made_at": found.made_at,
        "rules": stack,
    }
