"""What is taken back: orders that are not to be sent, and money."""

from collections.abc import Mapping
from typing import Final

from quartermaster.channels.ports import Cancellation, Refund, Told
from quartermaster.connectors.picked import objects, text
from quartermaster.connectors.shopify import edits
from quartermaster.connectors.shopify.admin import Admin, refusal
from quartermaster.connectors.shopify.documents import back as documents
from quartermaster.connectors.shopify.translate import back, goods, names
from quartermaster.connectors.shopify.translate.fetched import inside
from quartermaster.connectors.shopify.translate.parcels import CAME_TO_NOTHING
from quartermaster.core.outside import Account, Conflict, Missing, Unclear

_NO_SUCH: Final = "NOT_FOUND"

type Json = Mapping[str, object]


class ShopifyCancels:
    cancels_lines = True

    def cancel(self, *, account: Account, cancellation: Cancellation) -> Told:
        admin = Admin(account)
        if not cancellation.is_whole:
            return edits.take_off(admin, cancellation)
        order = _order(admin, documents.TO_CANCEL, cancellation.order)
        if order.get("cancelledAt"):
            return Told()
        if any(text(one.get("status")) not in CAME_TO_NOTHING for one in objects(order.get("fulfillments"))):
            raise Conflict("Shopify has parcels of this order as sent: it cannot be cancelled any more")
        payload = inside(
            admin.change(documents.CANCEL, id=order["id"], **back.cancel(cancellation)), "orderCancel"
        )
        if refused := refusal(payload, "orderCancelUserErrors"):
            codes = {text(one.get("code")) for one in objects(payload.get("orderCancelUserErrors"))}
            raise Missing(str(refused)) if _NO_SUCH in codes else Conflict(str(refused))
        if not _order(admin, documents.TO_CANCEL, cancellation.order).get("cancelledAt"):
            raise Unclear("Shopify is still at cancelling it")  # it does so in a job of its own
        return Told()

    def find_cancellation(self, *, account: Account, cancellation: Cancellation) -> Told | None:
        """An order is cancelled once, whoever asked for it."""
        admin = Admin(account)
        if not cancellation.is_whole:
            return edits.found(admin, cancellation)
        order = _order(admin, documents.TO_CANCEL, cancellation.order)
        return Told() if order.get("cancelledAt") else None


class ShopifyRefunds:
    def refund(self, *, account: Account, refund: Refund) -> Told:
        admin = Admin(account)
        order = _order(admin, documents.TO_REFUND, refund.order)
        if (known := back.known(refund, order)) is not None:
            return _told(known)
        wanted = back.to_create(refund, order)
        key = goods.digest("refund", account.slug, refund.order, refund.reference)
        payload = inside(admin.change(documents.REFUND, input=wanted, key=key), "refundCreate")
        if refused := refusal(payload):
            raise refused
        made = inside(payload, "refund")
        if back.known(refund, {"refunds": [made]}) is None:
            raise Unclear("Shopify does not say under which note it paid back")
        return _told(made)

    def find_refund(self, *, account: Account, refund: Refund) -> Told | None:
        known = back.known(refund, _order(Admin(account), documents.TO_REFUND, refund.order))
        if known is None or back.has_failed(known):
            return None
        return Told(text(known.get("legacyResourceId")))


def _told(refund: Json) -> Told:
    if back.has_failed(refund):
        raise Conflict("Shopify has the refund, and the payment provider did not pay it: look there")
    return Told(text(refund.get("legacyResourceId")))


def _order(admin: Admin, document: str, order: str) -> Json:
    if not order.isdecimal():
        raise Missing(f"{order!r} is no id of an order of Shopify's")
    found = admin.ask(document, id=names.gid("Order", order)).get("order")
    if not isinstance(found, dict):
        raise Missing(f"Shopify has no order {order}")
    return found
