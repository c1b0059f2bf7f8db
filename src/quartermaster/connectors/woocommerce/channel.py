"""WooCommerce's REST API v3: orders that changed, and parcels that left.

https://woocommerce.github.io/woocommerce-rest-api-docs/, read 2026-11-23.
"""

from datetime import datetime

from quartermaster.channels.ports import Changes, Shipment, Told
from quartermaster.connectors.calls import Caller
from quartermaster.connectors.woocommerce.connection import API, caller_of, complaint
from quartermaster.connectors.woocommerce.translate import telling
from quartermaster.core.outside import Account, NotDone, Unclear


class WooChannel:
    def changes(self, *, account: Account, since: datetime, cursor: str) -> Changes:
        caller = caller_of(account)
        after, at, asked = telling.page(since, cursor)
        orders, answered_at = caller.listed(f"{API}/orders", params=asked)
        try:
            found = tuple(telling.change(order) for order in orders)
            if len(orders) < telling.PAGE:
                return Changes(found, "", up_to=answered_at)
            return Changes(found, telling.following(after, at, orders))
        except ValueError:
            raise NotDone("WooCommerce lists an order without the moment of its last change") from None

    def confirm_shipment(self, *, account: Account, shipment: Shipment) -> Told:
        caller, path = caller_of(account), f"{API}/orders/{shipment.order}"
        order = caller.look(path)
        if not telling.is_known(shipment, order):
            order = caller.change("PUT", path, telling.update(shipment, order))
            if not telling.is_known(shipment, order):
                raise Unclear(f"WooCommerce did not keep what it was told: {complaint(order).because}")
        known = self._note(caller, shipment)
        if not known:
            made = caller.change("POST", f"{path}/notes", telling.note(shipment))
            known = telling.note_of(shipment, [made])
            if not known:
                raise Unclear(f"WooCommerce did not write the note: {complaint(made).because}")
        return Told(known)

    def find_shipment(self, *, account: Account, shipment: Shipment) -> Told | None:
        caller = caller_of(account)
        order = caller.look(f"{API}/orders/{shipment.order}")
        note = self._note(caller, shipment)
        return Told(note) if note and telling.is_known(shipment, order) else None

    def _note(self, caller: Caller, shipment: Shipment) -> str:
        notes, _ = caller.listed(f"{API}/orders/{shipment.order}/notes")
        return telling.note_of(shipment, notes)
