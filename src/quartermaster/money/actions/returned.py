"""Refunds for parcels that came back: settled by the channel's refund that is theirs, and by no other."""

from collections.abc import Collection, Mapping, Sequence

import msgspec

from quartermaster.core import sql
from quartermaster.money.actions.rows import Due, Seen, Why, lessen, settle
from quartermaster.money.rules.answered import Answer, Expected, Given, answered, left_due
from quartermaster.money.rules.due import Step

EXPECTED = """
select r.order_id, json_build_object('id', r.id, 'key', r.cause_key, 'amount_minor', r.amount_minor,
  'after', r.after_refund, 'units', coalesce((
    select json_object_agg(l.line_id, l.units) from money_refund_line l
    where l.refund_id = r.id and l.units > 0), '{}'))::text
from money_refund r
where r.order_id = any(%s) and r.state = 'due' and r.cause <> 'change' order by r.id
"""
GIVEN = """
select r.order_id, json_build_object('id', r.id, 'amount_minor', r.amount_minor, 'because', r.because,
  'units', coalesce((
    select json_object_agg(l.id, x.units) from (
      select y ->> 'line_external_id' as line, sum((y ->> 'quantity')::bigint) as units
      from jsonb_array_elements(r.lines) y group by 1) x
    join orders_line l on l.order_id = r.order_id and l.external_id = x.line where x.units > 0), '{}'))::text
from orders_refund r
where r.order_id = any(%s) and not exists (select from money_refund m where m.settled_by_id = r.id)
order by r.id
"""
BY = """
update money_refund x set settled_by_id = r.given
from jsonb_to_recordset(%s::jsonb) as r(id bigint, given bigint) where x.id = r.id
"""
_expected = msgspec.json.Decoder(Expected, strict=False)
_given = msgspec.json.Decoder(Given, strict=False)


def settle_returned(
    orders: Mapping[int, Seen], due: Mapping[int, Sequence[Due]], why: Mapping[int, Why]
) -> dict[int, list[Due]]:
    """What is due of these orders after that. Orders without such a parcel cost nothing; the others a
    constant number of statements."""
    ids = [order_id for order_id, mine in due.items() if any(one.cause != "change" for one in mine)]
    kept = {order_id: list(mine) for order_id, mine in due.items()}
    if not ids:
        return kept
    expected, given = _read(EXPECTED, ids, _expected), _read(GIVEN, ids, _given)
    answers: dict[int, tuple[Answer, ...]] = {}
    left: dict[int, dict[int, int]] = {}
    for order_id in ids:
        change = sum(one.amount_minor for one in due[order_id] if one.cause == "change")
        answers[order_id] = answered(expected.get(order_id, []), given.get(order_id, []), change_minor=change)
        known = {answer.expected for answer in answers[order_id]}
        waiting = [one for one in expected.get(order_id, []) if one.id not in known]
        here = orders[order_id].paid_minor - orders[order_id].refunded_minor
        left[order_id] = left_due(waiting, here_minor=here)
    _settle(orders, kept, answers, why)
    _lessen(orders, kept, left, why)
    return kept


def _settle(
    orders: Mapping[int, Seen],
    kept: dict[int, list[Due]],
    answers: Mapping[int, Sequence[Answer]],
    why: Mapping[int, Why],
) -> None:
    told = {answer.expected: answer for mine in answers.values() for answer in mine}
    if not told:
        return
    sql.run(BY, (sql.rows({"id": one.expected, "given": one.given} for one in told.values()),))
    over = [
        (
            orders[order_id],
            one,
            Step.SETTLE,
            why[order_id]._replace(because=f"the channel gave it back: {told[one.id].because}"),
        )
        for order_id, mine in kept.items()
        for one in mine
        if one.id in told
    ]
    settle(over)
    for order, _, _, _ in over:
        kept[order.id] = [one for one in kept[order.id] if one.id not in told]


def _lessen(
    orders: Mapping[int, Seen],
    kept: dict[int, list[Due]],
    left: Mapping[int, Mapping[int, int]],
    why: Mapping[int, Why],
) -> None:
    """Money that went back for something else is not there to be given back again."""
    less: list[tuple[Seen, Due, Due]] = []
    for order_id, amounts in left.items():
        for one in kept[order_id]:
            amount = amounts.get(one.id, one.amount_minor)
            if amount < one.amount_minor:
                less.append((orders[order_id], one, one.within(amount)))
    lessen(less, why)
    after = {one.id: now for _, one, now in less}
    for order_id in left:
        mine = (after.get(one.id, one) for one in kept[order_id])
        kept[order_id] = [one for one in mine if one.amount_minor]


def _read[T](query: str, ids: Collection[int], decoder: msgspec.json.Decoder[T]) -> dict[int, list[T]]:
    found: dict[int, list[T]] = {}
    for order_id, row in sql.run(query, (list(ids),)):
        found.setdefault(order_id, []).append(decoder.decode(row))
    return found
