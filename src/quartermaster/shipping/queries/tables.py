"""The versions of the rate tables."""

from datetime import datetime

import msgspec

from quartermaster.core import sql
from quartermaster.core.errors import NotFound
from quartermaster.shipping.rules import FIRST, Tables


class Version(msgspec.Struct, frozen=True):
    """Rate tables with why they were made. made_at is None for those we start with."""

    tables: Tables
    because: str
    actor: str
    made_at: datetime | None


START = Version(FIRST, "What we start with: two invented carriers.", "system", None)
IN_FORCE = """
select row_to_json(r)::text from (
  select tables, because, actor, created_at as made_at from shipping_rate_table
  where %(version)s::int is null or version = %(version)s order by version desc limit 1) r
"""
_version = msgspec.json.Decoder(Version)


def tables_in_force() -> Version:
    """The highest version; those we start with while nobody has changed them."""
    found = sql.run(IN_FORCE, {"version": None})
    return _version.decode(found[0][0]) if found else START


def tables_of(version: int) -> Version:
    """One version. Raises NotFound."""
    found = sql.run(IN_FORCE, {"version": version})
    if found:
        return _version.decode(found[0][0])
    if version == FIRST.version:
        return START
    raise NotFound(what="version of the rate tables", which=version)
