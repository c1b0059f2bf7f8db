"""The versions of how a site picks."""

from datetime import datetime

import msgspec

from quartermaster.core import sql
from quartermaster.warehouse.rules.policy import FIRST, PickPolicy

VERSIONS_SHOWN = 20


class PolicyVersion(msgspec.Struct, frozen=True):
    """A policy with who made it and why. version 0 is what we start with, and made_at None then."""

    version: int
    policy: PickPolicy
    because: str
    actor: str
    made_at: datetime | None


START = PolicyVersion(0, FIRST, "What we start with.", "system", None)
VERSIONS = """
select row_to_json(r)::text from (
  select version, policy, because, actor, created_at as made_at from warehouse_pick_policy
  where location_id = %s order by version desc limit %s) r
"""
_version = msgspec.json.Decoder(PolicyVersion)


def pick_policy(location_id: int) -> PolicyVersion:
    """What is in force at a site: the highest version. One statement."""
    found = sql.run(VERSIONS, (location_id, 1))
    return _version.decode(found[0][0]) if found else START


def policy_versions(location_id: int) -> list[PolicyVersion]:
    """The newest first."""
    return [_version.decode(row[0]) for row in sql.run(VERSIONS, (location_id, VERSIONS_SHOWN))]
