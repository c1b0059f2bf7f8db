"""Ask every carrier what a parcel would cost, outside every transaction, and put the question together."""

from datetime import datetime

from quartermaster.core.errors import NotFound, Refused
from quartermaster.shipping.ports import NotDone, Offer, RefusedByCarrier, Shipment, Unclear
from quartermaster.shipping.queries.carriers import connected
from quartermaster.shipping.queries.shipments import to_ship
from quartermaster.shipping.queries.tables import tables_in_force
from quartermaster.shipping.rules import ByHand, Choice, Inputs, decide
from quartermaster.shipping.rules.addresses import faults
from quartermaster.shipping.rules.decide import VERSION


class Unrated(Refused):
    code = "address-incomplete"
    status = 422
    message = "The address is incomplete: {missing}."
    remedy = "Correct the shipping address on the order; the label is asked for again by itself."


def rates(parcel_id: int, *, at: datetime) -> tuple[Inputs, Choice]:
    """Every service for a parcel as it stands now, and the choice the rules would make. Changes nothing.

    Raises NotFound, Unrated.
    """
    inputs = inputs_for(parcel_id, by_hand=None, ready_at=at)
    return inputs, decide(inputs)


def inputs_for(parcel_id: int, *, by_hand: ByHand | None, ready_at: datetime) -> Inputs:
    """Everything a decision is made from. A carrier that does not answer is named, the others are asked."""
    parcel = to_ship([parcel_id], ready_at=ready_at).get(parcel_id)
    if parcel is None:
        raise NotFound(what="parcel", which=f"P-{parcel_id}")
    missing = faults(parcel.receiver)
    if missing or parcel.shipment is None:
        raise Unrated(missing=", ".join(missing))
    tables = tables_in_force().tables
    offers, unasked = _offers(parcel.shipment)
    return Inputs(
        version=VERSION,
        currency=tables.currency,
        late_minor_a_day=tables.late_minor_a_day,
        late_days_max=tables.late_days_max,
        shipment=parcel.shipment,
        offers=tuple(offers),
        unasked=tuple(unasked),
        by_hand=by_hand,
    )


def _offers(shipment: Shipment) -> tuple[list[Offer], list[str]]:
    offers: list[Offer] = []
    unasked = []
    for account, carrier in connected():
        try:
            offers.extend(carrier.rate(account=account, shipment=shipment))
        except (NotDone, Unclear, RefusedByCarrier) as error:
            unasked.append(f"{account.slug} gave no rates: {error}.")
    return offers, unasked
