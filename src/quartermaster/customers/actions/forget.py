"""Take back customers that an import made by mistake."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from quartermaster.core import sql

# Merged ones stay: a person has worked with them.
UNUSED: Final = """
select c.id from customers_customer c
where c.id = any(%(ids)s) and c.created_at = %(made_at)s and c.merged_into_id is null
  and not exists (select from customers_customer other where other.merged_into_id = c.id)
  and not exists (select from customers_merge m where m.customer_id = c.id or m.into_id = c.id)
"""
ADDRESSES: Final = "delete from customers_address where customer_id = any(%s)"
CUSTOMERS: Final = "delete from customers_customer where id = any(%s)"


def forget_customers(ids: Sequence[int], *, made_at: datetime) -> list[str]:
    """Delete those of these customers that were made at `made_at` and never merged. The caller knows that
    no order names them. Answers what stands in the way: nothing, ever."""
    unused = [customer_id for (customer_id,) in sql.run(UNUSED, {"ids": list(ids), "made_at": made_at})]
    if unused:
        sql.run(ADDRESSES, (unused,))
        sql.run(CUSTOMERS, (unused,))
    return []
