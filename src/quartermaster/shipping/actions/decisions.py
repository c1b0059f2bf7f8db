"""Keep what was decided about labels, with all it was made from."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from quartermaster.core import sql
from quartermaster.shipping.actions.keep_declared import keep_declared
from quartermaster.shipping.actions.keep_landed import Going, keep_landed
from quartermaster.shipping.queries.shipments import parcel_id_of
from quartermaster.shipping.rules import Choice, Inputs
from quartermaster.shipping.rules.customs import crosses

DECIDED = """
update shipping_label l set carrier = d.carrier, service = d.service, account = d.account,
  cost_minor = d.cost_minor, currency = d.currency, inputs = d.inputs, decision = d.decision,
  ship_to = d.ship_to::jsonb
from unnest(%(ids)s::bigint[], %(carriers)s::text[], %(services)s::text[], %(accounts)s::text[],
  %(costs)s::bigint[], %(currencies)s::text[], %(inputs)s::bytea[], %(decisions)s::bytea[],
  %(ship_tos)s::text[])
  as d(id, carrier, service, account, cost_minor, currency, inputs, decision, ship_to)
where l.id = d.id
"""


class Decided(NamedTuple):
    """The choice for a label; `ship_to` is the order's address as it was seen under its lock."""

    label_id: int
    inputs: Inputs
    choice: Choice
    ship_to: Mapping[str, object] | None


def keep_decisions(decided: Sequence[Decided]) -> None:
    """One statement, and some more for what crosses a border. The caller holds the locks."""
    chosen = [each.choice.chosen for each in decided]
    sql.run(
        DECIDED,
        {
            "ids": [each.label_id for each in decided],
            "carriers": [each.carrier if each else "" for each in chosen],
            "services": [each.service if each else "" for each in chosen],
            "accounts": [each.account if each else "" for each in chosen],
            "costs": [each.cost_minor if each else None for each in chosen],
            "currencies": [each.currency if each else "" for each in chosen],
            "inputs": [msgspec.json.encode(each.inputs) for each in decided],
            "decisions": [msgspec.json.encode(each.choice) for each in decided],
            "ship_tos": [msgspec.json.encode(each.ship_to).decode() for each in decided],
        },
    )
    going = {
        parcel_id_of(each.inputs.shipment.parcel): Going(each.label_id, one.carrier, one.service)
        for each in decided
        if (one := each.choice.chosen)
        and crosses(each.inputs.shipment.country, each.inputs.shipment.receiver.country)
    }
    keep_landed(going)
    keep_declared(going)
