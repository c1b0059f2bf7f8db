"""What carriers billed, and what we want back."""

from datetime import datetime

import msgspec

from quartermaster.core import sql
from quartermaster.core.errors import NotFound
from quartermaster.core.pages import LIMIT, Page, cut, position


class InvoiceShown(msgspec.Struct, frozen=True):
    """A carrier's invoice, and what is claimed of it. Money in minor units."""

    id: int
    carrier: str
    number: str
    currency: str
    told_at: datetime
    audited_at: datetime | None
    shipments: int
    billed_minor: int
    claims: int
    claimed_minor: int
    credited_minor: int


class ClaimShown(msgspec.Struct, frozen=True):
    id: int
    number: str
    carrier: str
    invoice: str
    parcel: str
    tracking_number: str
    kind: str
    state: str
    billed_minor: int | None
    expected_minor: int | None
    amount_minor: int
    credited_minor: int | None
    currency: str
    because: str
    evidence: str
    at: datetime
    raised_by: str
    settled_at: datetime | None
    settled_because: str
    photos: tuple[int, ...] = ()  # of the parcel

    @property
    def parcel_id(self) -> int | None:
        return int(self.parcel.removeprefix("P-")) if self.parcel else None


class Total(msgspec.Struct, frozen=True):
    """Claims of a state in a currency."""

    state: str
    currency: str
    claims: int
    amount_minor: int
    credited_minor: int


class Dispute(msgspec.Struct, frozen=True):
    """What is disputed with a carrier in a currency. claims: those that are open or sent."""

    carrier: str
    currency: str
    claims: int
    open_minor: int
    sent_minor: int
    credited_minor: int
    rejected_minor: int


INVOICES = """
select row_to_json(r)::text from (
  select i.id, i.carrier, i.number, i.currency, i.told_at, i.audited_at,
    b.shipments, b.billed_minor, d.claims, d.claimed_minor, d.credited_minor
  from shipping_invoice i
  cross join lateral (
    select count(distinct c.tracking_number) as shipments,
      coalesce(sum(c.amount_minor), 0)::bigint as billed_minor
    from shipping_charge c where c.invoice_id = i.id) b
  cross join lateral (
    select count(*) as claims, coalesce(sum(m.amount_minor), 0)::bigint as claimed_minor,
      coalesce(sum(m.credited_minor), 0)::bigint as credited_minor
    from shipping_claim m where m.invoice_id = i.id and m.state <> 'dropped') d
  where (%(after)s::bigint is null or i.id < %(after)s) order by i.id desc limit %(limit)s) r
"""
CLAIMS = """
select row_to_json(r)::text from (
  select m.id, 'CL-' || m.id as number, m.carrier, coalesce(i.number, '') as invoice,
    coalesce('P-' || m.parcel_id, '') as parcel, m.tracking_number, m.kind, m.state, m.billed_minor,
    m.expected_minor, m.amount_minor, m.credited_minor, m.currency, m.because, m.evidence, m.at, m.raised_by,
    m.settled_at, m.settled_because,
    array(select f.id from warehouse_parcel_photo f where f.parcel_id = m.parcel_id order by f.id) as photos
  from shipping_claim m left join shipping_invoice i on i.id = m.invoice_id
  where (%(id)s::bigint is null or m.id = %(id)s)
    and (%(states)s::text[] is null or m.state = any(%(states)s))
    and (%(carrier)s = '' or m.carrier = %(carrier)s)
    and (%(after)s::bigint is null or m.id < %(after)s)
  order by m.id desc limit %(limit)s) r
"""
TOTALS = """
select row_to_json(r)::text from (
  select state, currency, count(*) as claims, sum(amount_minor)::bigint as amount_minor,
    coalesce(sum(credited_minor), 0)::bigint as credited_minor
  from shipping_claim group by 1, 2 order by 1, 2) r
"""
DISPUTES = """
select row_to_json(r)::text from (
  select carrier, currency, count(*) filter (where state in ('open', 'sent')) as claims,
    coalesce(sum(amount_minor) filter (where state = 'open'), 0)::bigint as open_minor,
    coalesce(sum(amount_minor) filter (where state = 'sent'), 0)::bigint as sent_minor,
    coalesce(sum(credited_minor), 0)::bigint as credited_minor,
    coalesce(sum(amount_minor) filter (where state = 'rejected'), 0)::bigint as rejected_minor
  from shipping_claim where state <> 'dropped' group by 1, 2 order by 4 desc, 1, 2) r
"""

_invoice = msgspec.json.Decoder(InvoiceShown)
_claim = msgspec.json.Decoder(ClaimShown)
_total = msgspec.json.Decoder(Total)
_dispute = msgspec.json.Decoder(Dispute)


def invoices(*, after: str = "", limit: int = LIMIT) -> Page[InvoiceShown]:
    """The newest first."""
    found = sql.run(INVOICES, {"after": position(after), "limit": limit + 1})
    return cut([_invoice.decode(row) for (row,) in found], limit, lambda row: row.id)


def claims(
    states: tuple[str, ...] = (), *, carrier: str = "", after: str = "", limit: int = LIMIT
) -> Page[ClaimShown]:
    """In any of these states (all of them when none is named), of a carrier (any), the newest first."""
    told = {"id": None, "states": list(states) or None, "carrier": carrier}
    asked = {**told, "after": position(after), "limit": limit + 1}
    return cut([_claim.decode(row) for (row,) in sql.run(CLAIMS, asked)], limit, lambda row: row.id)


def claim(claim_id: int) -> ClaimShown:
    """Raises NotFound."""
    asked = {"id": claim_id, "states": None, "carrier": "", "after": None, "limit": 1}
    for (found,) in sql.run(CLAIMS, asked):
        return _claim.decode(found)
    raise NotFound(what="claim", which=f"CL-{claim_id}")


def totals() -> list[Total]:
    """What is claimed and what came back, by state and currency."""
    return [_total.decode(row) for (row,) in sql.run(TOTALS)]


def disputes() -> list[Dispute]:
    """By carrier and currency, those first that owe most."""
    return [_dispute.decode(row) for (row,) in sql.run(DISPUTES)]
