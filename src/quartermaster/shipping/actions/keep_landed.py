"""Keep what duties and taxes were expected to be when a label was decided, with all it was made from."""

from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from quartermaster.core import sql
from quartermaster.shipping.queries.landed import asked_of
from quartermaster.shipping.rules.landed import estimate

KEEP = """
insert into shipping_landed (label_id, version, inputs, estimate)
select * from unnest(%(labels)s::bigint[], %(versions)s::int[], %(inputs)s::bytea[], %(estimates)s::bytea[])
on conflict (label_id) do update set version = excluded.version, inputs = excluded.inputs,
  estimate = excluded.estimate
"""


class Going(NamedTuple):
    """A parcel that crosses a border, and what it goes with."""

    label_id: int
    carrier: str
    service: str


def keep_landed(going: Mapping[int, Going]) -> None:
    """By parcel. A constant number of statements; none when nothing crosses a border."""
    if not going:
        return
    asked = asked_of({key: (each.carrier, each.service) for key, each in going.items()})
    told = {
        "labels": [going[key].label_id for key in asked],
        "versions": [each.version for each in asked.values()],
        "inputs": [msgspec.json.encode(each) for each in asked.values()],
        "estimates": [msgspec.json.encode(estimate(each)) for each in asked.values()],
    }
    sql.run(KEEP, told)
