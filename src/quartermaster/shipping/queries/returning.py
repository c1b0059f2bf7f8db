"""Labels for the way back, as people and programs see them."""

from datetime import datetime

import msgspec

from quartermaster.core import sql
from quartermaster.core.errors import NotFound
from quartermaster.shipping.queries.papers.labels import return_pdf
from quartermaster.shipping.queries.shipments import parcel_id_of


class ReturnShown(msgspec.Struct, frozen=True):
    """The newest return label of a parcel. state: queued, unknown, bought, refused, voiding, voided,
    stranded."""

    parcel: str
    reference: str
    state: str
    account: str
    is_paid_on_scan: bool
    tracking_number: str
    cost_minor: int | None
    currency: str
    because: str
    asked_at: datetime
    asked_by: str


NEWEST = """
select row_to_json(r)::text from (
  select 'P-' || parcel_id as parcel, reference, state, account, is_paid_on_scan, tracking_number, cost_minor,
    currency, because, asked_at, asked_by
  from shipping_return_label l where parcel_id = %s order by id desc limit 1) r
"""
PAPER = """
select pdf, zpl from shipping_return_label where parcel_id = %s and state = 'bought'
"""
_shown = msgspec.json.Decoder(ReturnShown)


def return_label(number: str) -> ReturnShown | None:
    for (found,) in sql.run(NEWEST, (parcel_id_of(number),)):
        return _shown.decode(found)
    return None


def return_paper(number: str) -> tuple[bytes, str]:
    """The label as PDF, or as ZPL where the carrier gave that: one of them is empty. Drawn
    by us where the carrier gave none. Raises NotFound."""
    for pdf, zpl in sql.run(PAPER, (parcel_id_of(number),), binary=True):
        return (bytes(pdf) if pdf else b"" if zpl else return_pdf(parcel_id_of(number))), zpl
    raise NotFound(what="return label of", which=number[:40])
