"""Counting what takes long, and keeping it."""

import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import msgspec

from quartermaster.core import sql
from quartermaster.core.queries.reports import Report

_KEEP = """
insert into core_report as k (name, asked, told, computed_at, took_ms)
values (%(name)s, %(asked)s, %(told)s::jsonb, %(at)s, %(took_ms)s)
on conflict (name, asked) do update
  set told = excluded.told, computed_at = excluded.computed_at, took_ms = excluded.took_ms
  where k.computed_at < excluded.computed_at
"""
_FORGET = "delete from core_report where computed_at < %s"
_KEPT = timedelta(days=1)


def keep_reports(reports: Iterable[Report[Any]], *, at: datetime) -> None:
    """Count each as it is at `at`. One counted later stays; what nobody counts any more is forgotten."""
    for report in reports:
        began = time.monotonic()
        found = report.count(at)
        took_ms = int(1000 * (time.monotonic() - began))
        row = {
            "name": report.name,
            "asked": report.asked,
            "told": msgspec.json.encode(found).decode(),
            "at": at,
            "took_ms": took_ms,
        }
        sql.run(_KEEP, row)
    sql.run(_FORGET, (at - _KEPT,))
