"""Pause a carrier: it is offered nothing, and what has its label in the house may go with others."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from msgspec import Struct
from msgspec.structs import replace

from quartermaster.core import sql
from quartermaster.core.errors import Invalid, NotFound, Refused
from quartermaster.core.events import emit
from quartermaster.events import CarrierPaused, CarrierResumed
from quartermaster.orders.actions.state import load
from quartermaster.shipping.actions import void
from quartermaster.shipping.actions.quote import Asked, Unrated, inputs_for, inputs_within
from quartermaster.shipping.ports import Account, Within
from quartermaster.shipping.queries.carriers import all_within
from quartermaster.shipping.queries.pauses import carriers_known, impact, in_house
from quartermaster.shipping.rules import Inputs, Paused, decide

AT_ONCE = 100  # orders locked together while labels are moved
ASKED_WITHIN, ASKED_OUTSIDE = 200, 10  # parcels a preview asks prices for; outside each is a call
STAY_TOLD = 20

BEGIN = """
insert into shipping_pause (carrier, because, moves_labels, began_at, began_by, ends_at)
values (%(carrier)s, %(because)s, %(moves)s, %(at)s, %(by)s, %(ends_at)s)
on conflict (carrier) where ended_at is null do nothing returning id
"""
END = """
update shipping_pause set ended_at = greatest(began_at, %s), ended_by = %s
where carrier = %s and ended_at is null returning id
"""
TO_MOVE = """
select l.id, p.order_id, x.because, x.began_by
from shipping_pause x
join warehouse_parcel p on p.state = 'labelled' and p.carrier = x.carrier
join shipping_label l on l.parcel_id = p.id and l.state = 'bought' and l.manifest_id is null
where x.ended_at is null and x.moves_labels order by p.order_id limit %s
"""


STILL = """
select id from shipping_label where id = any(%s) and state = 'bought' and manifest_id is null
"""


class AlreadyPaused(Refused):
    code = "already-paused"
    message = "{carrier} is paused already."
    remedy = "Resume it first to change the reason, or what happens to its labels."


class Moved(Struct, frozen=True):
    """Parcels that would go with this service, and what they would cost together (minor units)."""

    title: str
    parcels: int
    cost_minor: int


class Preview(Struct, frozen=True):
    """What a pause would do to the parcels in the house that have the carrier's label. Prices were asked for
    `asked` of the `parcels`; costs are of those that find another service. `stay`: parcel and why."""

    carrier: str
    currency: str
    parcels: int
    asked: int
    moved: tuple[Moved, ...]
    before_minor: int
    after_minor: int
    late: int
    stay: tuple[tuple[str, str], ...]
    staying: int


def pause(
    carrier: str,
    *,
    because: str,
    moves_labels: bool,
    ends_at: datetime | None = None,
    at: datetime,
    by: str,
) -> None:
    """From now on, until `ends_at` or until somebody resumes it, no decision takes this carrier.

    With `moves_labels` the labels it sold for parcels in the house, not scanned out, are given back and
    bought anew, by and by. Raises NotFound, Invalid, AlreadyPaused."""
    if not because.strip():
        raise Invalid(what="The pause", errors={"because": "say why"})
    if carrier not in carriers_known(at=at):
        raise NotFound(what="carrier", which=carrier)
    with transaction.atomic():
        asked = {"carrier": carrier, "because": because, "moves": moves_labels, "at": at, "by": by}
        asked["ends_at"] = ends_at
        if not sql.run(BEGIN, asked):
            raise AlreadyPaused(carrier=carrier)
        emit(
            [
                CarrierPaused(
                    subject=f"carrier:{carrier}",
                    at=at,
                    actor=by,
                    carrier=carrier,
                    because=because,
                    moves_labels=moves_labels,
                    ends_at=ends_at,
                )
            ]
        )


def resume(carrier: str, *, at: datetime, by: str) -> None:
    """The carrier is offered parcels again; what the pause has cost is part of the fact. Raises
    NotFound when it is not paused."""
    with transaction.atomic():
        if not sql.run(END, (at, by, carrier)):
            raise NotFound(what="pause of", which=carrier)
        cost = impact(carrier, at=at)
        emit(
            [
                CarrierResumed(
                    subject=f"carrier:{carrier}",
                    at=at,
                    actor=by,
                    carrier=carrier,
                    labels=cost.labels,
                    dearer_minor=cost.dearer_minor,
                    currency=cost.currency,
                    late=cost.late,
                )
            ]
        )


def move_labels(*, at: datetime) -> int:
    """Give back a few labels of carriers whose pause moves them; each parcel is decided anew once the carrier
    has its label back. Returns how many. What is on a manifest stays there."""
    if not (found := sql.run(TO_MOVE, (AT_ONCE,))):
        return 0
    labels: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    with transaction.atomic():
        orders = load(order_id for _, order_id, _, _ in found)
        still = {row[0] for row in sql.run(STILL, ([row[0] for row in found],))}
        for label_id, _, because, by in found:
            if label_id in still:
                labels[because, by].append(label_id)
        moved = sum(
            void.start(ids, because=because, at=at, by=by, again=True)
            for (because, by), ids in sorted(labels.items())
        )
        void.count_anew(orders.values())
    return moved


def preview(carrier: str, *, at: datetime) -> Preview:
    """What would become of the parcels in the house. Asks for prices, changes nothing. Raises NotFound."""
    if carrier not in carriers_known(at=at):
        raise NotFound(what="carrier", which=carrier)
    parcels = in_house(carrier)
    within = all_within()
    some = parcels[: ASKED_OUTSIDE if within is None else ASKED_WITHIN]
    moved: Counter[str] = Counter()
    cost: Counter[str] = Counter()
    before = late = 0
    currency, stay = "", []
    for parcel_id, inputs in _inputs(some, within, at=at):
        if isinstance(inputs, Unrated):
            stay.append((f"P-{parcel_id}", str(inputs)))
            continue
        currency = inputs.currency
        pauses = (*inputs.paused, Paused(carrier, "that is the question"))
        now, then = decide(inputs).chosen, decide(replace(inputs, paused=pauses))
        if then.chosen is None:
            stay.append((f"P-{parcel_id}", then.because[0]))
            continue
        moved[then.chosen.title] += 1
        cost[then.chosen.title] += then.chosen.cost_minor or 0
        before += (now.cost_minor or 0) if now is not None else 0
        late += then.chosen.late_days > 0
    return Preview(
        carrier=carrier,
        currency=currency,
        parcels=len(parcels),
        asked=len(some),
        moved=tuple(Moved(title, count, cost[title]) for title, count in moved.most_common()),
        before_minor=before,
        after_minor=cost.total(),
        late=late,
        stay=tuple(stay[:STAY_TOLD]),
        staying=len(stay),
    )


def _inputs(
    parcels: list[int], within: list[tuple[Account, Within]] | None, *, at: datetime
) -> Iterable[tuple[int, Inputs | Unrated]]:
    """What a decision about each parcel is made from, at once where every carrier can answer from here."""
    if within is not None:
        yield from inputs_within({parcel_id: Asked(None, at) for parcel_id in parcels}, within).items()
        return
    for parcel_id in parcels:
        try:
            yield parcel_id, inputs_for(parcel_id, by_hand=None, ready_at=at)
        except Unrated as refusal:
            yield parcel_id, refusal
