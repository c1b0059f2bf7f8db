"""Reports of a marketplace that are asked for by the clock: when one was read last, and why not."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

import msgspec

from quartermaster.core import plugs, sql
from quartermaster.marketplaces.ports import FeedbackReports, StandingReports
from quartermaster.marketplaces.queries.shops import Shop

type What = Literal["figures", "feedback"]

REPORTS = """
select row_to_json(x)::text from (
  select what, reference <> '' as is_made, asked_at, answered_at, note, failures, because, next_at
  from marketplaces_report where connection_id = %s) x
"""
_PORTS: Mapping[What, type] = {"figures": StandingReports, "feedback": FeedbackReports}


class ReportShown(msgspec.Struct, frozen=True):
    """figures: how we stand by the marketplace's own count; feedback: what buyers said. is_offered: it tells
    this to programs at all; if not, the rest is empty. is_made: one was asked for and is waited for. note:
    what the last one brought; because: why the last try failed, while failures are in a row."""

    what: What
    is_offered: bool = True
    is_made: bool = False
    asked_at: datetime | None = None
    answered_at: datetime | None = None
    note: str = ""
    failures: int = 0
    because: str = ""
    next_at: datetime | None = None


def reports(shop: Shop) -> dict[What, ReportShown]:
    """One of each kind."""
    rows = [msgspec.json.decode(row, type=ReportShown) for (row,) in sql.run(REPORTS, (shop.id,))]
    known = {row.what: row for row in rows}
    plug = plugs.plug(shop.kind)
    return {
        what: known.get(what, ReportShown(what))
        if plug.offer(port) is not None
        else ReportShown(what, is_offered=False)
        for what, port in _PORTS.items()
    }
