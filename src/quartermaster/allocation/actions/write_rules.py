"""The rule stack and the lanes, written by people: every version is kept, for it explains old decisions."""

from collections.abc import Mapping
from datetime import datetime

import msgspec
from django.db import transaction

from quartermaster.allocation.queries.ruleset import RULES
from quartermaster.allocation.rules import Rule, RuleSet, check
from quartermaster.core import sql
from quartermaster.core.actions.versions import next_version, write_version
from quartermaster.core.currencies import EXPONENT
from quartermaster.core.errors import Invalid, NotFound
from quartermaster.core.events import emit
from quartermaster.events import LocationChanged, RulesChanged

DROP_LANES = "delete from allocation_lane where location_id = %s and not country = any(%s::text[])"
LANES = """
insert into allocation_lane (location_id, country, cost_minor, currency, days)
select %s, country, cost_minor, currency, days
from jsonb_to_recordset(%s::jsonb) as l(country text, cost_minor bigint, currency text, days smallint)
on conflict (location_id, country) do update
  set cost_minor = excluded.cost_minor, currency = excluded.currency, days = excluded.days
"""


class Lane(msgspec.Struct, frozen=True):
    """A parcel to `country` ("" = everywhere else): its cost in minor units and its days on the road."""

    country: str
    cost_minor: int | None
    currency: str
    days: int | None


def write_rules(
    rules: tuple[Rule, ...], *, because: str, version: int | None = None, at: datetime, by: str
) -> RuleSet:
    """Put a new version of the rule stack in force. Raises Invalid with every problem in words.

    `version` is the one it was made from: VersionMoved when another has come into force since.
    """
    with transaction.atomic():
        number = next_version(RULES, version)
        written = RuleSet(number.version, rules)
        wrong = {f"rules {n}": problem for n, problem in enumerate(check(written), 1)}
        write_version(RULES, number, written, wrong=wrong, because=because, at=at, by=by)
        emit([RulesChanged(subject="rules", at=at, actor=by, version=written.version, because=because)])
    return written


def set_lanes(location: str, lanes: tuple[Lane, ...], *, at: datetime, by: str) -> None:
    """Say what parcels from a site cost and how long they take: the whole list. Raises NotFound, Invalid."""
    errors = {}
    for n, lane in enumerate(lanes):
        if lane.country and not (
            len(lane.country) == 2 and lane.country.isalpha() and lane.country.isupper()
        ):
            errors[f"lanes {n} country"] = "two capital letters, or nothing for everywhere else"
        if lane.cost_minor is not None and (lane.cost_minor < 0 or lane.currency not in EXPONENT):
            errors[f"lanes {n} cost"] = "not below zero, in an ISO 4217 currency"
        if lane.days is not None and not 0 <= lane.days <= 365:
            errors[f"lanes {n} days"] = "from 0 to 365"
    if errors:
        raise Invalid(what="The lanes", errors=errors)
    with transaction.atomic():
        found = sql.run("select id from stock_location where code = %s for no key update", (location,))
        if not found:
            raise NotFound(what="site", which=location)
        sql.run(DROP_LANES, (found[0][0], [lane.country for lane in lanes]))
        sql.run(LANES, (found[0][0], sql.rows(lanes)))
        changed: Mapping[str, tuple[object, object]] = {
            f"lane {lane.country or 'elsewhere'}": (
                None,
                f"{lane.cost_minor} {lane.currency}, {lane.days} days",
            )
            for lane in lanes
        }
        emit(
            [
                LocationChanged(
                    subject=f"location:{location}",
                    at=at,
                    actor=by,
                    location_id=found[0][0],
                    changed=dict(changed),
                )
            ]
        )
