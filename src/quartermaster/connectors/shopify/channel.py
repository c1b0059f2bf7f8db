"""Orders that changed, and parcels that left."""

from collections.abc import Mapping
from datetime import datetime

from quartermaster.channels.ports import Changes, Shipment, Told
from quartermaster.connectors.picked import text
from quartermaster.connectors.shopify import bulk, reading
from quartermaster.connectors.shopify.admin import Admin, refusal
from quartermaster.connectors.shopify.documents import orders, shipments
from quartermaster.connectors.shopify.translate import names, paging, parcels
from quartermaster.connectors.shopify.translate.bulk import MARK
from quartermaster.connectors.shopify.translate.fetched import inside, nodes
from quartermaster.core.outside import Account, Conflict, Invalid, Missing, NotDone, RefusedOutside

type Json = Mapping[str, object]


class ShopifyChannel:
    def changes(self, *, account: Account, since: datetime, cursor: str) -> Changes:
        """Page by page; where there is much, Shopify is let gather it."""
        if cursor.startswith(MARK):
            return bulk.more_orders(account, cursor)
        if not cursor and (begun := bulk.begin_orders(account, since)):
            return begun
        admin = Admin(account, reads=True)
        place = paging.at(since, cursor)
        answer, answered_at = _page(admin, place)
        found = nodes(answer, "orders")
        told = tuple(reading.change(admin, order) for order in found)
        page = inside(inside(answer, "orders"), "pageInfo")
        if not page.get("hasNextPage"):
            return Changes(told, "", up_to=answered_at)
        return Changes(told, paging.following(place, found, text(page.get("endCursor"))))

    def confirm_shipment(self, *, account: Account, shipment: Shipment) -> Told:
        admin = Admin(account)
        order = _order(admin, shipment)
        known = parcels.known(shipment, order)
        ours = [*known.theirs]
        for wanted in parcels.to_create(shipment, order):
            payload = inside(admin.change(shipments.CREATE, fulfillment=wanted), "fulfillmentCreate")
            made = inside(payload, "fulfillment")
            refused: RefusedOutside | None = refusal(payload)
            if refused is None and text(made.get("status")) in parcels.CAME_TO_NOTHING:
                refused = Conflict(f"Shopify made a fulfillment that came to nothing: {made.get('status')}")
            if refused is not None and ours:
                raise Conflict(f"Shopify has a part of it ({', '.join(ours)}), and not the rest: {refused}")
            if refused is not None:
                raise refused
            ours.append(text(made.get("legacyResourceId")))
        return parcels.told(ours)

    def find_shipment(self, *, account: Account, shipment: Shipment) -> Told | None:
        known = parcels.known(shipment, _order(Admin(account), shipment))
        return parcels.told(known.theirs) if known.theirs and not known.left else None


def _page(admin: Admin, place: paging.Place) -> tuple[dict[str, object], datetime]:
    """A page of orders; a shorter one where Shopify finds a long one too dear."""
    asked = {"after": place.after or None, "query": place.query}
    for size in paging.SIZES[:-1]:
        try:
            return admin.ask_at(orders.CHANGED, first=size, **asked)
        except Invalid as error:
            if not reading.is_too_dear(error):
                raise
    return admin.ask_at(orders.CHANGED, first=paging.SIZES[-1], **asked)


def _order(admin: Admin, shipment: Shipment) -> Json:
    if not shipment.order.isdecimal():
        raise Missing(f"{shipment.order!r} is no id of an order of Shopify's")
    order = admin.ask(shipments.ORDER, id=names.gid("Order", shipment.order)).get("order")
    if order is None:
        raise Missing(f"Shopify has no order {shipment.order}")
    if not isinstance(order, dict) or not isinstance(order.get("fulfillments"), list):
        raise NotDone("Shopify does not say what it knows of the order")
    return order
