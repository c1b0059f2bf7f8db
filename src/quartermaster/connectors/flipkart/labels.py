"""Flipkart's own label of a shipment, with its invoice: made by packing it there, fetched as a PDF."""

from typing import Final

from quartermaster.connectors.flipkart.channel import done, one_shipment
from quartermaster.connectors.flipkart.sign_in import Session
from quartermaster.connectors.flipkart.translate import asking, labels
from quartermaster.core.outside import Account, Conflict, Missing, NotDone, RefusedOutside
from quartermaster.shipping.ports import Bought, Shipment

_LABELS: Final = "/v3/shipments/labels"


class FlipkartLabels:
    """A shipment is packed once; that it is makes the same call again an error, so it is read first."""

    def label(self, *, account: Account, shipment: Shipment) -> Bought:
        here, order = Session(account), shipment.channel_order
        theirs = one_shipment(here, order)
        if asking.is_waiting(theirs):
            location = account.settings.get("location_id", "")
            because = done(here, _LABELS, labels.body(theirs, shipment, location), order)
            theirs = one_shipment(here, order)
            if because and asking.is_waiting(theirs):
                raise Conflict(because)
        if not asking.is_packed(theirs):
            if "FORM_FAILED" in asking.states(theirs):
                raise Conflict("Flipkart could not make its papers: look into the Seller Hub")
            raise NotDone("Flipkart is still making the label")
        return _fetched(here, order)

    def find_label(self, *, account: Account, order: str) -> Bought | None:
        here = Session(account)
        try:
            theirs = one_shipment(here, order)
            return _fetched(here, order) if asking.is_packed(theirs) else None
        except Missing:
            return None
        except RefusedOutside as refusal:
            raise NotDone(f"Flipkart does not say: {refusal}") from None


def _fetched(here: Session, order: str) -> Bought:
    """Raises NotDone while a part of it is missing."""
    number = labels.tracking_number(here.do(lambda caller: caller.look(f"/v3/shipments/{order}")))
    if not number:
        raise NotDone("Flipkart has given it no tracking number yet")
    paper = here.do(lambda caller: caller.fetch(f"{caller.address}/v3/shipments/{order}/labels"))
    if not paper.startswith(b"%PDF"):
        raise NotDone("Flipkart gave no label yet")
    return Bought(order, number, 0, "", pdf=paper, carrier_ref=order)
