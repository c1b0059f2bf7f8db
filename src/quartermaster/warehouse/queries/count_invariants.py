"""What holds of counts at every moment."""

from collections.abc import Callable

from quartermaster.core import sql
from quartermaster.warehouse.queries.refills import refills_that_differ

ROWS_MAX = 100
# The movements of a count have its number in their keys.
POSTED = """
select t.id, p.code, t.adjusted, coalesce(m.units, 0), t.moves, coalesce(m.moves, 0)
from warehouse_count_task t join stock_place p on p.id = t.place_id
left join lateral (
  select count(m.id) as moves,
    sum(case when m.source_id < 0 then m.quantity when m.target_id < 0 then -m.quantity else 0 end) as units
  from generate_series(0, t.moves) n join stock_movement m on m.key = 'count:' || t.id || ':' || n) m on true
where t.settled <> '' and (t.adjusted <> coalesce(m.units, 0) or t.moves <> coalesce(m.moves, 0))
order by t.id limit %s
"""
# Two people who say the same, none of them twice; a lead's word; or nothing that differs beyond tolerance.
ALONE = """
select t.id, p.code, t.over, t.under from warehouse_count_task t join stock_place p on p.id = t.place_id
where t.settled = 'twice' and (
  select count(distinct replace(e.by, 'pick:', '')) from warehouse_count_entry e
  where e.task_id = t.id and e.round = t.round and e.counted is not null
    and (e.over, e.under) = (t.over, t.under)) < 2
or t.settled in ('agrees', 'moved') and t.over + t.under > 0
order by t.id limit %s
"""


def counts_that_were_not_posted() -> list[str]:
    return [
        f"count {task} of {place}: {said} in {said_moves} movements, the ledger: {units} in {moves}"
        for task, place, said, units, said_moves, moves in sql.run(POSTED, (ROWS_MAX,))
    ]


def counts_that_one_person_settled() -> list[str]:
    return [
        f"count {task} of {place}: {over} over, {under} under, and nobody else saw it"
        for task, place, over, under in sql.run(ALONE, (ROWS_MAX,))
    ]


COUNTS: tuple[tuple[str, str, Callable[[], list[str]]], ...] = (
    (
        "warehouse.counts",
        "What a count adjusted is what its movements in the ledger add up to.",
        counts_that_were_not_posted,
    ),
    (
        "warehouse.eyes",
        "A difference was seen by two people, approved, or within tolerance.",
        counts_that_one_person_settled,
    ),
    (
        "warehouse.refills",
        "What was carried to a pick face is what the ledger moved there.",
        refills_that_differ,
    ),
)
