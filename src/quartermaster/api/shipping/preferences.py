"""/api/shipping-rules: which services are wanted for which parcels, beyond their prices."""

from typing import Annotated, Any

import msgspec
from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Router
from pydantic import Field

from quartermaster.api.auth import Bearer, actor
from quartermaster.api.shapes import Because, Json, Money, Revision, Sent, Shape
from quartermaster.api.shipping.shapes import money
from quartermaster.core.errors import Invalid
from quartermaster.shipping.actions import write_preferences
from quartermaster.shipping.queries.preview import preview
from quartermaster.shipping.queries.tables import tables_in_force
from quartermaster.shipping.rules.preferences import PREFERENCES_MAX, Preference, problems, sentence

router = Router(tags=["Rate tables"])
READ, WRITE = Bearer("ship:read"), Bearer("ship:write")


class ShippingRule(Shape):
    """rule: as it was sent, see docs/reference/rate-tables.md. says: the same in words."""

    rule: Json
    says: str


class ShippingRules(Shape):
    version: int
    because: str
    rules: list[ShippingRule]


class RulesTried(Sent):
    """The whole list, in its order."""

    rules: Annotated[list[Json], Field(max_length=PREFERENCES_MAX)]


class ShippingRulesWanted(RulesTried):
    """version: of the tables they were made from; a newer one is not overwritten (409)."""

    because: Because
    version: Revision | None = None


class OtherChoice(Shape):
    """before, after: the services; empty where none was left."""

    parcel: str
    before: str
    after: str
    dearer_minor: int
    because: str


class RulesPreview(Shape):
    """Of the parcels decided last. optioned: so many would be asked for with another signature or insurance,
    whose prices are not known before carriers are asked."""

    parcels: int
    changes: list[OtherChoice]
    dearer: Money | None
    unserved: int
    optioned: int


@router.get("/shipping-rules", auth=READ, response=ShippingRules, summary="Read the shipping rules")
def rules(request: HttpRequest) -> dict[str, Any]:
    found = tables_in_force()
    currency = found.tables.currency
    told = [
        {"rule": msgspec.to_builtins(each), "says": sentence(each, currency)}
        for each in found.tables.preferences
    ]
    return {"version": found.tables.version, "because": found.because, "rules": told}


@router.put("/shipping-rules", auth=WRITE, response=ShippingRules, summary="Put shipping rules in force")
def change(request: HttpRequest, wanted: ShippingRulesWanted) -> dict[str, Any]:
    """A new version of the rate tables that changes nothing else. Labels that were bought stay."""
    made, at, by = _read(wanted.rules), now(), actor(request)
    write_preferences(made, because=wanted.because, version=wanted.version, at=at, by=by)
    return rules(request)


@router.post("/shipping-rules/preview", auth=READ, response=RulesPreview, summary="Try shipping rules")
def tried(request: HttpRequest, wanted: RulesTried) -> dict[str, Any]:
    """What they would have chosen for the last 100 parcels. Changes nothing."""
    found = preview(_read(wanted.rules))
    told = msgspec.structs.asdict(found)
    changes = [msgspec.structs.asdict(each) for each in found.changes]
    return {**told, "changes": changes, "dearer": money(found.dearer_minor, found.currency)}


def _read(sent: list[dict[str, Any]]) -> tuple[Preference, ...]:
    try:
        made = msgspec.convert(sent, tuple[Preference, ...])
    except msgspec.ValidationError as error:
        raise Invalid(what="The shipping rules", errors={"rules": str(error)}) from None
    wrong = {f"rule {n}": "; ".join(found) for n, each in enumerate(made, 1) if (found := [*problems(each)])}
    if wrong:
        raise Invalid(what="The shipping rules", errors=wrong)
    return made
