"""Reading: the parcels in the house, and one of them."""

from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now

from quartermaster.console.gate import actor, who
from quartermaster.console.orders.queries import user_names
from quartermaster.console.orders.timeline import actor as named
from quartermaster.console.shipping import words
from quartermaster.core.errors import Refused
from quartermaster.core.money import Money
from quartermaster.core.texts import short
from quartermaster.shipping import actions
from quartermaster.shipping.ports import ChecksAddresses
from quartermaster.shipping.queries import papers, parcels
from quartermaster.shipping.queries.carriers import accounts_with
from quartermaster.shipping.queries.customs import NotDeclared, contents, declared
from quartermaster.shipping.queries.customs_versions import DeclaredBy, declared_by
from quartermaster.shipping.queries.landed import landed
from quartermaster.shipping.queries.manifests import manifests
from quartermaster.shipping.queries.papers.customs import form_of
from quartermaster.shipping.queries.pauses import CarrierShown, PauseShown, carriers, impact, pauses
from quartermaster.shipping.queries.playbooks import playbooks
from quartermaster.shipping.queries.returning import return_label, return_paper
from quartermaster.shipping.queries.tables import tables_in_force
from quartermaster.shipping.queries.unprinted import unprinted
from quartermaster.shipping.queries.verdicts import verdict
from quartermaster.shipping.rules.claims import BY_HAND
from quartermaster.shipping.rules.customs import PURPOSES, Contents, Declaration, Form

_ROWS_MAX, _DAYS = 100, 30


class Offered(NamedTuple):
    """A service a person may choose."""

    value: str
    title: str


class CarrierRow(NamedTuple):
    """A carrier on the page; each_minor: what one label cost on average."""

    carrier: CarrierShown
    each_minor: int
    pause: PauseShown | None


def ship(request: HttpRequest) -> HttpResponse:
    """GET /ship"""
    sites = who(request).sites
    refused, waiting, ready = (
        parcels.listed(which, sites=sites, limit=_ROWS_MAX)
        for which in ("refused", "waiting", "not_scanned_out")
    )
    return render(
        request,
        "shipping/ship.html",
        {
            "section": "ship",
            "refused": refused.items,
            "waiting": [(row, words.LABEL.get(row.label, words.LABEL[""])) for row in waiting.items],
            "ready": ready.items,
            "ready_numbers": ",".join(row.number for row in ready.items),
            "new": len(unprinted(sites)) if ready.items else 0,
            "is_more": any(found.next for found in (refused, waiting, ready)),
            "rows_max": _ROWS_MAX,
            "manifests": manifests(state="open", sites=sites).items,
            "carriers": _carriers(),
            "days": _DAYS,
        },
    )


def carrier(request: HttpRequest, carrier: str) -> HttpResponse:
    """GET /ship/carriers/post: what a pause would do, before anybody pauses."""
    found = actions.preview(short(carrier, 80), at=now())
    pause = next((each for each in pauses() if each.carrier == found.carrier), None)
    return render(
        request,
        "shipping/carrier.html",
        {
            "section": "ship",
            "seen": found,
            "pause": pause,
            "impact": impact(found.carrier, at=now()),
            "playbook": next(iter(playbooks(found.carrier)), None),
        },
    )


def parcel(request: HttpRequest, number: str) -> HttpResponse:
    """GET /parcels/P-7"""
    shown = parcels.parcel(number)
    labels = parcels.labels(shown.id)
    newest = labels[0] if labels else None
    back = return_label(shown.number)
    names = user_names({label.asked_by.removeprefix("user:") for label in labels})
    told = [(label, words.LABEL[label.state], named(label.asked_by, names)) for label in labels]
    return render(
        request,
        "shipping/parcel.html",
        {
            "section": "ship",
            "parcel": shown,
            "state": words.PARCEL[shown.state],
            "sentence": words.sentence(
                shown.state, newest.state if newest else "", newest.because.rstrip(".") if newest else ""
            ),
            "label": told[0] if told else None,
            "earlier": told[1:],
            "choice": newest.choice if newest else None,
            "is_moving": newest is not None and newest.state in ("queued", "unknown", "voiding"),
            "has_label": shown.state in ("labelled", "handed_over") and bool(shown.tracking_number),
            "services": _offered(),
            "border": (border := _border(shown)),
            "landed": landed(shown.id) if border else None,
            "purposes": PURPOSES.items(),
            "claimable": BY_HAND.items() if shown.state == "handed_over" and shown.tracking_number else (),
            "back": back,
            "can_return": shown.state in ("labelled", "handed_over"),
            "verdict": verdict(shown.order),
            "can_check": bool(accounts_with(ChecksAddresses)),
            "back_word": words.LABEL[back.state] if back else None,
        },
    )


def paper(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """GET /parcels/P-7/label.pdf, label.zpl, slip.pdf"""
    found = parcels.parcel(number)
    match name:
        case "label.pdf":
            return _pdf(papers.label_pdf(found.id))
        case "label.zpl":
            return HttpResponse(papers.label_zpl([found.id]), content_type="text/plain; charset=utf-8")
        case "return.pdf":
            pdf, zpl = return_paper(number)
            return _pdf(pdf) if pdf else HttpResponse(zpl, content_type="text/plain; charset=utf-8")
        case "slip.pdf":
            return _pdf(papers.slip_pdf(found.id))
        case "customs.pdf":
            return _pdf(papers.customs_pdf(found.id))
        case "postal-form.pdf":
            return _pdf(papers.postal_form_pdf(found.id))
    raise NoSuchPaper(name=name[:40])


def labels(request: HttpRequest) -> HttpResponse:
    """GET /ship/labels.pdf: of every parcel that is labelled and not scanned out."""
    ready = parcels.listed("not_scanned_out", sites=who(request).sites, limit=_ROWS_MAX).items
    return _pdf(papers.labels_pdf([row.id for row in ready]))


def print_new(request: HttpRequest) -> HttpResponse:
    """POST /ship/labels.pdf: those nobody has printed yet, and they count as printed"""
    new = unprinted(who(request).sites)
    if not new:
        raise AllPrinted
    made = papers.labels_pdf(new)
    actions.note_printed(new, at=now(), by=actor(request))
    return _pdf(made)


class AllPrinted(Refused):
    code = "all-printed"
    message = "Every label in the house has been printed."
    remedy = "Print all of them again, or one of them on its parcel's page, where a label got lost."


class NoSuchPaper(Refused):
    code = "not-found"
    status = 404
    message = "There is no paper {name}."
    remedy = "There are label.pdf, label.zpl, slip.pdf, customs.pdf and postal-form.pdf."


def _pdf(made: bytes) -> HttpResponse:
    return HttpResponse(made, content_type="application/pdf")


def _carriers() -> list[CarrierRow]:
    at_rest = {each.carrier: each for each in pauses()}
    return [
        CarrierRow(each, round(each.cost_minor / max(1, each.labels)), at_rest.get(each.carrier))
        for each in carriers(at=now(), days=_DAYS)
    ]


class Border(NamedTuple):
    """What is declared of a parcel, on which postal form, and what somebody said of it."""

    told: Declaration
    form: Form
    contents: Contents
    worth: list[tuple[str, str]]
    by: DeclaredBy | None = None


def _border(parcel: parcels.ParcelShown) -> Border | None:
    """Of a parcel that crosses a border; None where nothing is declared."""
    try:
        one, told = declared(parcel.id)
    except NotDeclared:
        return None
    said = contents(one.order_id)
    worth = [(row.sku, _amount(said.worth.get(row.sku), told.currency)) for row in told.rows]
    return Border(told, form_of(one, told), said, list(dict.fromkeys(worth)), declared_by(parcel.id))


def _amount(minor: int | None, currency: str) -> str:
    return "" if minor is None else str(Money(minor, currency).decimal)


def _offered() -> list[Offered]:
    tables = tables_in_force().tables
    return [
        Offered(f"{carrier.code}/{product.code}", f"{carrier.title} {product.title}")
        for carrier in tables.carriers
        for product in carrier.products
    ]
