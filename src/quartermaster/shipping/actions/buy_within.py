"""Buy many labels at once, where every carrier answers from our own database: nothing is called outside, so
it all happens in one transaction, under the locks of the orders."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from quartermaster.core.effects import Told, Turn
from quartermaster.orders.actions.state import OrderState
from quartermaster.shipping.actions import settle
from quartermaster.shipping.actions.decisions import Decided, keep_decisions
from quartermaster.shipping.actions.quote import Asked, Unrated, inputs_within
from quartermaster.shipping.actions.row import Row, in_the_way, locked_all
from quartermaster.shipping.actions.wanted import wanted_of
from quartermaster.shipping.ports import Account, Bought, RefusedByCarrier, Within
from quartermaster.shipping.queries.carriers import all_within
from quartermaster.shipping.rules import Choice, Inputs, decide

type Ready = tuple[OrderState, Row, Inputs]


def buy(label_ids: Collection[int], *, at: datetime) -> dict[int, Told]:
    """What became of them, by id. Those that must be looked at one by one are left out: all of them when a
    carrier is plugged in that has to be asked outside.

    In the caller's transaction. A constant number of statements for all that are bought; those that are not
    wanted any more or refused are few, and are told one by one.
    """
    found = all_within()
    if found is None:
        return {}
    carriers = {account.slug: (account, carrier) for account, carrier in found}
    told: dict[int, Told] = {}
    wanted: list[tuple[OrderState, Row]] = []
    in_vain: dict[int, str] = {}
    for order, row in locked_all(label_ids):
        elsewhere = settle.is_elsewhere(order, row) if row.is_decided else ""
        if row.state not in ("queued", "unknown"):
            told[row.id] = Told(Turn.CONFIRM, "was settled before")
        elif wrong := in_the_way(order, row) or elsewhere:
            in_vain[row.id] = wrong
        elif (
            row.state == "queued"
            and not order.detail.get("shipped_by_channel")
            and (not row.is_decided or row.account in carriers)
        ):
            wanted.append((order, row))
    ready, refused = _decided(wanted, list(carriers.values()))
    bought, turned_down = _bought(ready, carriers)
    if bought:
        settle.label(bought, at=at)
    told |= {row.id: Told(Turn.CONFIRM, label.tracking_number) for _, row, label in bought}
    for label_id, because in (refused | turned_down).items():
        told[label_id] = settle.refuse(label_id, because, at=at)
    for label_id, because in in_vain.items():
        told[label_id] = settle.drop(label_id, because, at=at)
    return told


def _decided(
    wanted: Iterable[tuple[OrderState, Row]], carriers: Sequence[tuple[Account, Within]]
) -> tuple[list[Ready], dict[int, str]]:
    """Those with a chosen service, and why the others have none. New choices are kept."""
    ready: list[Ready] = []
    fresh: list[tuple[OrderState, Row]] = []
    for order, row in wanted:
        if row.inputs is None:
            fresh.append((order, row))
        else:
            ready.append((order, row, msgspec.json.decode(row.inputs, type=Inputs)))
    if not fresh:
        return ready, {}
    asked = {row.parcel_id: Asked(row.by_hand, row.asked_at) for _, row in fresh}
    answers = inputs_within(asked, carriers)
    refused: dict[int, str] = {}
    decided: list[Decided] = []
    for order, row in fresh:
        inputs = answers[row.parcel_id]
        if isinstance(inputs, Unrated):
            refused[row.id] = str(inputs)
            continue
        choice = decide(inputs)
        decided.append(Decided(row.id, inputs, choice, order.ship_to))
        if choice.chosen is None:
            refused[row.id] = " ".join(choice.because)
        else:
            ready.append((order, _with(row, choice), inputs))
    if decided:
        keep_decisions(decided)
    return ready, refused


def _with(row: Row, choice: Choice) -> Row:
    """The row as it is written with this choice."""
    chosen = choice.chosen
    assert chosen is not None
    return row._replace(
        carrier=chosen.carrier,
        service=chosen.service,
        account=chosen.account,
        cost_minor=chosen.cost_minor,
        currency=chosen.currency,
    )


def _bought(
    ready: Iterable[Ready], carriers: Mapping[str, tuple[Account, Within]]
) -> tuple[list[tuple[OrderState, Row, Bought]], dict[int, str]]:
    """What the carriers have sold, and their refusals. A label that is void by now is left out."""
    by_account: defaultdict[str, list[Ready]] = defaultdict(list)
    for each in ready:
        by_account[each[1].account].append(each)
    bought: list[tuple[OrderState, Row, Bought]] = []
    refused: dict[int, str] = {}
    for slug, some in by_account.items():
        account, carrier = carriers[slug]
        answers = carrier.buy_all(account=account, wanted=[wanted_of(row, inputs) for _, row, inputs in some])
        for (order, row, _), answer in zip(some, answers, strict=True):
            if isinstance(answer, RefusedByCarrier):
                refused[row.id] = str(answer)
            elif not answer.is_void:
                bought.append((order, row, answer))
    return sorted(bought, key=lambda each: each[1].id), refused
