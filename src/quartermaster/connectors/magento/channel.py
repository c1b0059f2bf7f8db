"""Orders of a Magento shop that changed, and parcels it is told of."""

from datetime import datetime

from quartermaster.channels.ports import Changes, Shipment, Told
from quartermaster.connectors.calls import Caller
from quartermaster.connectors.magento.client import API, caller_of, everything
from quartermaster.connectors.magento.translate import asking, telling
from quartermaster.connectors.magento.translate.asking import Filter
from quartermaster.connectors.picked import objects
from quartermaster.core.outside import Account, Invalid, NotDone, Unclear


class MagentoChannel:
    def changes(self, *, account: Account, since: datetime, cursor: str) -> Changes:
        caller = caller_of(account)
        at = asking.place(since, cursor)
        answer, answered_at = caller.looked(f"{API}/orders", params=asking.changed(at))
        if "total_count" not in answer:
            raise NotDone(f"Magento gave no list of orders: {asking.complaint(answer).because}")
        orders = asking.found(answer)
        memos = self._memos(caller, asking.refunded(orders))
        found = tuple(asking.change(order, memos) for order in orders)
        try:
            after = asking.following(at, orders, is_last=asking.is_last(answer, 1, asking.ORDERS))
        except ValueError:
            raise NotDone("Magento lists an order without the moment of its last change") from None
        return Changes(found, after.cursor) if after else Changes(found, "", up_to=answered_at)

    def confirm_shipment(self, *, account: Account, shipment: Shipment) -> Told:
        caller, path = caller_of(account), f"{API}/orders/{shipment.order}"
        order = caller.look(path)
        if known := self._known(caller, shipment, order):
            return known
        sent = telling.units(shipment, order, self._whole(caller, shipment, order))
        if not all(row.isdecimal() for row in sent):
            raise Invalid("A line of it has no id of Magento's: it was read with a doubt")
        if not sent:  # a part of a bundle that is shipped whole: the parcel that completes it tells of it
            return self._said(caller, path, shipment, order)
        asked = telling.ship(shipment, sent, account.settings.get("source_code", ""))
        answer = caller.change_any("POST", f"{API}/order/{shipment.order}/ship", asked)
        if theirs := telling.made(answer):
            return Told(theirs)
        raise Unclear("Magento did not say which shipment it made")

    def find_shipment(self, *, account: Account, shipment: Shipment) -> Told | None:
        caller = caller_of(account)
        return self._known(caller, shipment, caller.look(f"{API}/orders/{shipment.order}"))

    def _known(self, caller: Caller, shipment: Shipment, order: dict[str, object]) -> Told | None:
        of_order = (Filter("order_id", "eq", shipment.order),)
        theirs = telling.document(shipment.reference, everything(caller, "/shipments", of_order))
        if theirs:
            return Told(theirs)
        said = telling.has_comment(shipment.reference, objects(order.get("status_histories")))
        return Told() if said else None

    def _said(self, caller: Caller, path: str, shipment: Shipment, order: dict[str, object]) -> Told:
        asked = telling.comment(order, telling.said(shipment), tells_buyer=False)
        if caller.change_any("POST", f"{path}/comments", asked) is not True:
            raise Unclear("Magento did not say that it kept the comment")
        return Told()

    def _whole(self, caller: Caller, shipment: Shipment, order: dict[str, object]) -> frozenset[str]:
        """Rows of bundles that are shipped as one; the order itself does not tell."""
        bundles = telling.bundles(shipment, order)
        if not bundles:
            return frozenset()
        products = asking.any_of("entity_id", sorted(set(bundles.values())))
        whole = {
            str(product.get("id"))
            for product in everything(caller, "/products", products)
            if telling.ships_whole(product)
        }
        return frozenset(row for row, product in bundles.items() if product in whole)

    def _memos(self, caller: Caller, orders: list[str]) -> list[dict[str, object]]:
        return everything(caller, "/creditmemos", asking.any_of("order_id", orders)) if orders else []
