"""Keeping what this installation knows about itself."""

from datetime import datetime
from typing import Any

import msgspec

from quartermaster.core import sql
from quartermaster.core.queries.setting import DEMO

_KEEP = """
insert into core_setting (key, value, changed_at, changed_by) values (%s, %s::jsonb, %s, %s)
on conflict (key) do update set value = excluded.value, changed_at = excluded.changed_at,
  changed_by = excluded.changed_by
"""


def keep_setting(key: str, value: Any, *, at: datetime, by: str) -> None:
    """Keep `value` (anything JSON can say) under `key`; the last one stays."""
    sql.change(_KEEP, (key, msgspec.json.encode(value).decode(), at, by))


def mark_as_demo(*, at: datetime, by: str) -> None:
    """Say on every page that this is the demo company."""
    keep_setting(DEMO, True, at=at, by=by)
