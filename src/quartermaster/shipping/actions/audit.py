"""Compare what carriers bill with what we know: what is too much becomes a claim."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec
from django.db import transaction
from msgspec.structs import replace

from quartermaster.core import sql
from quartermaster.core.events import emit
from quartermaster.core.moment import now
from quartermaster.events import ClaimRaised, InvoiceAudited, InvoiceTold
from quartermaster.shipping.queries.tables import tables_in_force
from quartermaster.shipping.rules.audit import Billed, Finding, Known, audit
from quartermaster.shipping.rules.price import fuel_bp

LOCK: Final = "select id from shipping_invoice where id = any(%s) order by id for no key update"
# A shipment of the invoice, with the label it is for. Of labels with one number the one that counts is meant.
SHIPMENTS: Final = """
with billed as (
  select c.invoice_id, i.carrier, i.currency, c.tracking_number,
    json_agg(json_build_object('kind', c.kind, 'amount_minor', c.amount_minor, 'nth', c.nth) order by c.id)
      as charges,
    max(c.billed_weight_g) as weight_g, max(c.shipped_on) as shipped_on
  from shipping_charge c join shipping_invoice i on i.id = c.invoice_id
  where c.invoice_id = any(%s) group by 1, 2, 3, 4)
select b.invoice_id, b.carrier, b.tracking_number, p.id,
  json_build_object('tracking_number', b.tracking_number, 'currency', b.currency, 'charges', b.charges,
    'weight_g', b.weight_g)::text,
  case when p.id is not null then json_build_object(
    'parcel', 'P-' || p.id,
    'cost_minor', l.cost_minor, 'currency', coalesce(l.currency, ''),
    'is_void', coalesce(l.state in ('voiding', 'voided', 'stranded'), false),
    'has_left', p.handed_over_at is not null and p.tracking_number = b.tracking_number,
    'weight_g', coalesce(p.weight_g, w.weight_g), 'is_weighed', p.weight_g is not null,
    'evidence', case when p.weight_g is not null then
      p.weight_g || ' g on the scale' || coalesce(' at ' || s.code, '')
      || coalesce(', ' || to_char(p.packed_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC', '')
      || coalesce(' by ' || nullif(p.packed_by, ''), '')
      || coalesce(', ' || p.length_mm || ' x ' || p.width_mm || ' x ' || p.height_mm || ' mm', '')
      else '' end,
    'volume_cm3', round(p.length_mm::bigint * p.width_mm * p.height_mm / 1000.0)::int,
    'billed_before', coalesce((
      select json_agg(json_build_array(x.number, x.total) order by x.id) from (
        select o.id, o.number, sum(e.amount_minor) as total
        from shipping_charge e join shipping_invoice o on o.id = e.invoice_id
        where e.tracking_number = b.tracking_number and o.carrier = b.carrier and o.id < b.invoice_id
        group by o.id, o.number having sum(e.amount_minor) > 0) x), '[]'))::text end,
  coalesce(l.service, p.service, ''), coalesce(b.shipped_on, (p.handed_over_at at time zone 'UTC')::date)
from billed b
left join lateral (
  select x.* from shipping_label x where x.tracking_number = b.tracking_number
  order by x.state = 'bought' desc, x.id desc limit 1) l on true
left join lateral (
  select y.* from warehouse_parcel y
  where y.id = l.parcel_id or (l.id is null and y.tracking_number = b.tracking_number)
  order by y.id desc limit 1) p on true
left join lateral (
  select case when count(*) = count(s.weight_g) then sum(s.weight_g * i.quantity)::int end as weight_g
  from warehouse_parcel_item i left join catalog_sku s on s.id = i.sku_id where i.parcel_id = p.id) w on true
left join stock_location s on s.id = p.location_id
order by b.invoice_id, b.tracking_number
"""
# A finding that was there before is told as it is now, while nobody has sent it.
CLAIM: Final = """
insert into shipping_claim (carrier, invoice_id, parcel_id, tracking_number, kind, billed_minor,
  expected_minor, amount_minor, currency, because, evidence, at, raised_by)
select carrier, invoice_id, parcel_id, tracking_number, kind, billed_minor, expected_minor, amount_minor,
  currency, because, evidence, %(at)s, 'audit'
from jsonb_to_recordset(%(found)s::jsonb) as f(carrier text, invoice_id bigint, parcel_id bigint,
  tracking_number text, kind text, billed_minor bigint, expected_minor bigint, amount_minor bigint,
  currency text, because text, evidence text)
on conflict (invoice_id, tracking_number, kind) do update set amount_minor = excluded.amount_minor,
  billed_minor = excluded.billed_minor, expected_minor = excluded.expected_minor, because = excluded.because,
  evidence = excluded.evidence, state = 'open', settled_at = null, settled_by = '', settled_because = ''
  where (shipping_claim.state = 'open' and shipping_claim.amount_minor <> excluded.amount_minor)
    or (shipping_claim.state = 'dropped' and shipping_claim.settled_by = 'audit')
returning id, xmax = 0, carrier, tracking_number, kind, amount_minor, currency, because
"""
GONE: Final = """
update shipping_claim c set state = 'dropped', settled_at = %(at)s, settled_by = 'audit',
  settled_because = 'A later audit does not find it any more.'
where c.invoice_id = any(%(invoices)s) and c.state = 'open' and c.raised_by = 'audit'
  and not exists (
    select from jsonb_to_recordset(%(found)s::jsonb) as f(invoice_id bigint, tracking_number text, kind text)
    where f.invoice_id = c.invoice_id and f.tracking_number = c.tracking_number and f.kind = c.kind)
"""
DONE: Final = "update shipping_invoice set audited_at = %s where id = any(%s)"

_billed = msgspec.json.Decoder(Billed)
_known = msgspec.json.Decoder(Known)


def audit_told(heard: Sequence[InvoiceTold]) -> None:
    """Audit every invoice of which something was told, whole."""
    audit_invoices({event.invoice_id for event in heard}, at=now())


@transaction.atomic
def audit_invoices(invoice_ids: set[int], *, at: datetime) -> None:
    """Raise what is found, tell anew what was found before and not sent yet, drop what is not found any more.
    A constant number of statements."""
    ids = sorted(invoice_ids)
    sql.run(LOCK, (ids,))
    found: list[dict[str, object]] = []
    shipments = dict.fromkeys(ids, 0)
    tables = tables_in_force().tables
    for row in sql.run(SHIPMENTS, (ids,)):
        invoice_id, carrier, number, parcel_id, billed_json, known_json, product, on = row
        shipments[invoice_id] += 1
        billed = _billed.decode(billed_json)
        known = None if known_json is None else _known.decode(known_json)
        if known is not None and on is not None:
            known = replace(known, fuel_bp=fuel_bp(tables, carrier, product, on=on))
        finding = audit(billed, known)
        if finding is not None:
            found.append(_row(invoice_id, carrier, number, parcel_id, billed, finding))
    told = sql.rows(found)
    sql.run(GONE, {"at": at, "invoices": ids, "found": told})
    raised = sql.run(CLAIM, {"at": at, "found": told})
    sql.run(DONE, (at, ids))
    emit(
        [
            ClaimRaised(
                subject=f"claim:CL-{key}",
                at=at,
                actor="audit",
                claim_id=key,
                carrier=carrier,
                tracking_number=number,
                wants=kind,
                amount_minor=amount,
                currency=currency,
                because=because,
            )
            for key, is_new, carrier, number, kind, amount, currency, because in raised
            if is_new
        ]
    )
    emit(
        [
            InvoiceAudited(
                subject=f"invoice:{key}",
                at=at,
                actor="audit",
                invoice_id=key,
                shipments=count,
                findings=sum(each["invoice_id"] == key for each in found),
            )
            for key, count in shipments.items()
        ]
    )


def _row(
    invoice_id: int, carrier: str, number: str, parcel_id: int | None, billed: Billed, finding: Finding
) -> dict[str, object]:
    return {
        "carrier": carrier,
        "invoice_id": invoice_id,
        "parcel_id": parcel_id,
        "tracking_number": number,
        "billed_minor": billed.total_minor,
        "currency": billed.currency,
        **msgspec.structs.asdict(finding),
    }
