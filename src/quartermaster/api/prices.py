"""/api/prices, /api/channels/{slug}/prices: what SKUs are to cost, and what they cost there."""

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Router, Status
from pydantic import Field

from quartermaster.api.auth import Bearer, actor
from quartermaster.api.shapes import (
    LIMIT_DEFAULT,
    After,
    Because,
    Code,
    Country,
    Filter,
    Items,
    Limit,
    Minor,
    Moment,
    Reason,
    RowId,
    Sent,
    Shape,
    Text,
    listed,
    told_as,
)
from quartermaster.channels import actions
from quartermaster.channels.actions.prices.put import PutResult, RowResult
from quartermaster.channels.queries.prices import lists as read
from quartermaster.channels.queries.prices import shown
from quartermaster.channels.rules.prices import Line
from quartermaster.channels.rules.prices.rows import ROWS_MAX, PriceRow
from quartermaster.core.errors import Invalid, NotFound
from quartermaster.core.money import MINOR_MAX
from quartermaster.core.texts import storable

router = Router(tags=["Prices"])
READ, WRITE, ADMIN = Bearer("catalog:read"), Bearer("catalog:write"), Bearer("admin")
Percent = Annotated[int, Field(ge=1, le=1000)]


class PriceList(told_as(read.PriceListShown)):  # type: ignore[misc]  # its fields are those of the query
    """far_rows prices that move by more than far_percent stop a change as one; needs_two: another than who
    made it lets it through. market: a country, or EU; shows_was: shops show beside a sale what it cost
    before, in the EU the lowest price of the 30 days before it. held: changes that wait for a person. shops:
    those that follow the list."""


class ListPrice(told_as(read.ListPriceShown)):  # type: ignore[misc]  # its fields are those of the query
    """What a SKU costs by a list, in minor units. compare_at_minor: what it is said to have cost before;
    shops show it as the list's shows_was and market allow. sale_minor: of the sale that is on now, until
    sale_until."""


class PlannedSale(told_as(read.SaleShown)):  # type: ignore[misc]  # as the query has it
    """A price for a time. state: planned, on, over, withdrawn."""


class PriceBatch(told_as(read.BatchShown)):  # type: ignore[misc]  # as the query has it
    """Prices that came together. state held: sentence says why, and nothing of it is written."""


class ChannelPricing(told_as(read.PricingShown)):  # type: ignore[misc]  # its fields are those of the query
    """How a shop makes its prices of its list's: times factor_bp / 10,000, plus amount_minor, to the nearest
    that ends in ending_minor where prices lie step_minor apart. mode observe: nothing is sent. Of a price,
    fee_bp and fee_minor go to the marketplace, tax_bp on the net is tax, margin_bp of the net has to be left;
    change_percent is how far it may move within period_days. bp: hundredths of a per cent."""


class ChannelPrice(told_as(shown.ListingPriceShown)):  # type: ignore[misc]  # as the query has it
    """wanted_minor: what the listing is to cost there; confirmed_minor: what the shop said, at confirmed_at.
    was_minor: what is to be shown beside it as its price before, where tells_was; confirmed_was_minor: what
    is. blocked_by: guards that hold it back (nothing, currency, cost, floor, least, most, change). state: as
    of a listing's stock. is_told: prices are sent to this shop."""


class PriceLine(told_as(Line)):  # type: ignore[misc]  # its fields are those of the rule
    """A line of the arithmetic, and the minor units that it leaves."""


class PriceAnswer(told_as(shown.PriceTold)):  # type: ignore[misc]  # its fields are those of the query
    """A price the shop was sent (outcome read: it was looked at), and what it said."""


class PriceExplanation(Shape):
    """price_minor: null where its list has no price of it. floor_minor: null where the cost is not known.
    was_because: why was_minor is shown beside it as its price before, or why nothing is."""

    listing: ChannelPrice
    price_minor: int | None
    lines: list[PriceLine]
    floor_minor: int | None
    against: list[str]
    told: list[PriceAnswer]
    was_minor: int | None
    was_because: str


class SkuPrices(Shape):
    """Everywhere a SKU has a price: on lists, in sales that are on or planned, in shops."""

    lists: list[ListPrice]
    sales: list[PlannedSale]
    channels: list[ChannelPrice]


class PriceListWanted(Sent):
    name: Code
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    far_percent: Percent = 30
    far_rows: Annotated[int, Field(ge=1, le=100_000)] = 10
    needs_two: bool = False
    market: Country = ""
    shows_was: bool = False


class PriceListChange(Sent):
    """What is left out stays. market: a country or EU; without one no price before a sale is shown."""

    far_percent: Percent = 30
    far_rows: Annotated[int, Field(ge=1, le=100_000)] = 10
    needs_two: bool = False
    market: Country = ""
    shows_was: bool = False


class PriceWanted(Sent):
    """price_minor null: the list has no price of it any more."""

    sku: Code
    price_minor: int | None
    compare_at_minor: Minor | None = None
    least_minor: Minor | None = None
    most_minor: Minor | None = None


class PricesWanted(Sent):
    """is_preview: nothing is written, and every guard of every shop is asked."""

    rows: Annotated[list[PriceWanted], Field(min_length=1, max_length=ROWS_MAX)]
    is_preview: bool = False


class PriceRowResult(told_as(RowResult)):  # type: ignore[misc]  # its fields are those of the action
    """outcome: new, changed, same, removed, refused (because says why). blocked: in a preview, what would
    hold it back, shop by shop."""

    blocked: list[str]


class PricesResult(Shape):
    """state: written, held (nothing is written until a person lets batch through), preview."""

    batch: int | None
    state: str
    sentence: str
    rows: list[PriceRowResult]


class SaleWanted(Sent):
    """From starts_at on, and no more at ends_at."""

    sku: Code
    price_minor: Minor
    starts_at: Moment
    ends_at: Moment
    because: Text = ""


class PricingWanted(Sent):
    """What is left out stays. lets: how many prices a person saw move far, with because."""

    mode: Annotated[str, Field(pattern="^(observe|live)$")] = "observe"
    price_list: Code | None = None
    factor_bp: int = 10_000
    amount_minor: Annotated[int, Field(ge=-MINOR_MAX, le=MINOR_MAX)] = 0
    step_minor: int = 1
    ending_minor: int = 0
    fee_bp: int = 0
    fee_minor: Minor = 0
    tax_bp: int = 0
    margin_bp: int = 0
    change_percent: int | None = None
    period_days: int = 7
    stops_without_cost: bool = False
    time_zone: Code = "UTC"
    lets: int | None = None
    because: Text = ""


class ListingPriceWanted(Sent):
    """What is left out stays; null: as the shop's rule says."""

    listing: Code
    own_minor: Annotated[int, Field(ge=1, le=MINOR_MAX)] | None = None
    factor_bp: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    amount_minor: Annotated[int, Field(ge=-MINOR_MAX, le=MINOR_MAX)] | None = None
    is_pushed: bool = True


class ListingPricesWanted(Sent):
    rows: Annotated[list[ListingPriceWanted], Field(min_length=1, max_length=500)]


class PricesLet(Sent):
    """Named by the shop's own names; these prices as they are now, and no others."""

    listings: Annotated[list[Code], Field(min_length=1, max_length=500)]
    because: Because


class PricesAgain(Sent):
    """Named by the shop's own names; none: all of them."""

    listings: Annotated[list[Code], Field(max_length=500)] = []


class PricesCounted(Shape):
    prices: int


@router.get("/prices/lists", auth=READ, response=list[PriceList], summary="List price lists")
def all_lists(request: HttpRequest) -> list[read.PriceListShown]:
    return read.price_lists()


@router.post("/prices/lists", auth=WRITE, response={201: PriceList}, summary="Make a price list")
def make(request: HttpRequest, wanted: PriceListWanted) -> Status[read.PriceListShown]:
    actions.make_list(**wanted.model_dump(), at=now(), by=actor(request))
    return Status(201, read.price_list(wanted.name.strip()))


@router.get("/prices/lists/{name}", auth=READ, response=Items[ListPrice], summary="List a list's prices")
def on_list(
    request: HttpRequest, name: str, q: Filter = "", after: After = "", limit: Limit = LIMIT_DEFAULT
) -> dict[str, Any]:
    """q: the beginning of a SKU."""
    known = read.price_list(storable(name)).name
    return listed(read.list_prices(known, asked=q, after=after, limit=limit, at=now()))


@router.patch("/prices/lists/{name}", auth=ADMIN, response=PriceList, summary="Change a price list's rules")
def change_list(request: HttpRequest, name: str, wanted: PriceListChange) -> read.PriceListShown:
    """How wary it is, and what its shops show of a sale."""
    known = storable(name)
    actions.set_list(known, wanted.model_dump(exclude_unset=True), at=now(), by=actor(request))
    return read.price_list(known)


@router.put("/prices/lists/{name}", auth=WRITE, response=PricesResult, summary="Write prices")
def put(request: HttpRequest, name: str, wanted: PricesWanted) -> PutResult:
    """Row by row. Where many move far, nothing is written and the whole change is held."""
    rows = [PriceRow(**row.model_dump()) for row in wanted.rows]
    return actions.put_prices(storable(name), rows, is_preview=wanted.is_preview, at=now(), by=actor(request))


@router.get("/prices/batches", auth=READ, response=list[PriceBatch], summary="List changes of prices")
def changes(request: HttpRequest, price_list: Filter = "", held: bool = False) -> list[read.BatchShown]:
    """The newest 20."""
    return read.batches(name=price_list, held=held)


@router.post(
    "/prices/batches/{batch_id}/let", auth=ADMIN, response=PricesCounted, summary="Let a held change through"
)
def let(request: HttpRequest, batch_id: RowId, given: Reason) -> dict[str, int]:
    """It is written. Prices below their floor or beside their limits are held back all the same."""
    written = actions.let_batch(int(batch_id), because=given.because, at=now(), by=actor(request))
    return {"prices": written}


@router.post(
    "/prices/batches/{batch_id}/withdraw", auth=WRITE, response={204: None}, summary="Withdraw a held change"
)
def withdraw(request: HttpRequest, batch_id: RowId, given: Reason) -> Status[None]:
    actions.withdraw_batch(int(batch_id), because=given.because, at=now(), by=actor(request))
    return Status(204, None)


@router.get("/prices/sales", auth=READ, response=list[PlannedSale], summary="List sales")
def all_sales(
    request: HttpRequest, price_list: Filter = "", sku: Filter = "", is_open: bool = False
) -> list[read.SaleShown]:
    """The newest 50. is_open: those that are planned or on."""
    return read.sales(name=price_list, sku=sku, is_open=is_open)


@router.post("/prices/lists/{name}/sales", auth=WRITE, response={201: PlannedSale}, summary="Plan a sale")
def plan(request: HttpRequest, name: str, wanted: SaleWanted) -> Status[read.SaleShown]:
    """Its end comes by itself. One that goes far needs a reason."""
    told = storable(name)
    actions.plan_sale(told, **wanted.model_dump(), at=now(), by=actor(request))
    return Status(201, read.sales(name=told, sku=wanted.sku)[0])


@router.delete("/prices/sales/{sale_id}", auth=WRITE, response={204: None}, summary="Withdraw a sale")
def end(request: HttpRequest, sale_id: RowId) -> Status[None]:
    """It does not begin, or ends now."""
    actions.withdraw_sale(int(sale_id), at=now(), by=actor(request))
    return Status(204, None)


@router.get("/prices/skus/{sku}", auth=READ, response=SkuPrices, summary="See a SKU's prices")
def of_sku(request: HttpRequest, sku: str) -> dict[str, Any]:
    return shown.everywhere(storable(sku), at=now())


@router.get("/prices", auth=READ, response=Items[ChannelPrice], summary="List prices in shops")
def everywhere(
    request: HttpRequest,
    connection: Filter = "",
    show: shown.ShowPrices = "all",
    q: Filter = "",
    after: After = "",
    limit: Limit = LIMIT_DEFAULT,
) -> dict[str, Any]:
    """show: blocked (a guard holds it back), differs, waiting, trouble (refused, or another price each time),
    none (the list has no price of it)."""
    try:
        return listed(shown.listing_prices(connection, show=show, asked=q, after=after, limit=limit))
    except NotFound:
        raise Invalid(what="The address", errors={"connection": "names no shop"}) from None


@router.get("/channels/{slug}/pricing", auth=READ, response=ChannelPricing, summary="See a shop's pricing")
def pricing(request: HttpRequest, slug: str) -> read.PricingShown:
    return read.pricing_of(storable(slug))


@router.patch(
    "/channels/{slug}/pricing", auth=ADMIN, response=ChannelPricing, summary="Change a shop's pricing"
)
def change(request: HttpRequest, slug: str, wanted: PricingWanted) -> read.PricingShown:
    """Where many prices of a live shop would move far by it, it is refused until lets says how many."""
    told = wanted.model_dump(exclude_unset=True, exclude={"lets", "because"})
    name = storable(slug)
    actions.set_pricing(name, told, lets=wanted.lets, because=wanted.because, at=now(), by=actor(request))
    return read.pricing_of(name)


@router.get(
    "/channels/{slug}/prices/explain", auth=READ, response=PriceExplanation, summary="Explain a price"
)
def explain(request: HttpRequest, slug: str, listing: Filter) -> shown.PriceExplained:
    """The arithmetic of this moment, the floor, what guards say, and what the shop was told."""
    return shown.price_explained(storable(slug), listing, now())


@router.patch(
    "/channels/{slug}/prices", auth=WRITE, response=list[ChannelPrice], summary="Change listings' pricing"
)
def change_listings(
    request: HttpRequest, slug: str, wanted: ListingPricesWanted
) -> list[shown.ListingPriceShown]:
    """All rows, or none."""
    name = storable(slug)
    rows = {row.listing: row.model_dump(exclude_unset=True, exclude={"listing"}) for row in wanted.rows}
    actions.set_own(name, rows, at=now(), by=actor(request))
    return shown.prices_named(name, list(rows))


@router.post(
    "/channels/{slug}/prices/let-through", auth=ADMIN, response=PricesCounted, summary="Let prices through"
)
def let_these(request: HttpRequest, slug: str, wanted: PricesLet) -> dict[str, int]:
    """What a guard holds back is sent as it is now, because a person says so."""
    because = wanted.because
    let = actions.let_through(storable(slug), wanted.listings, because=because, at=now(), by=actor(request))
    return {"prices": let}


@router.post("/channels/{slug}/prices/push", auth=WRITE, response=PricesCounted, summary="Send prices now")
def again(request: HttpRequest, slug: str, wanted: PricesAgain) -> dict[str, int]:
    """Once more, also what was refused; never what a guard holds back."""
    sent = actions.push_prices_now(storable(slug), wanted.listings, at=now(), by=actor(request))
    return {"prices": sent}
