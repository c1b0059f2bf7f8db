"""What must hold between parcels, labels, manifests and lines. Rows come back as sentences."""

from collections.abc import Callable

import msgspec

from quartermaster.core import sql
from quartermaster.shipping.queries.playbooks import PLAYBOOKS
from quartermaster.shipping.queries.tables import tables_of
from quartermaster.shipping.rules import Inputs, decide, rate
from quartermaster.shipping.rules.cartons import VERSION as CARTONS
from quartermaster.shipping.rules.cartons import Plan, Wanted, suggest
from quartermaster.shipping.rules.landed import Asked, estimate

ROWS_MAX = 100
ASKED_AGAIN = 500  # newest decisions that are decided again
PLANNED_AGAIN = 50  # newest packing plans: each is a search of its own

# A parcel that left, or one of an import, knows its carrier by itself.
LABELS = """
select p.id, p.state, coalesce(l.state, 'no label') from warehouse_parcel p
left join shipping_label l on l.parcel_id = p.id and l.state = 'bought'
where (p.state = 'labelled' and (l.id is null or l.tracking_number <> p.tracking_number))
limit %s
"""
# Those whose order was told a moment ago are about to be voided.
LIVE = """
select l.reference, 'SO-' || p.order_id from shipping_label l join warehouse_parcel p on p.id = l.parcel_id
where l.state = 'bought' and p.state not in ('labelled', 'handed_over')
  and not exists (select from core_delivery d
                  where d.subject = 'order:SO-' || p.order_id and d.listener = 'shipping.follow')
limit %s
"""
MANIFESTS = """
select m.id, m.carrier, count(l.id), count(l.id) filter (where p.state = 'handed_over'), told.parcels
from shipping_manifest m left join shipping_label l on l.manifest_id = m.id
left join warehouse_parcel p on p.id = l.parcel_id
left join lateral (
  select (e.body->>'parcels')::bigint as parcels from core_event e
  where e.subject = 'manifest:M-' || m.id and e.name = 'ManifestClosed' limit 1) told on true
where m.state = 'closed'
group by m.id, m.carrier, told.parcels
having count(l.id) <> count(l.id) filter (where p.state = 'handed_over') or count(l.id) <> told.parcels
limit %s
"""
TOLD = """
select t.manifest_id, t.account, t.parcels, count(l.id) from shipping_told t
left join shipping_label l on l.manifest_id = t.manifest_id and l.account = t.account
  and l.state = 'bought' and l.carrier_ref <> ''
group by t.id having t.parcels <> count(l.id) or (t.state = 'told' and t.missing <> '[]'::jsonb) limit %s
"""
LEAVING = """
select l.reference, p.state from shipping_label l join warehouse_parcel p on p.id = l.parcel_id
join shipping_manifest m on m.id = l.manifest_id and m.state = 'open'
where p.state <> 'labelled' limit %s
"""
PLANS = """
select parcel_id, inputs, plan::text, because::text from warehouse_packing_plan where rules_version = %s
order by id desc limit %s
"""
DECISIONS = """
select reference, inputs, decision from shipping_label where decision is not null order by id desc limit %s
"""

LANDED = "select label_id, inputs, estimate from shipping_landed order by label_id desc limit %s"

UNSAID = """
select 'SO-' || h.order_id from orders_hold h
where h.kind = 'undeliverable' and h.released_at is null and h.placed_by = 'system' and not exists (
  select from core_event e where e.subject = 'order:SO-' || h.order_id and e.name = 'AddressChecked'
    and e.body ->> 'verdict' = 'bad')
order by h.order_id limit %s
"""


def parcels_without_their_label() -> list[str]:
    return [f"P-{row}: {state}, but {label}" for row, state, label in sql.run(LABELS, (ROWS_MAX,))]


def live_labels_on_no_parcel() -> list[str]:
    return [f"{ref} of {order} is paid and on no parcel" for ref, order in sql.run(LIVE, (ROWS_MAX,))]


def manifests_that_do_not_count() -> list[str]:
    closed = [
        f"M-{row} {carrier}: {scanned} scanned out, {left} handed over, {told} told"
        for row, carrier, scanned, left, told in sql.run(MANIFESTS, (ROWS_MAX,))
    ]
    waiting = [
        f"{ref} is on an open manifest and its parcel is {state}"
        for ref, state in sql.run(LEAVING, (ROWS_MAX,))
    ]
    return (closed + waiting)[:ROWS_MAX]


def lists_that_do_not_count() -> list[str]:
    return [
        f"M-{manifest}: {account} was told of {parcels} parcels, {given} left with it"
        for manifest, account, parcels, given in sql.run(TOLD, (ROWS_MAX,))
    ]


def decisions_that_change() -> list[str]:
    """Ask the newest decisions again from what is stored: the same answer, byte for byte."""
    wrong = []
    for reference, inputs_json, decision in sql.run(DECISIONS, (ASKED_AGAIN,), binary=True):
        inputs = msgspec.json.decode(inputs_json, type=Inputs)
        if msgspec.json.encode(decide(inputs)) != bytes(decision) or not _rated_alike(inputs):
            wrong.append(f"{reference}: its stored inputs now lead to another choice")
    return wrong


def plans_that_change() -> list[str]:
    wrong = []
    for parcel, inputs, plan, because in sql.run(PLANS, (CARTONS, PLANNED_AGAIN)):
        found = suggest(msgspec.json.decode(inputs, type=Wanted))
        kept = msgspec.json.decode(plan, type=Plan) if plan is not None else None
        if (found.plan, list(found.because)) != (kept, msgspec.json.decode(because)):
            wrong.append(f"P-{parcel}: its stored inputs now lead to other cartons")
    return wrong


def estimates_that_change() -> list[str]:
    """Ask the newest stored estimates of duties and taxes again: the same answer, byte for byte."""
    return [
        f"L-{label}: its stored inputs now lead to other duties or taxes"
        for label, inputs, told in sql.run(LANDED, (ASKED_AGAIN,), binary=True)
        if msgspec.json.encode(estimate(msgspec.json.decode(inputs, type=Asked))) != bytes(told)
    ]


def holds_that_nobody_said() -> list[str]:
    return [
        f"{order} is held as undeliverable, and no carrier said so" for (order,) in sql.run(UNSAID, (100,))
    ]


def _rated_alike(inputs: Inputs) -> bool:
    """The offers that came from our own tables follow from the version they name."""
    ours = [offer for offer in inputs.offers if offer.tables]
    return all(
        tuple(offer for offer in ours if offer.tables == version)
        == rate(inputs.shipment, tables_of(version).tables, account=ours[0].account)
        for version in {offer.tables for offer in ours}
    )


INVARIANTS: tuple[tuple[str, str, Callable[[], list[str]]], ...] = (
    (
        "shipping.labels",
        "Every labelled parcel has the label that was bought for it.",
        parcels_without_their_label,
    ),
    ("shipping.live", "Every live label is on a parcel that leaves or has left.", live_labels_on_no_parcel),
    (
        "shipping.manifests",
        "A manifest holds what was scanned out, and what was scanned out was handed over.",
        manifests_that_do_not_count,
    ),
    (
        "shipping.cartons",
        "Cartons suggested again from the stored inputs are the same.",
        plans_that_change,
    ),
    (
        "shipping.told",
        "What a carrier was told left with it is what was scanned out to it.",
        lists_that_do_not_count,
    ),
    (
        "shipping.landed",
        "Duties and taxes asked again from what was stored are the same.",
        estimates_that_change,
    ),
    (
        "shipping.addresses",
        "No order is held as undeliverable by itself without a carrier's word.",
        holds_that_nobody_said,
    ),
    ("shipping.why", "A choice asked again from its stored inputs is the same.", decisions_that_change),
    *PLAYBOOKS,
)
