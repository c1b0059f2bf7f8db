"""/api/quality: what is wrong with the data of products, how complete each is, and what mends it."""

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.timezone import now
from msgspec.structs import fields
from ninja import Router, Status
from pydantic import AfterValidator, Field

from quartermaster.api.auth import Bearer, actor
from quartermaster.api.shapes import (  # fmt: skip
    LIMIT_DEFAULT,
    After,
    Because,
    Filter,
    Items,
    Limit,
    RowId,
    Sent,
    Shape,
    Text,
    listed,
    told_as,
)
from quartermaster.channels.actions import put_back
from quartermaster.channels.queries import contents
from quartermaster.core.texts import storable
from quartermaster.quality.actions import (  # fmt: skip
    fix_findings,
    ignore,
    look_after_all,
    look_at_all,
    push_ours,
    set_naming,
    take_theirs,
)
from quartermaster.quality.actions.fix import Fixed
from quartermaster.quality.queries import differences
from quartermaster.quality.queries import findings as read
from quartermaster.quality.queries.naming import NamingRules, naming
from quartermaster.quality.rules.causes import CAUSES
from quartermaster.quality.rules.goods import Fix

router = Router(tags=["Catalog"])
READ, WRITE = Bearer("catalog:read"), Bearer("catalog:write")
TELL = Bearer("stock:write")  # shops are told something, as with stock and prices
ROWS_MAX = 500
Pattern = Annotated[Text, Field(max_length=200)]


def _known(name: str) -> str:
    if name not in CAUSES:
        raise ValueError(f"is none of {', '.join(CAUSES)}")
    return name


CauseName = Annotated[str, AfterValidator(_known)]


class QualityFix(told_as(Fix)):  # type: ignore[misc]  # made at run time
    """A cell of the table of products as it would be, and why. column "sides": length, width and height with
    | between; column "map": the SKU of a listing."""


class QualityFinding(told_as(read.FindingShown)):  # type: ignore[misc]  # made at run time
    """severity: 1 error, 2 warning, 3 hint. points: off the score. sku: null for a listing that is no SKU of
    ours. at_risk_minor: open on orders."""

    fix: QualityFix | None


class QualityCause(told_as(read.Counted)):  # type: ignore[misc]  # made at run time
    """How often something was found. fixable: of those open. ignored: let be by a person."""


class ShopGrade(told_as(read.AtShop)):  # type: ignore[misc]  # made at run time
    """How much of what a shop needs of a listing is there, in percent, and what is not."""


class ProductGrade(told_as(read.Grade)):  # type: ignore[misc]  # made at run time
    """score: 100 less the points of each cause. channels: of shops that list it. looked_at null: not yet."""

    channels: dict[str, ShopGrade]
    findings: list[QualityFinding]


class ProductWorth(told_as(read.Worth)):  # type: ignore[misc]  # made at run time
    """A product to be mended first: by what is open on orders, in the currency of most of it."""


class FixWanted(Sent):
    """These findings, or all of a cause that can be fixed (5000 at most)."""

    findings: Annotated[list[RowId], Field(max_length=ROWS_MAX)] = []
    cause: CauseName | None = None


class FixDone(told_as(Fixed)):  # type: ignore[misc]  # made at run time
    """edit: the number of the change, see GET /api/sku-edits; null when only listings were mapped. refused:
    listings that could not be mapped, and why."""


class IgnoreWanted(Sent):
    """because "": they count again."""

    findings: Annotated[list[RowId], Field(min_length=1, max_length=ROWS_MAX)]
    because: Text = ""


class IgnoreDone(Shape):
    findings: int


class ShopDifference(told_as(differences.Difference)):  # type: ignore[misc]  # made at run time
    """A listing that says something else than its product: id is the listing's, for taking it over or pushing
    ours. tells: what the shop would be told, "" where that is nothing. seen: a mark of both sides."""


class TakeWanted(Sent):
    listings: Annotated[list[RowId], Field(min_length=1, max_length=ROWS_MAX)]
    field: differences.Field


class DifferenceChosen(Sent):
    """A listing, and the mark of what was seen of it: a row that says something else by now is not sent. "":
    whatever it says now."""

    listing: RowId
    seen: Annotated[Text, Field(max_length=12)] = ""


class PushWanted(Sent):
    rows: Annotated[list[DifferenceChosen], Field(min_length=1, max_length=ROWS_MAX)]
    field: differences.Field
    because: Annotated[Text, Field(max_length=500)] = ""


class ListingContent(told_as(contents.ContentShown)):  # type: ignore[misc]  # made at run time
    """A field of a listing that its shop was told. before: what it said when that was asked for; has: what it
    was last seen with. state: due, sent, asked (to be seen), confirmed (it was seen there), refused, changed
    (there or here, since the person looked: nothing was written over), stuck (the shop kept its own each
    time), withdrawn."""


class ContentPush(told_as(contents.ContentPushed)):  # type: ignore[misc]  # made at run time
    """How many of a push's rows are where. refused: by the shop or by us, or changed meanwhile."""


class ContentsPut(Shape):
    """push: null where nothing had been sent yet, and nothing will be."""

    push: int | None


class TakenOver(Shape):
    edit: int


class NamingShown(told_as(NamingRules)):  # type: ignore[misc]  # made at run time
    """PostgreSQL's regular expressions, looked for in titles and codes; "" asks for nothing. off: causes that
    nobody looks for."""


class NamingWanted(Sent):
    title_pattern: Pattern = ""
    code_pattern: Pattern = ""
    off: Annotated[list[CauseName], Field(max_length=50)] = []
    because: Because
    version: Annotated[int, Field(ge=0)] | None = None


@router.get("/quality", auth=READ, response=list[QualityCause], summary="Count what is wrong, by cause")
def causes(request: HttpRequest) -> list[read.Counted]:
    return read.counts()


@router.get("/quality/findings", auth=READ, response=Items[QualityFinding], summary="List findings")
def findings(
    request: HttpRequest,
    cause: Filter = "",
    sku: Filter = "",
    show: read.Show = "open",
    after: After = "",
    limit: Limit = LIMIT_DEFAULT,
) -> dict[str, Any]:
    """show: open, fixable (open, with a fix), ignored."""
    return listed(read.findings(cause=cause, sku=sku, show=show, after=after, limit=limit))


@router.get("/quality/next", auth=READ, response=list[ProductWorth], summary="What to mend first")
def worth(request: HttpRequest, limit: Limit = 10) -> list[read.Worth]:
    return read.worth_mending(limit)


@router.get("/quality/skus/{path:code}", auth=READ, response=ProductGrade, summary="Grade a product")
def grade(request: HttpRequest, code: str) -> dict[str, Any]:
    found = read.grade(storable(code))
    told = {field.name: getattr(found, field.name) for field in fields(found)}
    return {**told, "findings": read.of_sku(found.sku)}


@router.post("/quality/fixes", auth=WRITE, response=FixDone, summary="Fix findings")
def fix(request: HttpRequest, wanted: FixWanted) -> Fixed:
    """A change that can be taken back with POST /api/sku-edits/{number}/undo."""
    ids = [int(one) for one in wanted.findings]
    return fix_findings(ids, cause=wanted.cause or "", at=now(), by=actor(request))


@router.post("/quality/ignored", auth=WRITE, response=IgnoreDone, summary="Let findings be")
def let_be(request: HttpRequest, wanted: IgnoreWanted) -> dict[str, int]:
    """As long as each says what it says now."""
    ids = [int(one) for one in wanted.findings]
    if wanted.because.strip():
        return {"findings": ignore(ids, because=wanted.because, at=now(), by=actor(request))}
    return {"findings": look_after_all(ids, at=now(), by=actor(request))}


@router.post("/quality/looks", auth=WRITE, response={204: None}, summary="Look at every product anew")
def look(request: HttpRequest) -> Status[None]:
    look_at_all()
    return Status(204, None)


@router.get(
    "/quality/differences", auth=READ, response=Items[ShopDifference], summary="What shops say differently"
)
def shop_differences(
    request: HttpRequest, field: differences.Field = "title", after: After = "", limit: Limit = LIMIT_DEFAULT
) -> dict[str, Any]:
    """Of titles, barcodes or weights, as each shop was last read."""
    return listed(differences.differences(field, after=after, limit=limit))


@router.post("/quality/differences/take", auth=WRITE, response=TakenOver, summary="Take what shops say")
def take(request: HttpRequest, wanted: TakeWanted) -> dict[str, int]:
    """A change that can be taken back with POST /api/sku-edits/{number}/undo."""
    ids = [int(one) for one in wanted.listings]
    return {"edit": take_theirs(ids, wanted.field, at=now(), by=actor(request))}


@router.post(
    "/quality/differences/push", auth=TELL, response=ContentPush, summary="Push what we say to shops"
)
def push(request: HttpRequest, wanted: PushWanted) -> contents.ContentPushed:
    """Each row has its own answer, see GET /api/quality/told. What a shop has is looked at right before it is
    told; what was changed there since is not written over. A shop that is only read is told nothing."""
    chosen = {int(one.listing): one.seen for one in wanted.rows}
    made = push_ours(chosen, wanted.field, because=wanted.because, at=now(), by=actor(request))
    return contents.pushed(made)


@router.get("/quality/told", auth=READ, response=Items[ListingContent], summary="What shops were told to say")
def told(
    request: HttpRequest,
    show: contents.Show = "all",
    push: RowId | None = None,
    after: After = "",
    limit: Limit = LIMIT_DEFAULT,
) -> dict[str, Any]:
    """The newest first. show: all, waiting, trouble, confirmed."""
    return listed(contents.contents(show=show, push=int(push) if push else None, after=after, limit=limit))


@router.post("/quality/told/{push}/undo", auth=TELL, response=ContentsPut, summary="Put back what shops said")
def put_contents_back(request: HttpRequest, push: RowId) -> dict[str, int | None]:
    """Shops are told what they said before, where they still say what they were told."""
    return {"push": put_back(int(push), at=now(), by=actor(request))}


@router.get("/quality/naming", auth=READ, response=NamingShown, summary="Read the naming rules")
def naming_rules(request: HttpRequest) -> NamingRules:
    return naming()


@router.put("/quality/naming", auth=WRITE, response=NamingShown, summary="Change the naming rules")
def change_naming(request: HttpRequest, wanted: NamingWanted) -> NamingRules:
    set_naming(
        title_pattern=wanted.title_pattern,
        code_pattern=wanted.code_pattern,
        off=wanted.off,
        because=wanted.because,
        basis=wanted.version,
        at=now(),
        by=actor(request),
    )
    return naming()
