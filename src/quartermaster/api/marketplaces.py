"""/api/marketplaces: how we stand with each marketplace, what counts, and what they say themselves."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Router
from pydantic import Field

from quartermaster.api.auth import Bearer, actor
from quartermaster.api.shapes import (
    LIMIT_DEFAULT,
    After,
    Because,
    Code,
    Count,
    Country,
    Day,
    Filter,
    Items,
    Limit,
    Moment,
    Reason,
    RowId,
    Sent,
    Shape,
    Text,
    listed,
    told_as,
)
from quartermaster.core.texts import storable
from quartermaster.marketplaces import actions
from quartermaster.marketplaces.jobs import count_soon
from quartermaster.marketplaces.queries.counted import CountedShown, counted
from quartermaster.marketplaces.queries.defects import DefectShown, defects
from quartermaster.marketplaces.queries.officials import Compared, OfficialShown, compared
from quartermaster.marketplaces.queries.reports import ReportShown, reports
from quartermaster.marketplaces.queries.shops import shop
from quartermaster.marketplaces.queries.standings import StandingShown, rolling, standing_of, standings
from quartermaster.marketplaces.queries.terms import TermsShown, published, written
from quartermaster.marketplaces.rules.official import Told as OfficialWanted
from quartermaster.marketplaces.rules.rolling import Rolled
from quartermaster.marketplaces.rules.terms import Counts, Dated, Measure, Terms

router = Router(tags=["Marketplaces"])
READ, WRITE, ADMIN = Bearer("kpi:read"), Bearer("orders:write"), Bearer("admin")
Window = Annotated[int | None, Field(ge=1, le=365)]
Ppm = Annotated[int, Field(ge=0, le=1_000_000)]
ROWS_MAX = 500


class MeasureTerms(told_as(Terms)):  # type: ignore[misc]  # its fields are those of the rule
    """windows: lengths in days, each held to the target. limit_ppm: the share of defects it allows, in parts
    per million; is_strict: it must stay below. warn_ppm: amber from here on. dated_by: placed, ship_by, left,
    promised. counts: order, parcel, unit. reads_good: published as the share that went well. ends_days_ago:
    the last day of a window. least_n: with fewer nobody is held to it."""


class MeasureStanding(told_as(StandingShown)):  # type: ignore[misc]  # its fields are those of the query
    """A window of a measure today. bad of n are defects; unsure: rows of which nobody knows. state: none (n
    is 0: null, not 0 %), few, green, amber, red. headroom: so many may still become defects; needs_good: so
    many must go right for it to be good again; good_on: when it is by itself."""

    terms: MeasureTerms


class RolledDay(told_as(Rolled)):  # type: ignore[misc]  # its fields are those of the rule
    """The window on a coming day if nothing else goes wrong. leaving: defects of leaves_on, which leave it
    then; coming: those of comes_on. expected: rows of a day nobody knows yet, at the pace of the window."""


class CountedOrder(told_as(CountedShown)):  # type: ignore[misc]  # its fields are those of the query
    """An order that counts, or a parcel of it. contested: why somebody says that it should not."""


class OfficialFigure(told_as(OfficialShown)):  # type: ignore[misc]  # its fields are those of the query
    """bad of n are defects by the marketplace's own count. source: report, person, file."""


class OfficialCompared(told_as(Compared)):  # type: ignore[misc]  # its fields are those of the query
    """theirs beside ours over the same days; null where we do not count these days any more."""

    theirs: OfficialFigure


class MeasureTermsFrom(told_as(TermsShown)):  # type: ignore[misc]  # its fields are those of the query
    """Terms from a day on. actor: "" where they are as published."""

    terms: MeasureTerms


class MarketplaceDefect(told_as(DefectShown)):  # type: ignore[misc]  # its fields are those of the query
    """What a buyer told a marketplace. kind: feedback, claim, chargeback. counts: against us as it stands."""


class MarketplaceReport(told_as(ReportShown)):  # type: ignore[misc]  # its fields are those of the query
    """A report that is asked for once a day. what: figures, feedback. is_offered: it is told to programs at
    all. note: what the last one brought. because: why the last try failed, while failures in a row are not
    0."""


class TermsWanted(Sent):
    """From `from_on` on, today (null: the marketplace's own day) or later. country: "" for all that have none
    of their own."""

    marketplace: Code
    country: Country = ""
    measure: Annotated[Measure, Field(strict=False)]
    from_on: Day | None = None
    windows: Annotated[list[Annotated[int, Field(ge=1, le=365)]], Field(min_length=1, max_length=5)]
    limit_ppm: Ppm
    warn_ppm: Ppm
    dated_by: Annotated[Dated, Field(strict=False)] = Dated.PLACED
    counts: Annotated[Counts, Field(strict=False)] = Counts.ORDER
    is_strict: bool = False
    reads_good: bool = False
    ends_days_ago: Annotated[int, Field(ge=0, le=60)] = 1
    least_n: Count = 0
    counts_auto: bool = False
    because: Because


class DefectWanted(Sent):
    """order: ours (SO-12), or the marketplace's own number. external_id: the defect's number there; the same
    again changes its outcome."""

    order: Code
    kind: Literal["feedback", "claim", "chargeback"]
    happened_at: Moment
    outcome: Literal["open", "granted", "denied", "withdrawn", "removed"] = "open"
    stars: Annotated[int | None, Field(ge=1, le=5)] = None
    external_id: Text = ""
    note: Annotated[str, Field(max_length=1000)] = ""


class DefectsWanted(Sent):
    defects: Annotated[list[DefectWanted], Field(min_length=1, max_length=ROWS_MAX)]


class DefectBecame(Shape):
    """became: new, changed, same, refused; errors: field -> what is wrong with it."""

    became: str
    defect_id: int | None
    errors: dict[str, str]


class OfficialTyped(Sent):
    """numerator as they tell it: of vtr and otdr what went right, of all others the defects."""

    measure: Annotated[Measure, Field(strict=False)]
    country: Country
    first_on: Day
    last_on: Day
    numerator: Count
    denominator: Count


@router.get("/marketplaces", auth=READ, response=list[MeasureStanding], summary="See the account health")
def how_we_stand(request: HttpRequest, connection: Filter = "") -> list[StandingShown]:
    """Every window of every measure, as it was counted last: every hour."""
    return standings(connection)


@router.get("/marketplaces/terms", auth=READ, response=list[MeasureTermsFrom], summary="List terms")
def terms(request: HttpRequest, marketplace: Filter = "") -> list[TermsShown]:
    """Those people wrote, the newest first, then what is published. On a day a country's own hold before the
    general ones, then the latest from_on, then the newest."""
    return [*written(marketplace), *published(marketplace)]


@router.post("/marketplaces/terms", auth=ADMIN, response={201: list[MeasureTermsFrom]}, summary="Write terms")
def write_terms(request: HttpRequest, wanted: TermsWanted) -> list[TermsShown]:
    """Past days keep what held then. Answers all that were written for this marketplace."""
    made = Terms(
        tuple(wanted.windows),
        wanted.limit_ppm,
        wanted.warn_ppm,
        wanted.dated_by,
        wanted.counts,
        wanted.is_strict,
        wanted.reads_good,
        wanted.ends_days_ago,
        wanted.least_n,
        wanted.counts_auto,
    )
    actions.write_terms(
        wanted.marketplace,
        wanted.country,
        wanted.measure,
        made,
        from_on=wanted.from_on,
        because=wanted.because,
        at=now(),
        by=actor(request),
    )
    count_soon()
    return written(wanted.marketplace)


@router.get(
    "/marketplaces/{slug}/{measure}/orders",
    auth=READ,
    response=Items[CountedOrder],
    summary="List the orders that count",
)
def orders_that_count(
    request: HttpRequest,
    slug: str,
    measure: str,
    country: Country = "",
    window: Window = None,
    side: Literal["defects", "unsure"] = "defects",
    after: After = "",
    limit: Limit = LIMIT_DEFAULT,
) -> dict[str, Any]:
    """Of the window as it stands, the newest day first. window: its length in days; the longest when left
    out. unsure: those of which nobody knows."""
    stands = standing_of(storable(slug), storable(measure), country, window)
    span = (stands.measure, stands.country, stands.first_on, stands.last_on)
    found = counted(shop(stands.slug).id, *span, is_defect=side == "defects", after=after, limit=limit)
    return listed(found)


@router.get(
    "/marketplaces/{slug}/{measure}/forecast",
    auth=READ,
    response=list[RolledDay],
    summary="See a window roll on",
)
def forecast(
    request: HttpRequest, slug: str, measure: str, country: Country = "", window: Window = None
) -> list[Rolled]:
    """The next two weeks if nothing else goes wrong."""
    stands = standing_of(storable(slug), storable(measure), country, window)
    return list(rolling(shop(stands.slug), stands))


@router.get(
    "/marketplaces/{slug}/{measure}/official",
    auth=READ,
    response=list[OfficialCompared],
    summary="Compare with what they say",
)
def official(request: HttpRequest, slug: str, measure: str, country: Country = "") -> list[Compared]:
    """The newest ten, each beside ours over the same days, with why they differ."""
    stands = standing_of(storable(slug), storable(measure), country)
    return compared(shop(stands.slug), stands.measure, stands.country)


@router.post("/marketplaces/{slug}/official", auth=WRITE, response={204: None}, summary="Tell what they say")
def tell_official(request: HttpRequest, slug: str, wanted: OfficialTyped) -> None:
    """The same again is no news; a correction stands beside what was said before."""
    told = OfficialWanted(
        wanted.measure, wanted.country, wanted.first_on, wanted.last_on, wanted.numerator, wanted.denominator
    )
    actions.tell_official(shop(storable(slug)), [told], source="program", at=now(), by=actor(request))


@router.post(
    "/marketplaces/counted/{counted_id}/contest",
    auth=WRITE,
    response={204: None},
    summary="Contest an order that counts",
)
def contest(request: HttpRequest, counted_id: RowId, given: Reason) -> None:
    """It is kept with the order. It counts until the marketplace takes it out."""
    actions.contest(int(counted_id), because=given.because, at=now(), by=actor(request))


@router.get(
    "/marketplaces/{slug}/reports",
    auth=READ,
    response=list[MarketplaceReport],
    summary="See when they were asked last",
)
def list_reports(request: HttpRequest, slug: str) -> list[ReportShown]:
    """What a marketplace says of our standing and of its buyers: when it was brought, and why not."""
    return list(reports(shop(storable(slug))).values())


@router.get(
    "/marketplaces/{slug}/defects", auth=READ, response=Items[MarketplaceDefect], summary="List defects"
)
def list_defects(
    request: HttpRequest, slug: str, after: After = "", limit: Limit = LIMIT_DEFAULT
) -> dict[str, Any]:
    """The newest first."""
    return listed(defects(shop(storable(slug)).id, after=after, limit=limit))


@router.post(
    "/marketplaces/{slug}/defects", auth=WRITE, response=list[DefectBecame], summary="Tell of defects"
)
def tell_defects(request: HttpRequest, slug: str, wanted: DefectsWanted) -> list[actions.RowTold]:
    """One answer for each, in their sequence; one that is refused stops no other."""
    rows = [
        actions.DefectRow(
            storable(one.order),
            one.kind,
            one.happened_at,
            one.outcome,
            one.stars,
            storable(one.external_id),
            storable(one.note),
        )
        for one in wanted.defects
    ]
    told = actions.tell_defects(
        rows, connection_id=shop(storable(slug)).id, source=actor(request), at=now(), by=actor(request)
    )
    if any(one.became in ("new", "changed") for one in told):
        count_soon()
    return told
