"""Keep what buyers told a marketplace of orders, and what became of it: one answer for each row."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from msgspec import Struct

from quartermaster.core import sql
from quartermaster.core.events import emit
from quartermaster.core.texts import short
from quartermaster.events import DefectTold
from quartermaster.marketplaces.rules.defects import wrong_with

# A row names its order by our number or by the marketplace's. It is locked: its facts keep their sequence.
ORDERS: Final = """
select t.n, o.id from jsonb_to_recordset(%(rows)s::jsonb) as t(n int, "order" text)
join orders_order o on o.id = case when t."order" ~ '^SO-[0-9]{1,18}$' then substr(t."order", 4)::bigint end
  or o.connection_id = %(connection)s and o.external_id = t."order"
order by o.id for no key update of o
"""
WRITE: Final = """
with told as (
  select * from jsonb_to_recordset(%(rows)s::jsonb) as t(n int, order_id bigint, kind text, external_id text,
    stars smallint, outcome text, happened_at timestamptz, note text)),
old as (
  select t.n, d.* from told t join marketplaces_defect d on d.order_id = t.order_id and d.kind = t.kind
    and d.external_id = t.external_id),
kept as (
  insert into marketplaces_defect as d (order_id, kind, external_id, stars, outcome, happened_at, note,
    source, actor, recorded_at, settled_at)
  select order_id, kind, external_id, stars, outcome, happened_at, note, %(source)s, %(by)s, %(at)s,
    case when outcome <> 'open' then %(at)s::timestamptz end
  from told order by n
  on conflict (order_id, kind, external_id) do update
    set stars = coalesce(excluded.stars, d.stars), outcome = excluded.outcome,
      happened_at = excluded.happened_at,
      note = case when excluded.note = '' then d.note else excluded.note end,
      settled_at = case when excluded.outcome = d.outcome then d.settled_at
        when excluded.outcome = 'open' then null else excluded.recorded_at end
    where (d.outcome, d.happened_at) is distinct from (excluded.outcome, excluded.happened_at)
      or coalesce(excluded.stars, d.stars) is distinct from d.stars
      or excluded.note not in ('', d.note)
  returning d.id, d.order_id, d.kind, d.external_id)
select t.n, k.id, case when k.id is null then 'same' when o.n is null then 'new' else 'changed' end
from told t left join kept k using (order_id, kind, external_id) left join old o on o.n = t.n order by t.n
"""
_NOTE_MAX = 1000


class DefectRow(Struct, frozen=True):
    """order: ours (SO-12) or the marketplace's own. external_id: its number there; "" where it has none, then
    an order has one of each kind. outcome: open, granted, denied, withdrawn, removed."""

    order: str
    kind: str
    happened_at: datetime
    outcome: str = "open"
    stars: int | None = None
    external_id: str = ""
    note: str = ""


class RowTold(Struct, frozen=True):
    """became: new, changed, same or refused; errors: field -> what is wrong."""

    became: str
    order_id: int | None = None
    defect_id: int | None = None
    errors: dict[str, str] = {}


def tell_defects(
    rows: Sequence[DefectRow], *, connection_id: int | None, source: str, at: datetime, by: str
) -> list[RowTold]:
    """One answer for each row, in their sequence; a row that is refused stops no other. Told again with
    another outcome it is changed. connection_id: of the marketplace whose own order numbers are meant, None:
    only ours. A constant number of statements."""
    answers: dict[int, RowTold] = {}
    seen: set[tuple[str, str, str]] = set()
    for n, row in enumerate(rows):
        errors = wrong_with(row.kind, row.outcome, row.stars)
        if row.happened_at > at:
            errors["happened_at"] = "not in the future"
        if (row.order, row.kind, row.external_id) in seen:
            errors["external_id"] = "stands there twice"
        if errors:
            answers[n] = RowTold("refused", errors=errors)
        else:
            seen.add((row.order, row.kind, row.external_id))
    with transaction.atomic():
        named = [{"n": n, "order": row.order} for n, row in enumerate(rows) if n not in answers]
        ids = dict(sql.run(ORDERS, {"rows": sql.rows(named), "connection": connection_id}))
        for n, row in enumerate(rows):
            if n not in answers and n not in ids:
                answers[n] = RowTold("refused", errors={"order": f"there is no order {short(row.order, 40)}"})
        _write(rows, ids, answers, source=source, at=at, by=by)
    return [answers[n] for n in range(len(rows))]


def _write(
    rows: Sequence[DefectRow],
    ids: dict[int, int],
    answers: dict[int, RowTold],
    *,
    source: str,
    at: datetime,
    by: str,
) -> None:
    told: dict[tuple[int, str, str], int] = {}
    for n, order_id in sorted(ids.items()):
        key = (order_id, rows[n].kind, rows[n].external_id)
        if told.setdefault(key, n) != n:  # by our number and by theirs
            answers[n] = RowTold("refused", errors={"external_id": "stands there twice"})
    given = [
        {
            "n": n,
            "order_id": order_id,
            "kind": kind,
            "external_id": short(external_id),
            "stars": rows[n].stars,
            "outcome": rows[n].outcome,
            "happened_at": rows[n].happened_at,
            "note": short(rows[n].note, _NOTE_MAX),
        }
        for (order_id, kind, external_id), n in told.items()
    ]
    asked = {"rows": sql.rows(given), "source": source, "at": at, "by": by}
    facts = []
    for n, defect_id, became in sql.run(WRITE, asked):
        answers[n] = RowTold(became, ids[n], defect_id)
        if became != "same":
            facts.append(
                DefectTold(
                    subject=f"order:SO-{ids[n]}",
                    at=rows[n].happened_at if became == "new" else at,
                    actor=by,
                    source=source,
                    order_id=ids[n],
                    defect_id=defect_id,
                    defect=rows[n].kind,
                    outcome=rows[n].outcome,
                    stars=rows[n].stars,
                )
            )
    emit(facts)
