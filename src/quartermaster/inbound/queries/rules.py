"""The put-away chain in force."""

from msgspec import json

from quartermaster.core import sql
from quartermaster.inbound.rules.put_away import ORDINARY, Chain

NEWEST = "select version, rules::text from inbound_put_away_rules order by version desc limit 1"


def chain_in_force() -> tuple[int, Chain]:
    """Its version and itself; version 0 is the one we come with."""
    for version, rules in sql.run(NEWEST):
        return int(version), json.decode(rules, type=Chain)
    return 0, ORDINARY
