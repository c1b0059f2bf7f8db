"""The naming rules in force, and what they would find."""

from datetime import datetime

import msgspec

from quartermaster.core import sql

IN_FORCE = """
select row_to_json(r)::text from (
  select version, title_pattern, code_pattern, off, because, made_at, made_by from quality_naming
  order by version desc limit 1) r
"""
TRIED = """
select code, title from catalog_sku where is_active and not (
  (%(title)s = '' or title ~ %(title)s) and (%(code)s = '' or code ~ %(code)s)) order by id limit %(limit)s
"""
COUNTED = """
select count(*) from catalog_sku where is_active and not (
  (%(title)s = '' or title ~ %(title)s) and (%(code)s = '' or code ~ %(code)s))
"""


class NamingRules(msgspec.Struct, frozen=True):
    """Patterns are PostgreSQL's regular expressions, looked for anywhere in the text; "" asks for nothing.
    off: causes nobody looks for. version 0 is what we start with."""

    version: int = 0
    title_pattern: str = ""
    code_pattern: str = ""
    off: tuple[str, ...] = ()
    because: str = "What we start with."
    made_at: datetime | None = None
    made_by: str = "system"


_rules = msgspec.json.Decoder(NamingRules)


def naming() -> NamingRules:
    """The newest version."""
    found = sql.run(IN_FORCE)
    return _rules.decode(found[0][0]) if found else NamingRules()


def against(title_pattern: str, code_pattern: str, *, limit: int = 20) -> tuple[int, list[tuple[str, str]]]:
    """How many SKUs would break these patterns, and some of them: (code, title)."""
    asked = {"title": title_pattern, "code": code_pattern, "limit": limit}
    ((count,),) = sql.run(COUNTED, asked)
    return int(count), [(code, title) for code, title in sql.run(TRIED, asked)]
