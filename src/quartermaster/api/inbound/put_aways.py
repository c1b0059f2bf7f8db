"""Put-away: what lies on the dock, where it should go, where it went; and the rules that say so."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Router
from pydantic import Field

from quartermaster.api.auth import Bearer, actor
from quartermaster.api.shapes import Because, Code, Filter, Quantity, Sent, Shape, Text
from quartermaster.inbound import actions
from quartermaster.inbound.queries.candidates import on_dock
from quartermaster.inbound.queries.rules import chain_in_force
from quartermaster.inbound.queries.suggestions import suggestion
from quartermaster.inbound.rules.put_away import Chain, Rule

router = Router(tags=["Inbound"])
READ, WRITE = Bearer("floor:read"), Bearer("floor:write")
Units = Annotated[int, Field(ge=1, le=10**12)]


class OnDock(Shape):
    sku: str
    title: str
    place: str
    lot: str
    serial: str
    units: int
    since: datetime


class PutAwayTold(Shape):
    """place "": no bin can take it. units: so many fit. against: what the rules before this one lacked."""

    place: str
    units: int
    because: str
    against: list[str]


class PutAwayWanted(Sent):
    """key: the scan's own id. because: why not where it was suggested."""

    key: Annotated[str, Field(min_length=1, max_length=120)]
    location: Code
    sku: Code
    quantity: Quantity
    place: Code
    lot: Text = ""
    serial: Text = ""
    because: Text = ""


class PutAwayDone(Shape):
    place: str
    units: int
    suggestion: PutAwayTold


class PutAwayRule(Sent):
    """value: the category or class. zone: what the bin's code begins with."""

    rule: Literal["cross_dock", "fixed_bin", "category", "velocity", "size", "same_sku", "empty", "nearest"]
    value: Text = ""
    longest_mm: Annotated[int, Field(ge=0, le=10_000_000)] = 0
    zone: Text = ""
    kinds: Annotated[list[Text], Field(max_length=10)] = []


class RulesShown(Shape):
    version: int
    segregates_lots: bool
    rules: list[dict[str, Any]]


class RulesWanted(Sent):
    """basis: the version this was made from, 0 the one we come with."""

    basis: Annotated[int, Field(ge=0)]
    because: Because
    segregates_lots: bool = True
    rules: Annotated[list[PutAwayRule], Field(min_length=1, max_length=50)]


@router.get("/dock", auth=READ, response=list[OnDock], summary="List what is to be put away")
def dock(request: HttpRequest, location: Filter) -> list[Any]:
    return on_dock(location)


@router.get("/put-aways/suggestion", auth=READ, response=PutAwayTold, summary="Ask where units should go")
def suggest(request: HttpRequest, location: Filter, sku: Filter, quantity: Units, lot: Filter = "") -> Any:
    return suggestion(location, sku, quantity, lot=lot)


@router.post("/put-aways", auth=WRITE, response=PutAwayDone, summary="Units were put away")
def put_away(request: HttpRequest, wanted: PutAwayWanted) -> Any:
    """They can be sold now, and who waits for them is served. The same key again does nothing."""
    return actions.put_away(
        wanted.location,
        wanted.sku,
        wanted.quantity,
        wanted.place,
        key=wanted.key,
        lot=wanted.lot,
        serial=wanted.serial,
        because=wanted.because,
        at=now(),
        by=actor(request),
    )


@router.get("/put-away-rules", auth=READ, response=RulesShown, summary="Read the put-away rules")
def rules(request: HttpRequest) -> RulesShown:
    return _rules()


@router.put("/put-away-rules", auth=WRITE, response=RulesShown, summary="Change the put-away rules")
def set_rules(request: HttpRequest, wanted: RulesWanted) -> RulesShown:
    links = tuple(Rule(**{**link.model_dump(), "kinds": tuple(link.kinds)}) for link in wanted.rules)
    chain = Chain(rules=links, segregates_lots=wanted.segregates_lots)
    actions.write_rules(chain, basis=wanted.basis, because=wanted.because, at=now(), by=actor(request))
    return _rules()


def _rules() -> RulesShown:
    version, chain = chain_in_force()
    links = [{name: getattr(rule, name) for name in rule.__struct_fields__} for rule in chain.rules]
    return RulesShown(version=version, segregates_lots=chain.segregates_lots, rules=links)
