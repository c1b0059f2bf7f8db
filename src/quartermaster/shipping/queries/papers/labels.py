"""Labels to print: as the carrier gave them, or drawn by us. One, or many in the order of picking."""

from collections.abc import Sequence
from typing import Any

import msgspec

from quartermaster.core import sql
from quartermaster.core.errors import Refused
from quartermaster.orders.ports import Address
from quartermaster.shipping.ports import Wanted
from quartermaster.shipping.queries.papers.typesetting import code128, typeset
from quartermaster.shipping.rules.zpl import Printed, zpl

# In the order in which their units were picked; parcels nobody picked from a list come behind.
LABELS = """
select l.parcel_id, 'SO-' || p.order_id, l.carrier, l.service, l.tracking_number, l.reference,
  l.ship_to::text, s.name, s.code, s.postcode, s.country, p.weight_g, l.zpl, l.pdf,
  (select c.value->>'title' from jsonb_array_elements(convert_from(l.decision, 'UTF8')::jsonb->'candidates') c
   where (c.value->>'is_chosen')::boolean limit 1)
from shipping_label l join warehouse_parcel p on p.id = l.parcel_id
left join stock_location s on s.id = p.location_id
left join lateral (
  select k.pick_list_id, min(k.position) as position
  from warehouse_pick k join allocation_allocation a on a.id = k.allocation_id
  where k.order_id = p.order_id and a.location_id = p.location_id group by 1 order by 1, 2 limit 1) k on true
where l.parcel_id = any(%s) and l.state = 'bought'
order by k.pick_list_id nulls last, k.position, l.parcel_id
"""
RETURN = """
select 'SO-' || p.order_id, r.wanted, r.tracking_number, l.name, l.code, l.postcode, l.country
from shipping_return_label r join warehouse_parcel p on p.id = r.parcel_id
left join stock_location l on l.id = p.location_id where r.parcel_id = %s and r.state = 'bought'
"""


class NothingToPrint(Refused):
    code = "nothing-to-print"
    status = 404
    message = "{what} has no valid label."
    remedy = "Ask for one, or look on its page why there is none."


class _Page(Printed, frozen=True):
    """A label on its page. `file`: the carrier's own PDF, shown instead."""

    svg: str = ""
    file: str = ""


def label_pdf(parcel_id: int) -> bytes:
    """The label of a parcel, 4 x 6 inches. Raises NothingToPrint."""
    return labels_pdf([parcel_id])


def labels_pdf(parcel_ids: Sequence[int]) -> bytes:
    """The valid labels of these parcels in one PDF, in the order in which they were picked. Raises
    NothingToPrint when none has one."""
    found = _found(parcel_ids)
    own = [row[13] for row in found if row[13] is not None]
    if len(found) == len(own) == 1:
        return bytes(own[0])
    files = {f"{row[0]}.pdf": bytes(row[13]) for row in found if row[13] is not None}
    pages = [
        _Page(
            **msgspec.structs.asdict(label),
            svg=code128(label.tracking_number),
            file=f"{row[0]}.pdf" if row[13] is not None else "",
        )
        for row in found
        for label in [_printed(row)]
    ]
    return typeset("label", pages, files)


def label_zpl(parcel_ids: Sequence[int]) -> str:
    """The same for a thermal printer: ZPL, one label behind the other. Raises NothingToPrint."""
    return "".join(row[12] or zpl(_printed(row)) for row in _found(parcel_ids))


def _found(parcel_ids: Sequence[int]) -> list[tuple[Any, ...]]:
    found = sql.run(LABELS, (list(parcel_ids),), binary=True)
    if not found:
        raise NothingToPrint(what=f"P-{parcel_ids[0]}" if len(parcel_ids) == 1 else "None of these parcels")
    return found


def _printed(row: tuple[Any, ...]) -> Printed:
    parcel_id, order, carrier, service, number, reference, ship_to, *site, weight_g, _, _, title = row
    to = msgspec.json.decode(ship_to, type=Address, strict=False)
    return Printed(
        parcel=f"P-{parcel_id}",
        order=order,
        carrier=title or carrier,
        service=service.upper(),
        tracking_number=number,
        sender=tuple(filter(None, (site[0] or site[1], " ".join(filter(None, site[2:]))))),
        receiver=address_lines(to) or ("",),
        weight=f"{weight_g / 1000:g} kg" if weight_g else "",
        reference=reference,
    )


def address_lines(to: Address) -> tuple[str, ...]:
    """As it is written on a parcel; empty lines left out."""
    place = " ".join(filter(None, (to.postcode, to.city)))
    lines = (to.name, to.company, to.line1, to.line2, place, to.region, to.country)
    return tuple(line for line in lines if line.strip())


def return_pdf(parcel_id: int) -> bytes:
    """Our own label for the way back: from the receiver to the site. Raises NothingToPrint."""
    found = sql.run(RETURN, (parcel_id,))
    if not found:
        raise NothingToPrint(what=f"P-{parcel_id} for its way back")
    order, wanted_json, number, name, code, *place = found[0]
    wanted = msgspec.json.decode(wanted_json, type=Wanted)
    weight_g = wanted.shipment.weight_g
    label = Printed(
        parcel=f"P-{parcel_id}",
        order=order,
        carrier=wanted.carrier,
        service=f"RETURN {wanted.service.upper()}",
        tracking_number=number,
        sender=address_lines(wanted.shipment.receiver),
        receiver=tuple(filter(None, (name or code, " ".join(filter(None, place))))) or ("",),
        weight=f"{weight_g / 1000:g} kg" if weight_g else "",
        reference=wanted.reference,
    )
    return typeset("label", [_Page(**msgspec.structs.asdict(label), svg=code128(number))], {})
