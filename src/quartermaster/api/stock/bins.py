"""The bins of a site: one by one, many from a pattern, and how the hall is laid out."""

from typing import Annotated, Literal

from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Router
from pydantic import Field

from quartermaster.api.auth import Bearer, actor
from quartermaster.api.shapes import Code, Filter, Limit, Sent, Shape, Text
from quartermaster.core.texts import storable
from quartermaster.stock.actions.lay_bins import lay_bins, plan_floor
from quartermaster.stock.queries import bins as queries
from quartermaster.stock.rules.bins import BINS_MAX, LENGTH_MAX, BinWanted, Rack, of_pattern

router = Router(tags=["Stock"])
READ, WRITE = Bearer("stock:read"), Bearer("stock:write")
Kind = Literal["storage", "bulk", "pick_face", "receiving", "staging", "packing", "quarantine", "returns"]
Limited = Annotated[int, Field(ge=1, le=10**12)] | None
Size = Annotated[int, Field(ge=1, le=LENGTH_MAX)] | None
Place = Annotated[int, Field(ge=0, le=LENGTH_MAX)]
Turn = Annotated[int, Field(ge=1, le=20)]


class Bin(Shape):
    """A bin of a site. units: what lies in it. aisle and position_mm: where it stands. sku: its only one."""

    code: str
    kind: Kind
    units: int
    units_max: int | None
    volume_max_ml: int | None
    weight_max_g: int | None
    length_mm: int | None
    width_mm: int | None
    height_mm: int | None
    pick_sequence: int | None
    aisle: str | None
    aisle_x_mm: int | None
    position_mm: int | None
    side: str
    level: int | None
    sku: str | None
    is_active: bool


class BinFacts(Sent):
    """What is left out stays as it is, or is ordinary when the bin is new. null takes a limit away."""

    kind: Kind = "storage"
    units_max: Limited = None
    volume_max_ml: Limited = None
    weight_max_g: Limited = None
    length_mm: Size = None
    width_mm: Size = None
    height_mm: Size = None
    pick_sequence: Annotated[int, Field(ge=0, le=10**9)] | None = None
    sku: Code | None = None
    is_active: bool = True


class BinSent(BinFacts):
    """code: within the site, A-01-03 or ZONE/A-01-03. aisle_x_mm: where a new aisle is."""

    code: Code
    aisle: Code | None = None
    aisle_x_mm: Place | None = None
    position_mm: Place | None = None
    side: Literal["", "left", "right"] = ""
    level: Annotated[int, Field(ge=0, le=100)] | None = None


class RackSent(Sent):
    """Which range of the pattern counts aisles, bays and levels (the first is 1), and how far they are
    apart. With two sides odd bays stand left, even ones opposite."""

    aisle: Turn
    position: Turn
    level: Turn | None = None
    first_x_mm: Place = 0
    aisle_step_mm: Place = 3000
    first_y_mm: Place = 1000
    position_step_mm: Place = 1000
    two_sides: bool = True


class PatternSent(Sent):
    """pattern: A-[01-12]-[01-40] is A-01-01 to A-12-40; [A-D] are letters."""

    pattern: Annotated[str, Field(min_length=1, max_length=120)]
    like: BinFacts = BinFacts()
    rack: RackSent | None = None


class BinsMade(Shape):
    """bins: of the pattern. changed: of those, the ones that are new or different now."""

    bins: int
    changed: int
    first: str
    last: str


class Plan(Shape):
    cross_aisles_mm: list[int]
    depot_aisle: str
    depot_cross: int


class PlanSent(Sent):
    """cross_aisles_mm: from the front of the hall, ascending. Walks begin where the depot's aisle ("": the
    first) meets the depot's cross aisle (its number, from 0)."""

    cross_aisles_mm: Annotated[list[Place], Field(min_length=2, max_length=100)]
    depot_aisle: Text = ""
    depot_cross: Annotated[int, Field(ge=0, le=99)] = 0


@router.get("/locations/{code}/bins", auth=READ, response=list[Bin], summary="List bins of a location")
def bins(
    request: HttpRequest, code: str, kind: Filter = "", after: Filter = "", limit: Limit = 200
) -> list[queries.BinShown]:
    """By code; the last one's goes into `after` for the following ones."""
    return queries.bins(storable(code), kind=kind, after=after, limit=limit)


@router.post("/locations/{code}/bins", auth=WRITE, response={201: Bin}, summary="Make or change a bin")
def make_bin(request: HttpRequest, code: str, wanted: BinSent) -> queries.BinShown:
    site = storable(code)
    asked = BinWanted(**wanted.model_dump(exclude_unset=True))
    (done,) = lay_bins(site, [asked], at=now(), by=actor(request))
    if done.refused:
        raise done.refused
    return queries.bin_of(site, wanted.code)


@router.post(
    "/locations/{code}/bins/pattern", auth=WRITE, response=BinsMade, summary="Make many bins from a pattern"
)
def make_bins(request: HttpRequest, code: str, wanted: PatternSent) -> BinsMade:
    """At most 20,000 at once. The same again changes nothing."""
    rack = Rack(**wanted.rack.model_dump()) if wanted.rack else None
    asked = of_pattern(wanted.pattern, rack, wanted.like.model_dump(exclude_unset=True))
    done = lay_bins(storable(code), asked, at=now(), by=actor(request))
    for one in done:
        if one.refused:
            raise one.refused
    assert len(done) <= BINS_MAX
    return BinsMade(
        bins=len(done),
        changed=sum(one.is_new for one in done),
        first=asked[0].code,
        last=asked[-1].code,
    )


@router.get("/locations/{code}/floor-plan", auth=READ, response=Plan, summary="Read a floor plan")
def plan(request: HttpRequest, code: str) -> queries.FloorPlan:
    return queries.floor_plan(storable(code))


@router.put("/locations/{code}/floor-plan", auth=WRITE, response=Plan, summary="Set a floor plan")
def set_plan(request: HttpRequest, code: str, wanted: PlanSent) -> queries.FloorPlan:
    plan_floor(
        storable(code),
        cross_aisles_mm=wanted.cross_aisles_mm,
        depot_aisle=wanted.depot_aisle,
        depot_cross=wanted.depot_cross,
        at=now(),
        by=actor(request),
    )
    return queries.floor_plan(storable(code))
