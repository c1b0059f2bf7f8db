"""Versions of who we are for customs, of what is known of goods, and which of them a label was bought by."""

from collections.abc import Iterable
from datetime import date, datetime

import msgspec

from quartermaster.core import sql
from quartermaster.core.errors import NotFound
from quartermaster.core.moment import now
from quartermaster.shipping.rules.customs import Declaration, Profile
from quartermaster.shipping.rules.customs.versions import FIELDS, Change, SkuVersion, versions


class ProfileVersion(msgspec.Struct, frozen=True):
    """version 0: nobody has said who we are. from_on: the first day it holds."""

    version: int
    from_on: date | None
    profile: Profile
    because: str = ""
    at: datetime | None = None
    by: str = ""


class DeclaredBy(msgspec.Struct, frozen=True):
    """The versions a declaration was made by when the label was decided, and what it said. `profile` 0:
    nobody had told who we are."""

    label: str
    profile: int
    skus: dict[str, int]
    at: datetime
    declaration: Declaration


NOBODY = ProfileVersion(0, None, Profile())
VERSIONS = """
select row_to_json(r)::text from (
  select version, from_on, profile, because, at, by from shipping_customs_profile
  where %(on)s::date is null or from_on <= %(on)s
  order by case when %(on)s::date is null then version end desc, from_on desc, version desc limit %(most)s) r
"""
SKUS = """
select e.body ->> 'sku_id', count(*) from core_event e
where e.subject = any(%(subjects)s) and e.name = 'SkuChanged' and e.body -> 'changed' ?| %(fields)s
group by 1
"""
CODES = "select id::text, code from catalog_sku where code = any(%s)"
CHANGES = """
select json_build_object('at', e.at, 'by', e.actor, 'source', e.source,
  'after', (select json_object_agg(c.key, c.value -> 1) from jsonb_each(e.body -> 'changed') c))::text
from core_event e where e.subject = %(subject)s and e.name = 'SkuChanged'
  and e.body -> 'changed' ?| %(fields)s order by e.id
"""
KNOWN = "select 1 from catalog_sku where code = %s"
DECLARED = """
select l.reference, coalesce(d.profile_id, 0), d.skus::text, d.at, d.declaration
from shipping_declared d join shipping_label l on l.id = d.label_id
where l.parcel_id = %s and l.state in ('queued', 'bought', 'unknown') order by l.id desc limit 1
"""
_version = msgspec.json.Decoder(ProfileVersion)
_change = msgspec.json.Decoder(Change)


def profile_in_force(*, on: date | None = None) -> ProfileVersion:
    """What holds on a day, today when none is named. One statement."""
    found = sql.run(VERSIONS, {"on": on or now().date(), "most": 1})
    return _version.decode(found[0][0]) if found else NOBODY


def profile_versions(*, most: int = 50) -> list[ProfileVersion]:
    """The newest first, those that do not hold yet among them."""
    return [_version.decode(row) for (row,) in sql.run(VERSIONS, {"on": None, "most": most})]


def sku_versions(codes: Iterable[str]) -> dict[str, int]:
    """SKU -> the number of its version for customs; 0 where nothing was ever told. Two statements."""
    named = sorted(set(codes))
    asked = {"subjects": [f"sku:{code}" for code in named], "fields": list(FIELDS)}
    counts = dict(sql.run(SKUS, asked))
    return {code: counts.get(sku_id, 0) for sku_id, code in sql.run(CODES, (named,))}


def sku_history(code: str) -> list[SkuVersion]:
    """Oldest first. Raises NotFound."""
    if not sql.run(KNOWN, (code,)):
        raise NotFound(what="SKU", which=code[:80])
    found = sql.run(CHANGES, {"subject": f"sku:{code}", "fields": list(FIELDS)})
    return versions(_change.decode(row) for (row,) in found)


def declared_by(parcel_id: int) -> DeclaredBy | None:
    """By what the label that counts was bought; None where it crossed no border, or there is none."""
    for label, profile, skus, at, told in sql.run(DECLARED, (parcel_id,), binary=True):
        known = msgspec.json.decode(skus, type=dict[str, int])
        return DeclaredBy(label, profile, known, at, msgspec.json.decode(told, type=Declaration))
    return None
