"""How a site picks, set by a person: every version is kept, for it explains older waves."""

from datetime import datetime

import msgspec
from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.actions.versions import VersionMoved
from quartermaster.core.errors import Invalid
from quartermaster.core.events import emit
from quartermaster.events import PickPolicyChanged
from quartermaster.stock.queries.locations import location_id
from quartermaster.warehouse.queries.policy import PolicyVersion, pick_policy
from quartermaster.warehouse.rules.policy import PickPolicy, errors_in

WRITE = """
insert into warehouse_pick_policy (location_id, version, policy, because, actor, created_at)
values (%s, %s, %s::jsonb, %s, %s, %s)
"""
UNKNOWN = """
select w.code from unnest(%s::text[]) as w(code)
where not exists (select from catalog_sku s where s.code = w.code) order by 1 limit 10
"""


def write_policy(
    location: str, policy: PickPolicy, *, because: str, version: int | None = None, at: datetime, by: str
) -> PolicyVersion:
    """Put a new version in force at a site; the same as before changes nothing. Raises NotFound, Invalid that
    names every faulty field, VersionMoved when another than `version` has come into force."""
    with transaction.atomic():
        site = location_id(location)
        sql.run("select pg_advisory_xact_lock(hashtextextended('pick policy', %s))", (site,))
        before = pick_policy(site)
        if version is not None and version != before.version:
            raise VersionMoved(name=f"How {location} picks", version=before.version, yours=version)
        errors = errors_in(policy)
        if unknown := [row[0] for row in sql.run(UNKNOWN, (list(policy.skus),))]:
            errors["skus"] = f"nobody knows {', '.join(unknown)}"
        if not because.strip():
            errors["because"] = "say why"
        if errors:
            raise Invalid(what="The pick policy", errors=errors)
        if policy == before.policy:
            return before
        made, why = before.version + 1, because.strip()
        sql.run(WRITE, (site, made, msgspec.json.encode(policy).decode(), why, by, at))
        fact = PickPolicyChanged(
            subject=f"floor:{location}", at=at, actor=by, location=location, version=made, because=why
        )
        emit([fact])
        return PolicyVersion(made, policy, why, by, at)
