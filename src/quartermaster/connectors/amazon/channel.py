"""Amazon's Orders API: orders that changed (2026-01-01), and parcels that left (v0, where that call stays).
Behind the orders of a round come the refunds that were booked meanwhile (Finances API 2024-06-19).

https://developer-docs.amazon.com/sp-api/docs/orders-api, …/finances-api, read 2026-11-23.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import quote

from quartermaster.channels.ports import Changes, Shipment, Told
from quartermaster.connectors.amazon.marketplaces import chosen
from quartermaster.connectors.amazon.sign_in import signed_in
from quartermaster.connectors.amazon.translate import booked, telling
from quartermaster.connectors.calls import Caller
from quartermaster.core.outside import Account, AuthExpired, Conflict, NotDone, Unclear

_ORDERS = "/orders/2026-01-01/orders"
_TRANSACTIONS = "/finances/2024-06-19/transactions"
_NO_ROLE = (
    "Amazon lets the application read orders and no refunds: give it the role Finance and Accounting, or "
    "empty the setting refunds"
)


class AmazonChannel:
    def changes(self, *, account: Account, since: datetime, cursor: str) -> Changes:
        markets = chosen(account.settings.get("marketplaces", ""))
        if place := booked.place(cursor):
            return _refunds(account, place)
        page = telling.page(since, cursor, at=datetime.now(UTC))
        if page.after >= page.before:  # Amazon tells nothing of the last two minutes
            return Changes((), "", up_to=page.before)
        asked = telling.asked(page, markets)
        answer = signed_in(account, lambda caller: caller.look(_ORDERS, params=asked))
        try:
            found = tuple(telling.change(order) for order in telling.orders(answer))
        except ValueError as error:
            raise NotDone(str(error)) from None
        following = telling.following(page, answer)
        if not following and account.settings.get("refunds", "").strip().lower() == "yes":
            following = booked.cursor(booked.first(page))
        return Changes(found, following, up_to=None if following else page.before)

    def confirm_shipment(self, *, account: Account, shipment: Shipment) -> Told:
        return signed_in(account, lambda caller: _confirmed(caller, shipment))

    def find_shipment(self, *, account: Account, shipment: Shipment) -> Told | None:
        order = signed_in(account, lambda caller: _order(caller, shipment.order))
        known = telling.package_of(shipment, order)
        return Told(known) if known else None


def _refunds(account: Account, place: booked.Place) -> Changes:
    try:
        answer = signed_in(account, lambda caller: caller.look(_TRANSACTIONS, params=booked.asked(place)))
    except AuthExpired:  # its orders were listed with the same key a moment ago
        raise NotDone(_NO_ROLE) from None
    ids = {one.id for one in chosen(account.settings.get("marketplaces", ""))}
    try:
        found = booked.refunds(answer, ids)
    except ValueError as error:
        raise NotDone(str(error)) from None
    after = booked.following(place, answer)
    return Changes(found, booked.cursor(after)) if after else Changes(found, "", up_to=place.before)


def _confirmed(caller: Caller, shipment: Shipment) -> Told:
    """Amazon knows a package by a number of ours: the same again edits it, and mails nobody."""
    order = _order(caller, shipment.order)
    if known := telling.package_of(shipment, order):
        return Told(known)
    if telling.is_amazons(order):
        raise Conflict("Amazon ships this order itself")
    body = telling.confirmation(shipment, order)
    path = f"/orders/v0/orders/{quote(shipment.order, safe='')}/shipmentConfirmation"
    said = caller.change("POST", path, body)
    if said:  # it answers nothing when it has understood
        raise Unclear(f"Amazon did not plainly take the parcel: {telling.complaint(said).because}")
    return Told(telling.package_number(shipment))


def _order(caller: Caller, order: str) -> Mapping[str, object]:
    params = {"includedData": "FULFILLMENT,PACKAGES"}
    found = caller.look(f"{_ORDERS}/{quote(order, safe='')}", params=params).get("order")
    if not isinstance(found, dict):
        raise NotDone("Amazon shows no order where one was asked for")
    return found
