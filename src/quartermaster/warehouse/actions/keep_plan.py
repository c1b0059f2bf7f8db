"""Keep what was suggested for a parcel, with all it was made from."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

import msgspec
from django.db import transaction

from quartermaster.core import sql
from quartermaster.warehouse.actions.parcels import ParcelOver, locked

KEEP = """
insert into warehouse_packing_plan (parcel_id, digest, inputs, plan, because, rules_version,
  packaging_version, tables_version, made_at, made_by)
select %(parcel)s, %(digest)s, %(inputs)s, %(plan)s::jsonb, %(because)s::jsonb, %(rules)s, %(packaging)s,
  %(tables)s, %(at)s, %(by)s
where %(digest)s is distinct from (
  select digest from warehouse_packing_plan where parcel_id = %(parcel)s order by id desc limit 1)
"""


class Planned(NamedTuple):
    """A plan as JSON (None: nothing is suggested), its reasons, its inputs as JSON, and the versions of the
    rule, of the packaging and of the rate tables it was made by."""

    plan: str | None
    because: Sequence[str]
    inputs: bytes
    versions: tuple[int, int, int]


def keep_plan(parcel_id: int, planned: Planned, *, at: datetime, by: str) -> None:
    """The newest of a parcel that is being packed counts; the same inputs again write nothing. Raises
    NotFound, ParcelOver."""
    rules, packaging, tables = planned.versions
    with transaction.atomic():
        parcel, _ = locked(parcel_id)
        if parcel.state != "packing":
            raise ParcelOver(parcel_id=parcel_id, state=parcel.state)
        row = {
            "parcel": parcel_id,
            "digest": sha256(planned.inputs).digest(),
            "inputs": planned.inputs,
            "plan": planned.plan,
            "because": msgspec.json.encode(planned.because).decode(),
            "rules": rules,
            "packaging": packaging,
            "tables": tables,
            "at": at,
            "by": by,
        }
        sql.run(KEEP, row)
