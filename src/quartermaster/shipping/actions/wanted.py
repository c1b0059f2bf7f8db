"""What is told to a carrier when a decided label is bought: always the same for one reference."""

from quartermaster.shipping.actions.row import Row
from quartermaster.shipping.ports import Wanted
from quartermaster.shipping.rules import Inputs


def wanted_of(row: Row, inputs: Inputs) -> Wanted:
    chosen = (row.carrier, row.service, row.account)
    refs = (each.ref for each in inputs.offers if (each.carrier, each.service, each.account) == chosen)
    return Wanted(
        row.reference,
        row.carrier,
        row.service,
        inputs.shipment,
        row.cost_minor,
        row.currency,
        next(refs, ""),
    )
