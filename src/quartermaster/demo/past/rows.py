"""Planned stories in the words of the history writers."""

from collections.abc import Iterator

from quartermaster.demo.company.sales import Sale, shares, tax_in
from quartermaster.demo.company.shops import SHOPS
from quartermaster.demo.past.story import Story
from quartermaster.demo.shops import shopify, woocommerce
from quartermaster.orders.ports import Address, Buyer
from quartermaster.orders.rules.history import PastLine, PastOrder, PastRefund, PastTender
from quartermaster.support.rules.history import PastRating
from quartermaster.tracking.rules.history import PastDelivery
from quartermaster.warehouse.rules.history import PastParcel


def order(story: Story) -> PastOrder:
    sale = story.sale
    to = sale.address
    assert to is not None, "nothing of the past was sent nowhere"
    return PastOrder(
        external_id=external_id(sale),
        external_name=f"#{SHOPS[sale.shop].first_number + sale.number}",
        placed_at=sale.placed_at,
        state=story.state,
        currency="EUR",
        paid_at=sale.placed_at,
        cancelled_at=story.cancelled_at,
        cancelled_because=story.cancelled_because,
        promised_on=story.promised_on,
        promised_by=story.promised_by,
        buyer=Buyer(_buyer_id(sale), sale.buyer.name, sale.buyer.email),
        ship_to=Address(
            name=sale.buyer.name,
            line1=to.street,
            city=to.city,
            region=to.region,
            postcode=to.postcode,
            country=to.country,
        ),
        shipping_method="Standard",
        is_tax_included=True,
        items_minor=sale.items_minor,
        discount_minor=sale.discount_minor,
        shipping_minor=sale.shipping_minor,
        tax_minor=tax_in(sale.total_minor),
        total_minor=sale.total_minor,
        paid_minor=sale.total_minor,
        refunded_minor=sum(back.amount_minor for back in story.back) + _given_back_at_once(story),
    )


def lines(story: Story) -> Iterator[PastLine]:
    sale = story.sale
    off = shares(sale.discount_minor, [line.gross_minor for line in sale.lines])
    returned = {back.line: back.units for back in story.back if back.site}
    for n, line in enumerate(sale.lines):
        yield PastLine(
            order=external_id(sale),
            external_id=line_id(sale, n),
            code=line.code,
            title=line.title,
            ordered=line.quantity,
            unit_price_minor=line.unit_minor,
            discount_minor=off[n],
            tax_minor=tax_in(line.gross_minor - off[n]),
            cancelled=story.taken.get(n, 0),
            returned=returned.get(n, 0),
        )


def tender(story: Story) -> PastTender:
    gateway = "shopify_payments" if SHOPS[story.sale.shop].kind == "shopify" else "woocommerce_payments"
    return PastTender(
        order=external_id(story.sale),
        external_id=gateway,
        amount_minor=story.sale.total_minor,
        kind="card",
        gateway=gateway,
        at=story.sale.placed_at,
    )


def parcels(story: Story) -> Iterator[PastParcel]:
    for n, sent in enumerate(story.sent, 1):
        yield PastParcel(
            order=external_id(story.sale),
            external_id=str(n),
            location=sent.site,
            carrier=sent.carrier,
            service="standard",
            tracking_number=sent.tracking_number,
            promised_on=sent.promised_on,
            ship_by=sent.ship_by,
            packed_at=sent.packed_at,
            handed_over_at=sent.handed_over_at,
            lines=tuple((line_id(story.sale, line), units) for line, units in sent.lines.items()),
        )


def deliveries(story: Story) -> Iterator[PastDelivery]:
    for n, sent in enumerate(story.sent, 1):
        if sent.delivered_at:
            yield PastDelivery(
                order=external_id(story.sale),
                external_id=str(n),
                at=sent.delivered_at,
                place=sent.told[-1].place,
                message="Delivered",
            )


def refunds(story: Story) -> Iterator[PastRefund]:
    sale = story.sale
    for n, back in enumerate(story.back, 1):
        yield PastRefund(
            order=external_id(sale),
            external_id=f"{external_id(sale)}-{n}",
            at=back.at,
            amount_minor=back.amount_minor,
            because=back.because,
            line=line_id(sale, back.line),
            units=back.units,
            restock="return" if back.site else "cancel",
        )
    if story.cancelled_at:
        yield PastRefund(
            order=external_id(sale),
            external_id=f"{external_id(sale)}-all",
            at=story.cancelled_at,
            amount_minor=sale.total_minor,
            because=story.cancelled_because,
        )


def ratings(story: Story) -> Iterator[PastRating]:
    for opinion in story.opinions:
        yield PastRating(
            external_id=f"{external_id(story.sale)}-{opinion.kind}",
            order=external_id(story.sale),
            kind=opinion.kind,
            score=opinion.score,
            comment=opinion.comment,
            at=opinion.at,
        )


def external_id(sale: Sale) -> str:
    vendor = shopify if SHOPS[sale.shop].kind == "shopify" else woocommerce
    return str(vendor.external_id(sale))


def line_id(sale: Sale, n: int) -> str:
    if SHOPS[sale.shop].kind == "shopify":
        return str(shopify.external_id(sale) * 10 + n)
    return str(n + 1)


def _buyer_id(sale: Sale) -> str:
    first = 7_100_000_000 if SHOPS[sale.shop].kind == "shopify" else 300_000
    return str(first + sale.buyer.number)


def _given_back_at_once(story: Story) -> int:
    return story.sale.total_minor if story.cancelled_at else 0
