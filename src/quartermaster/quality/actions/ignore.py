"""Let a finding be, with a reason: as long as it says the same, it costs no points and is not shown."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.errors import Invalid, NotFound
from quartermaster.core.events import emit
from quartermaster.core.texts import storable
from quartermaster.events import FindingIgnored
from quartermaster.quality.actions.lint import score

IGNORE = """
update quality_finding f set ignored_says = case when %(because)s = '' then '' else f.says end,
  ignored_because = %(because)s, ignored_by = case when %(because)s = '' then '' else %(by)s end,
  ignored_at = case when %(because)s = '' then null else %(at)s::timestamptz end
where f.id in (select id from quality_finding where id = any(%(ids)s) order by id for update)
returning f.id, f.sku_id, f.cause, f.about, coalesce((select code from catalog_sku s where s.id = f.sku_id),
  (select name from channels_listing l where l.id = f.listing_id))
"""


def ignore(ids: Sequence[int], *, because: str, at: datetime, by: str) -> int:
    """Returns how many. Raises Invalid without a reason, NotFound when there is none of them."""
    if not because.strip():
        raise Invalid(what="The reason", errors={"because": "say why it may stay as it is"})
    return _set(ids, storable(because.strip())[:500], at=at, by=by)


def look_after_all(ids: Sequence[int], *, at: datetime, by: str) -> int:
    """They count again."""
    return _set(ids, "", at=at, by=by)


@transaction.atomic
def _set(ids: Sequence[int], because: str, *, at: datetime, by: str) -> int:
    found = sql.run(IGNORE, {"ids": list(ids), "because": because, "at": at, "by": by})
    if not found:
        raise NotFound(what="finding", which=", ".join(map(str, ids[:5])))
    score({row[1] for row in found if row[1] is not None})
    emit(
        FindingIgnored(
            subject=f"finding:{number}", at=at, actor=by,
            what=name, cause=cause, about=about, because=because,
        )
        for number, _, cause, about, name in found
    )  # fmt: skip
    return len(found)
