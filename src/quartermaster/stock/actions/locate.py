"""Add sites and change them. Each has a place of its own, where units lie that are in no bin."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import NamedTuple

from django.db import transaction
from msgspec import json

from quartermaster.core import sql
from quartermaster.core.errors import Invalid
from quartermaster.core.events import emit
from quartermaster.core.texts import storable
from quartermaster.events import LocationChanged
from quartermaster.stock.rules import locations as rules
from quartermaster.stock.rules.locations import Site


class Located(NamedTuple):
    """What became of a site: its id, or why it was refused; is_new false when nothing had to change. is_made:
    it was not there before."""

    location_id: int | None
    refused: Invalid | None = None
    is_new: bool = True
    is_made: bool = False


LOCK = "select pg_advisory_xact_lock(hashtextextended('locations', 0))"  # one writer at a time
STATES = """
select code, id, jsonb_build_object('name', name, 'kind', kind, 'country', country, 'region', region,
  'postcode', postcode, 'timezone', timezone, 'latitude', latitude, 'longitude', longitude, 'cutoff', cutoff,
  'orders_per_day_max', orders_per_day_max, 'takes_hazmat', takes_hazmat, 'ships_to', ships_to,
  'is_active', is_active)::text
from stock_location where code = any(%s)
"""
SAVE = """
insert into stock_location (code, name, kind, country, region, postcode, timezone, latitude, longitude,
  cutoff, orders_per_day_max, takes_hazmat, ships_to, is_active)
select code, name, kind, country, region, postcode, timezone, latitude, longitude, cutoff,
  orders_per_day_max, takes_hazmat, ships_to, is_active
from jsonb_to_recordset(%s::jsonb) as w(code text, name text, kind text, country text, region text,
  postcode text, timezone text, latitude float8, longitude float8, cutoff time, orders_per_day_max int,
  takes_hazmat boolean, ships_to jsonb, is_active boolean)
order by code
on conflict (code) do update set name = excluded.name, kind = excluded.kind, country = excluded.country,
  region = excluded.region, postcode = excluded.postcode, timezone = excluded.timezone,
  latitude = excluded.latitude, longitude = excluded.longitude, cutoff = excluded.cutoff,
  orders_per_day_max = excluded.orders_per_day_max, takes_hazmat = excluded.takes_hazmat,
  ships_to = excluded.ships_to, is_active = excluded.is_active
returning code, id
"""
PLACES = """
insert into stock_place (code, location_id, kind)
select code, id, 'site' from stock_location where code = any(%s) order by code
on conflict (code) do nothing
"""


@transaction.atomic
def locate(sites: Sequence[Site], *, at: datetime, by: str, source: str = "") -> list[Located]:
    """Make the sites that are not there, change those that are; one answer per site, in their order.

    Several for one code apply in their order. A refused site stops no other; its Invalid names every field.
    """
    sql.run(LOCK)
    found = sql.run(STATES, ([storable(site.code) for site in sites],))
    ids: dict[str, int] = {code: id for code, id, _ in found}
    before: dict[str, Mapping[str, object]] = {code: _facts(json.decode(facts)) for code, _, facts in found}
    now = dict(before)
    refused: list[Invalid | None] = []
    for site in sites:
        wanted = {**now.get(site.code, rules.NEW), **site.given()}
        errors = rules.errors_in(site.code, wanted)
        refused.append(Invalid(what=f"The location {site.code[:80]!r}", errors=errors) if errors else None)
        if not errors:
            now[site.code] = wanted
    changes = {code: changed for code, facts in now.items() if (changed := _changed(code, before, facts))}
    if changes:
        ids |= dict(sql.run(SAVE, (sql.rows({"code": code, **now[code]} for code in changes),)))
        sql.run(PLACES, (list(changes),))
    emit(
        LocationChanged(
            subject=f"location:{code}", at=at, actor=by, source=source, location_id=ids[code], changed=changed
        )
        for code, changed in sorted(changes.items())
    )
    return [
        Located(None, error)
        if error
        else Located(ids[site.code], is_new=site.code in changes, is_made=site.code not in before)
        for site, error in zip(sites, refused, strict=True)
    ]


def _changed(
    code: str, before: Mapping[str, Mapping[str, object]], facts: Mapping[str, object]
) -> dict[str, tuple[object, object]]:
    was = before.get(code, rules.NEW)
    changed = {name: (was[name], value) for name, value in facts.items() if was[name] != value}
    return changed if code in before else {"code": (None, code), **changed}


def _facts(facts: dict[str, object]) -> dict[str, object]:
    if cutoff := facts["cutoff"]:
        facts["cutoff"] = time.fromisoformat(str(cutoff))
    return facts
