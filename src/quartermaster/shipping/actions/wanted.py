"""What is told to a carrier when a decided label is bought: always the same for one reference."""

import msgspec

from quartermaster.shipping.actions.row import Row
from quartermaster.shipping.ports import Wanted
from quartermaster.shipping.rules import Inputs


def wanted_of(row: Row, inputs: Inputs) -> Wanted:
    return Wanted(
        row.reference,
        row.carrier,
        row.service,
        inputs.shipment,
        row.cost_minor,
        row.currency,
        _ref(row, inputs),
    )


def ref_of(row: Row) -> str:
    """What the carrier calls the offer the label was bought from."""
    return "" if row.inputs is None else _ref(row, msgspec.json.decode(row.inputs, type=Inputs))


def _ref(row: Row, inputs: Inputs) -> str:
    chosen = (row.carrier, row.service, row.account)
    refs = (each.ref for each in inputs.offers if (each.carrier, each.service, each.account) == chosen)
    return next(refs, "")
