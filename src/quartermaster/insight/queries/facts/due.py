"""Orders by the day, or the moment, they were promised for. The day is one of the receiver's calendar."""

from quartermaster.insight.queries.facts.fact import Fact
from quartermaster.insight.queries.facts.orders import SUBJECT, has_error

_BY_DAY = """select o.id from orders_order o where o.promised_on between %(first)s and %(last)s
  or o.promised_on is null and o.promised_by >= %(begin)s - interval '2 days'
    and o.promised_by < %(end)s + interval '2 days'"""
_BY_MOMENT = "select o.id from orders_order o where o.promised_by >= %(begin)s and o.promised_by < %(end)s"

_OF_DAY = """f.due_on between %(first)s and %(last)s
  and (%(now)s::timestamptz at time zone f.zone)::date > f.due_on
  and not (f.is_cancelled and (f.cancelled_at at time zone f.zone)::date <= f.due_on)"""
_OF_MOMENT = """f.promised_by >= %(begin)s and f.promised_by < %(end)s and f.promised_by < %(now)s
  and not (f.is_cancelled and f.cancelled_at <= f.promised_by)"""
_DAY = "f.due_on - %(first)s::date + 1 as day, f.due_on::text as due"
_MOMENT = "width_bucket(f.promised_by, %(starts)s::timestamptz[]) as day, f.promised_by::text as due"
_IN_TIME = "(f.came_at at time zone f.zone)::date <= f.due_on"
_PERFECT = f"{_IN_TIME} and not f.is_short and not {has_error('f.came_at')}"


def _rows(day: str, only: str, hit: str) -> str:
    return f"""
select f.id, {SUBJECT}, f.came_at as at, {day}, 1 as weight, '' as part, v.is_hit::int as value, v.is_hit
from facts f
cross join lateral (select coalesce(f.has_come and f.is_done and {hit}, false) as is_hit) v
where f.is_promised and f.is_tracked and {only}
"""  # noqa: S608 - constants only


FACTS = {
    "due": Fact("orders", _BY_DAY, _rows(_DAY, _OF_DAY, _IN_TIME)),
    "due_by": Fact("orders", _BY_MOMENT, _rows(_MOMENT, _OF_MOMENT, "f.came_at <= f.promised_by")),
    "perfect": Fact("orders", _BY_DAY, _rows(_DAY, _OF_DAY, _PERFECT)),
}
