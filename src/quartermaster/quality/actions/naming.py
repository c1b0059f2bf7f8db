"""How titles and codes are to look, and which causes are looked for: versions, the newest counts."""

from collections.abc import Collection
from datetime import datetime

import psycopg
from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.errors import Invalid, Refused
from quartermaster.core.events import emit
from quartermaster.core.texts import storable
from quartermaster.events import QualityRulesChanged
from quartermaster.quality.actions.lint import look_at_all
from quartermaster.quality.queries.naming import naming
from quartermaster.quality.rules.causes import CAUSES

PATTERN_MAX = 200
KEEP = """
insert into quality_naming (version, title_pattern, code_pattern, off, because, made_at, made_by)
values (%(version)s, %(title)s, %(code)s, %(off)s::jsonb, %(because)s, %(at)s, %(by)s)
"""


class BadPattern(Invalid):
    """A pattern that PostgreSQL cannot read."""


class NamingMoved(Refused):
    code = "naming-rules-moved"
    message = "The naming rules are version {version} by now, and this was made from {basis}."
    remedy = "Look at them again, and make your change there."


@transaction.atomic
def set_naming(
    *,
    title_pattern: str,
    code_pattern: str,
    off: Collection[str],
    because: str,
    basis: int | None = None,
    at: datetime,
    by: str,
) -> int:
    """Everything is looked at anew then. Returns the version. Raises BadPattern, NamingMoved, Invalid."""
    check_patterns(title_pattern, code_pattern)
    if unknown := sorted(set(off) - CAUSES.keys()):
        raise Invalid(what="The rules", errors={"off": f"no such cause: {', '.join(unknown)[:200]}"})
    if not because.strip():
        raise Invalid(what="The rules", errors={"because": "say why"})
    sql.run("select pg_advisory_xact_lock(hashtextextended('quality_naming', 0))")
    before = naming()
    if basis not in (None, before.version):
        raise NamingMoved(version=before.version, basis=basis)
    version = before.version + 1
    kept = {"version": version, "title": title_pattern, "code": code_pattern, "off": sql.rows(sorted(off))}
    sql.run(KEEP, {**kept, "because": storable(because)[:500], "at": at, "by": by})
    look_at_all()
    emit([
        QualityRulesChanged(
            subject="quality:naming", at=at, actor=by, version=version, title_pattern=title_pattern,
            code_pattern=code_pattern, off=tuple(sorted(off)), because=because,
        )
    ])  # fmt: skip
    return version


def check_patterns(title_pattern: str, code_pattern: str) -> None:
    """Raises BadPattern with every one that cannot be read."""
    wrong = {}
    for name, pattern in (("title_pattern", title_pattern), ("code_pattern", code_pattern)):
        if len(pattern) > PATTERN_MAX:
            wrong[name] = f"at most {PATTERN_MAX} characters"
            continue
        try:
            with transaction.atomic():
                sql.run("select '' ~ %s", (pattern,))
        except psycopg.errors.InvalidRegularExpression as error:
            wrong[name] = str(error.diag.message_primary)
    if wrong:
        raise BadPattern(what="The pattern", errors=wrong)
