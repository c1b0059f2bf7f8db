"""The versions of the rule stack, and the lanes that price them."""

from datetime import datetime

import msgspec

from quartermaster.allocation.rules import DEFAULT, RuleSet
from quartermaster.core import sql
from quartermaster.core.errors import NotFound
from quartermaster.core.queries import versions
from quartermaster.core.queries.versions import Document, in_force, version_of


class Version(msgspec.Struct, frozen=True):
    """A rule stack with why it was made. made_at is None for the one we start with."""

    rules: RuleSet
    because: str
    actor: str
    made_at: datetime | None


class LaneShown(msgspec.Struct, frozen=True):
    """What a parcel from a site to a country costs, and its days.
    country "" is everywhere else; None: not known."""

    country: str
    cost_minor: int | None
    currency: str
    days: int | None


RULES = Document("The rule set", "allocation_rules", "rules", RuleSet, DEFAULT, "What we start with.")
LANES = """
select row_to_json(n)::text from (
  select n.country, n.cost_minor, n.currency, n.days from allocation_lane n
  join stock_location l on l.id = n.location_id where l.code = %s order by n.country) n
"""
_lane = msgspec.json.Decoder(LaneShown)


def rules_in_force() -> Version:
    """The highest version; the one we start with while nobody has changed it."""
    return _told(in_force(RULES))


def rules_of(version: int) -> Version:
    """One version. Raises NotFound."""
    return _told(version_of(RULES, version))


def _told(found: versions.Version[RuleSet]) -> Version:
    return Version(found.content, found.because, found.actor, found.made_at)


def lanes(location: str) -> list[LaneShown]:
    """The lanes of a site by its code, sorted by country. Raises NotFound for a site nobody knows."""
    found = [_lane.decode(row[0]) for row in sql.run(LANES, (location,))]
    if not found and not sql.run("select id from stock_location where code = %s", (location,)):
        raise NotFound(what="location", which=location)
    return found
