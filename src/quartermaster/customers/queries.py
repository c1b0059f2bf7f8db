"""Reading customers: who belongs together."""

from collections.abc import Sequence

from quartermaster.core import sql

SAME_PERSON = """
with asked as (
  select id, coalesce(merged_into_id, id) as first from customers_customer where id = any(%s)),
merged as (
  select asked.id, array_agg(c.id order by c.id) as ids
  from asked join customers_customer c on c.merged_into_id = asked.first
  group by asked.id)
select asked.id, array[asked.first] || coalesce(merged.ids, array[]::bigint[])
from asked left join merged using (id)
"""


def same_person(customer_ids: Sequence[int]) -> dict[int, list[int]]:
    """For each customer the ids of all that are the same person, the one they go by first."""
    return dict(sql.run(SAME_PERSON, (list(customer_ids),)))
