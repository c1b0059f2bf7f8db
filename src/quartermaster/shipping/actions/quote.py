"""Ask every carrier what a parcel would cost, outside every transaction, and put the question together."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from msgspec.structs import replace

from quartermaster.core.errors import NotFound, Refused
from quartermaster.shipping.actions.shopping import offers_for
from quartermaster.shipping.ports import Account, Offer, Shipment, Within
from quartermaster.shipping.queries.barred import barred_of
from quartermaster.shipping.queries.customs import declarations
from quartermaster.shipping.queries.lanes import lanes
from quartermaster.shipping.queries.pauses import paused
from quartermaster.shipping.queries.shipments import ToShip, to_ship
from quartermaster.shipping.queries.tables import tables_in_force
from quartermaster.shipping.rules import ByHand, Choice, Inputs, Paused, Tables, decide
from quartermaster.shipping.rules.addresses import faults
from quartermaster.shipping.rules.customs import crosses
from quartermaster.shipping.rules.decide import VERSION
from quartermaster.shipping.rules.lanes import Lane
from quartermaster.shipping.rules.preferences import with_options


class Unrated(Refused):
    code = "address-incomplete"
    status = 422
    message = "The address is incomplete: {missing}."
    remedy = "Correct the shipping address on the order; the label is asked for again by itself."


class Undeclarable(Unrated):
    code = "customs-number-missing"
    message = "It cannot be declared: {missing} Write the number under /api/customs, then ask again."
    remedy = "PUT /api/customs with the number, for the company or the site; then ask for the label again."


def rates(parcel_id: int, *, at: datetime) -> tuple[Inputs, Choice]:
    """Every service for a parcel as it stands now, and the choice the rules would make. Changes nothing.

    Raises NotFound, Unrated.
    """
    inputs = inputs_for(parcel_id, by_hand=None, ready_at=at)
    return inputs, decide(inputs)


def inputs_for(parcel_id: int, *, by_hand: ByHand | None, ready_at: datetime) -> Inputs:
    """Everything a decision is made from. A carrier that does not answer is named, the others are asked."""
    parcel = to_ship({parcel_id: ready_at}).get(parcel_id)
    if parcel is None:
        raise NotFound(what="parcel", which=f"P-{parcel_id}")
    tables = tables_in_force().tables
    shipment = _optioned(_shipment(parcel), tables)
    if missing := _undeclared({parcel_id: shipment}).get(parcel_id):
        raise missing
    offers, unasked = offers_for(shipment)
    country = shipment.receiver.country
    records = lanes([(country, offers)]).get(country, ())
    inputs = _inputs(tables, shipment, offers, unasked, by_hand, paused(), records)
    barred = barred_of({parcel_id: (shipment, offers)}).get(parcel_id, ())
    return replace(inputs, barred=barred) if barred else inputs


class Asked(NamedTuple):
    """What `inputs_for` is asked about one parcel."""

    by_hand: ByHand | None
    ready_at: datetime


def inputs_within(
    asked: Mapping[int, Asked], carriers: Sequence[tuple[Account, Within]]
) -> dict[int, Inputs | Unrated]:
    """`inputs_for` of many parcels by id, when these are all the carriers there are. A constant number of
    statements."""
    tables = tables_in_force().tables
    found: dict[int, Inputs | Unrated] = {}
    shipments: dict[int, Shipment] = {}
    for parcel_id, parcel in to_ship({key: each.ready_at for key, each in asked.items()}).items():
        try:
            shipments[parcel_id] = _optioned(_shipment(parcel), tables)
        except Unrated as refusal:
            found[parcel_id] = refusal
    for parcel_id, missing in _undeclared(shipments).items():
        found[parcel_id] = missing
        del shipments[parcel_id]
    offers: dict[int, list[Offer]] = {parcel_id: [] for parcel_id in shipments}
    for account, carrier in carriers:
        rated = carrier.rate_all(account=account, shipments=list(shipments.values()))
        for parcel_id, some in zip(shipments, rated, strict=True):
            offers[parcel_id].extend(some)
    pauses = paused()
    records = lanes((shipments[each].receiver.country, some) for each, some in offers.items())
    barred = barred_of({key: (shipment, offers[key]) for key, shipment in shipments.items()})
    for parcel_id, shipment in shipments.items():
        by_hand = asked[parcel_id].by_hand
        known = records.get(shipment.receiver.country, ())
        inputs = _inputs(tables, shipment, offers[parcel_id], (), by_hand, pauses, known)
        found[parcel_id] = replace(inputs, barred=barred.get(parcel_id, ()))
    return found


def _undeclared(shipments: Mapping[int, Shipment]) -> dict[int, Undeclarable]:
    """Parcels that cross a border without a number customs will not do without. Nothing is read for those
    that cross none."""
    abroad = [key for key, each in shipments.items() if crosses(each.country, each.receiver.country)]
    return {
        key: Undeclarable(missing=" ".join(told.refused))
        for key, told in declarations(abroad).items()
        if told.refused
    }


def _optioned(shipment: Shipment, tables: Tables) -> Shipment:
    return with_options(shipment, tables.preferences, currency=tables.currency)


def _shipment(parcel: ToShip) -> Shipment:
    is_theirs = parcel.shipment is not None and parcel.shipment.channel
    missing = [] if is_theirs else faults(parcel.receiver)
    if missing or parcel.shipment is None:
        raise Unrated(missing=", ".join(missing))
    return parcel.shipment


def _inputs(
    tables: Tables,
    shipment: Shipment,
    offers: Sequence[Offer],
    unasked: Sequence[str],
    by_hand: ByHand | None,
    pauses: tuple[Paused, ...],
    records: tuple[Lane, ...],
) -> Inputs:
    return Inputs(
        version=VERSION,
        currency=tables.currency,
        late_minor_a_day=tables.late_minor_a_day,
        late_days_max=tables.late_days_max,
        shipment=shipment,
        offers=tuple(_counted(each, tables.currency) for each in offers),
        unasked=tuple(unasked),
        by_hand=by_hand,
        paused=pauses,
        preferences=tables.preferences,
        lanes=_of_offers(records, offers),
    )


def _counted(offer: Offer, currency: str) -> Offer:
    """What costs nothing costs nothing in any currency."""
    return replace(offer, currency=currency) if offer.cost_minor == 0 and not offer.currency else offer


def _of_offers(records: Sequence[Lane], offers: Sequence[Offer]) -> tuple[Lane, ...]:
    """Those that belong to this question: a batch asks for the offers of all its parcels at once."""
    names = {(offer.carrier, offer.service) for offer in offers}
    return tuple(each for each in records if (each.carrier, each.service) in names)
