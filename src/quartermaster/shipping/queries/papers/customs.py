"""Papers for customs: the commercial invoice, and the postal forms CN22 and CN23."""

import msgspec

from quartermaster.core.errors import Refused
from quartermaster.core.money import Money
from quartermaster.shipping.queries.customs import Sent, declared, profile
from quartermaster.shipping.queries.papers.labels import address_lines
from quartermaster.shipping.queries.papers.typesetting import code128, typeset
from quartermaster.shipping.rules.customs import FIRST, PURPOSES, Declaration, Form, Row, form_for

CN22_ROWS_MAX = 6  # more do not fit on the small form


class Incomplete(Refused):
    code = "customs-incomplete"
    message = "{parcel} cannot be declared: {missing}"
    remedy = "Complete the products, or PUT /api/customs; then print it."


def customs_pdf(parcel_id: int) -> bytes:
    """The commercial invoice, A4; pro forma when nothing was sold. Raises NotFound, NotDeclared, Incomplete:
    a paper with holes keeps the parcel at the border."""
    one, told = _complete(parcel_id)
    return typeset("customs", {**_content(one, told), "to": told.receiver})


def form_of(one: Sent, told: Declaration) -> Form:
    """Which postal form a parcel needs, and why."""
    form = form_for(
        (*FIRST, *profile().forms),
        sender=told.sender,
        currency=told.currency,
        value_minor=told.value_minor,
        weight_g=_gross_g(one, told),
        on=one.on,
    )
    if form.name == "CN22" and len(told.rows) > CN22_ROWS_MAX:
        return Form(
            "CN23", f"It has {len(told.rows)} kinds of goods, and a CN22 has room for {CN22_ROWS_MAX}."
        )
    return form


def postal_form_pdf(parcel_id: int) -> bytes:
    """The CN22 (105 x 148 mm) or the CN23 (A4). Raises NotFound, NotDeclared, Incomplete."""
    one, told = _complete(parcel_id)
    form = form_of(one, told)
    number = one.tracking_number or f"P-{parcel_id}"
    content = {
        **_content(one, told),
        "form": form.name,
        "purposes": [{"title": title, "is_so": name == told.purpose} for name, title in PURPOSES.items()],
        "number": number,
        "bars": code128(number),
        "gross": _weight(_gross_g(one, told)),
    }
    return typeset(form.name.lower(), content)


def _gross_g(one: Sent, told: Declaration) -> int | None:
    """On the scale, and never less than what is in it."""
    return max((each for each in (one.weight_g, told.weight_g) if each is not None), default=None)


def _complete(parcel_id: int) -> tuple[Sent, Declaration]:
    one, told = declared(parcel_id)
    if told.missing:
        raise Incomplete(parcel=f"P-{parcel_id}", missing=" ".join(told.missing))
    return one, told


def _content(one: Sent, told: Declaration) -> dict[str, object]:
    return {
        "parcel": f"P-{one.parcel}",
        "order": f"SO-{one.order_id}",
        "on": f"{one.on.day} {one.on:%b %Y}",
        "carrier": one.carrier,
        "tracking_number": one.tracking_number,
        "exporter": profile().at(one.site).exporter.splitlines(),
        "eori": told.eori,
        "receiver": address_lines(one.receiver),
        "rows": [_row(row, told.currency) for row in told.rows],
        "value": str(Money(told.value_minor, told.currency)),
        "weight": _weight(told.weight_g),
        "incoterm": told.incoterm,
        "ioss": told.ioss,
        "is_sale": told.purpose == "sale",
        "reason": PURPOSES[told.purpose].lower(),
    }


def _row(row: Row, currency: str) -> dict[str, object]:
    told = msgspec.structs.asdict(row)
    return {**told, "value": str(Money(row.value_minor, currency)), "weight": _weight(row.weight_g)}


def _weight(weight_g: int | None) -> str:
    return "" if weight_g is None else f"{weight_g / 1000:.3f} kg"
