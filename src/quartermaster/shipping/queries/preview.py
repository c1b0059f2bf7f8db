"""What other rules would have chosen for the parcels decided lately."""

from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from quartermaster.core import sql
from quartermaster.shipping.rules import Inputs, decide
from quartermaster.shipping.rules.preferences import Preference, options_told, with_options

LOOKED_AT = 100

DECIDED = """
select 'P-' || parcel_id, inputs from shipping_label where inputs is not null order by id desc limit %s
"""


class Change(msgspec.Struct, frozen=True):
    """A parcel that would have gone otherwise; "" where no service is left. The difference in minor units."""

    parcel: str
    before: str
    after: str
    dearer_minor: int
    because: str


class Preview(msgspec.Struct, frozen=True):
    """Of the `parcels` decided last. `optioned`: so many would be asked for with other options (signature,
    insurance), whose prices are not known before carriers are asked."""

    currency: str
    parcels: int
    changes: tuple[Change, ...]
    dearer_minor: int
    unserved: int
    optioned: int


def preview(preferences: Sequence[Preference]) -> Preview:
    """Asked again from what is stored, by the rules and not by hand. Changes nothing."""
    changes: list[Change] = []
    found = sql.run(DECIDED, (LOOKED_AT,), binary=True)
    currency, optioned = "", 0
    for parcel, stored in found:
        inputs = replace(msgspec.json.decode(stored, type=Inputs), by_hand=None)
        currency = inputs.currency
        shipment = with_options(inputs.shipment, preferences, currency=currency)
        optioned += shipment != inputs.shipment
        before = decide(inputs)
        after = decide(replace(inputs, preferences=tuple(preferences), shipment=shipment))
        one, other = before.chosen, after.chosen
        name = [(each.carrier, each.service) if each else None for each in (one, other)]
        if name[0] != name[1]:
            told = options_told(shipment, preferences, currency=currency)
            changes.append(
                Change(
                    parcel,
                    one.title if one else "",
                    other.title if other else "",
                    (other.cost_minor or 0) - (one.cost_minor or 0) if one and other else 0,
                    " ".join([after.because[0], *told]) if after.because else "",
                )
            )
    return Preview(
        currency=currency,
        parcels=len(found),
        changes=tuple(changes),
        dearer_minor=sum(each.dearer_minor for each in changes),
        unserved=sum(not each.after for each in changes),
        optioned=optioned,
    )
