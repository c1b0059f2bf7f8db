"""Flipkart's shipments: those that changed, those that are ready to be picked up, those that are cancelled.

A shipment has no place for a reference of ours. It needs none: an order here is one shipment there, it is
called for once, and its own state says whether it was.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from quartermaster.channels.ports import Cancellation, Changes, Shipment, Told
from quartermaster.connectors.calls import Caller
from quartermaster.connectors.flipkart.sign_in import Session
from quartermaster.connectors.flipkart.translate import asking, cancelling
from quartermaster.connectors.flipkart.translate.complaints import failure
from quartermaster.connectors.picked import objects, text
from quartermaster.core.outside import Account, Conflict, Missing, NotDone, RefusedOutside, Unclear

_FILTER: Final = "/v3/shipments/filter"
_SHIPMENTS: Final = "/v3/shipments"

type Json = Mapping[str, object]


class FlipkartChannel:
    def changes(self, *, account: Account, since: datetime, cursor: str) -> Changes:
        place = asking.place(cursor)
        answer, at = Session(account).do(lambda caller: self._page(caller, account, place, since))
        began = place.began or at.isoformat()
        try:
            found, token = asking.changes(answer), asking.token(answer)
        except ValueError as wrong:
            raise NotDone(f"Flipkart's list cannot be read: {wrong}") from None
        if token:
            return Changes(found, asking.cursor(asking.Place(place.turn, began, token)))
        if place.turn + 1 < len(asking.TURNS):
            return Changes(found, asking.cursor(asking.Place(place.turn + 1, began)))
        return Changes(found, "", up_to=datetime.fromisoformat(began))

    def _page(
        self, caller: Caller, account: Account, place: asking.Place, since: datetime
    ) -> tuple[Json, datetime]:
        if place.token:
            answer = caller.look(_FILTER, params={"next_token": place.token})
        else:
            location = account.settings.get("location_id", "")
            answer = caller.ask(_FILTER, asking.question(place.turn, since, location))
        return answer, caller.answered_at

    def confirm_shipment(self, *, account: Account, shipment: Shipment) -> Told:
        """Ready to dispatch, with the parcel that completes it. Its label makes it packed before."""
        if not shipment.is_last:
            return Told(shipment.order)
        here = Session(account)
        theirs = one_shipment(here, shipment.order)
        if asking.is_told(theirs):
            return Told(shipment.order)
        body = {
            "shipmentIds": [shipment.order],
            "locationId": text(theirs.get("locationId")) or account.settings.get("location_id", ""),
        }
        because = done(here, "/v3/shipments/dispatch", body, shipment.order)
        if because:
            _refuse(here, shipment.order, because)
        return Told(shipment.order)

    def find_shipment(self, *, account: Account, shipment: Shipment) -> Told | None:
        """A parcel that is not the last of its order is told with the last one: of that one all is known."""
        if not shipment.is_last:
            return Told(shipment.order)
        theirs = one_shipment(Session(account), shipment.order)
        return Told(shipment.order) if asking.is_told(theirs) else None


class FlipkartCancels:
    cancels_lines = False  # it cancels whole items, and with them others of their group

    def cancel(self, *, account: Account, cancellation: Cancellation) -> Told:
        if not cancellation.is_whole:
            raise Conflict("Flipkart is asked to cancel a shipment whole; a part of it: in the Seller Hub")
        here = Session(account)
        theirs = one_shipment(here, cancellation.order)
        if cancelling.is_done(theirs):
            return Told(cancellation.order)
        if asking.is_packed(theirs):
            raise Conflict("it is packed at Flipkart: that is cancelled in the Seller Hub")
        body = cancelling.body(theirs, cancellation, account.settings.get("location_id", ""))
        because = done(here, "/v3/shipments/cancel", body, cancellation.order)
        if because and not cancelling.is_done(one_shipment(here, cancellation.order)):
            raise Conflict(because)
        return Told(cancellation.order)

    def find_cancellation(self, *, account: Account, cancellation: Cancellation) -> Told | None:
        """A part is never cancelled from here: of that nothing is known."""
        if not cancellation.is_whole:
            return None
        try:
            theirs = one_shipment(Session(account), cancellation.order)
        except Missing:
            return None
        except RefusedOutside as refusal:
            raise Unclear(f"Flipkart does not say: {refusal}") from None
        return Told(cancellation.order) if cancelling.is_done(theirs) else None


def one_shipment(here: Session, shipment_id: str) -> Json:
    """As it is now. Raises Missing, NotDone."""
    answer = here.do(lambda caller: caller.look(_SHIPMENTS, params={"shipmentIds": shipment_id}))
    found = [one for one in objects(answer.get("shipments")) if one.get("shipmentId") == shipment_id]
    if not found and not isinstance(answer.get("shipments"), list):
        raise NotDone("Flipkart answered without shipments")
    if not found:
        raise Missing(f"Flipkart knows of no shipment {shipment_id}")
    return found[0]


def done(here: Session, path: str, body: Json, shipment_id: str) -> str:
    """Do something with one shipment; returns why it was not done, "" when it was. Raises Unclear when
    Flipkart says nothing about it."""
    answer = here.do(lambda caller: caller.change("POST", path, body))
    said = [one for one in objects(answer.get("shipments")) if one.get("shipmentId") == shipment_id]
    if not said:
        raise Unclear("Flipkart did not say what became of it")
    return failure(said[0])


def _refuse(here: Session, shipment_id: str, because: str) -> None:
    """It says no. To what is so already, it also says no: then nothing is wrong."""
    theirs = one_shipment(here, shipment_id)
    if asking.is_told(theirs):
        return
    if not asking.is_packed(theirs):
        raise Conflict(f"it has no label of Flipkart's yet, or is on hold there: {because}")
    raise Conflict(because)
