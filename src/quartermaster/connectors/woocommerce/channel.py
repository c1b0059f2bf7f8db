"""WooCommerce's REST API v3: orders that changed, and parcels that left.

https://woocommerce.github.io/woocommerce-rest-api-docs/, read 2026-11-23.
"""

from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime

from quartermaster.channels.ports import Changes, Shipment, Told
from quartermaster.connectors.calls import Caller
from quartermaster.connectors.complaints import Complaint
from quartermaster.connectors.picked import text
from quartermaster.connectors.woocommerce.translate import telling
from quartermaster.core.outside import Account, AuthExpired, NotDone, Unclear

_API = "/wp-json/wc/v3"


class WooChannel:
    def changes(self, *, account: Account, since: datetime, cursor: str) -> Changes:
        caller = self._caller(account)
        after, at, asked = telling.page(since, cursor)
        orders, answered_at = caller.listed(f"{_API}/orders", params=asked)
        try:
            found = tuple(telling.change(order) for order in orders)
            if len(orders) < telling.PAGE:
                return Changes(found, "", up_to=answered_at)
            return Changes(found, telling.following(after, at, orders))
        except ValueError:
            raise NotDone("WooCommerce lists an order without the moment of its last change") from None

    def confirm_shipment(self, *, account: Account, shipment: Shipment) -> Told:
        caller, path = self._caller(account), f"{_API}/orders/{shipment.order}"
        order = caller.look(path)
        if not telling.is_known(shipment, order):
            order = caller.change("PUT", path, telling.update(shipment, order))
            if not telling.is_known(shipment, order):
                raise Unclear(f"WooCommerce did not keep what it was told: {_complaint(order).because}")
        known = self._note(caller, shipment)
        if not known:
            made = caller.change("POST", f"{path}/notes", telling.note(shipment))
            known = telling.note_of(shipment, [made])
            if not known:
                raise Unclear(f"WooCommerce did not write the note: {_complaint(made).because}")
        return Told(known)

    def find_shipment(self, *, account: Account, shipment: Shipment) -> Told | None:
        caller = self._caller(account)
        order = caller.look(f"{_API}/orders/{shipment.order}")
        note = self._note(caller, shipment)
        return Told(note) if note and telling.is_known(shipment, order) else None

    def _note(self, caller: Caller, shipment: Shipment) -> str:
        notes, _ = caller.listed(f"{_API}/orders/{shipment.order}/notes")
        return telling.note_of(shipment, notes)

    def _caller(self, account: Account) -> Caller:
        told = account.settings
        key, secret = told.get("consumer_key", ""), told.get("consumer_secret", "")
        if not (key and secret):
            raise AuthExpired(f"{account.slug} has no consumer key: it can be neither asked nor told")
        proof = b64encode(f"{key}:{secret}".encode()).decode()
        return Caller(
            told.get("url", ""),
            name="WooCommerce",
            headers={"Authorization": f"Basic {proof}", "Accept": "application/json"},
            complaint=_complaint,
            secrets=(key, secret, proof),
        )


def _complaint(said: Mapping[str, object]) -> Complaint:
    return Complaint(text(said.get("code")), text(said.get("message")))
