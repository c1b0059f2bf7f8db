"""Claims against carriers: what is open, what was sent, what came back; and the invoices they come from."""

import csv
import io
from collections.abc import Sequence
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.timezone import now

from quartermaster.console.asked import one_of
from quartermaster.console.gate import actor
from quartermaster.console.notices import tell
from quartermaster.console.orders.words import Word
from quartermaster.core.csvs import guarded
from quartermaster.core.errors import Invalid
from quartermaster.core.money import BadAmount, Money, to_minor
from quartermaster.core.texts import short
from quartermaster.shipping import actions
from quartermaster.shipping.actions.claims import claim_id_of
from quartermaster.shipping.queries.claims import ClaimShown, claim, claims, disputes, invoices, totals
from quartermaster.shipping.rules.claims import CLAIM, State, Turn

TABS = {
    "open": Word("Open", "○", "is-warn"),
    "sent": Word("Sent", "→", "is-accent"),
    "credited": Word("Credited", "✓", "is-good"),
    "rejected": Word("Rejected", "✕", "is-bad"),
    "dropped": Word("Dropped", "–", ""),
}
KINDS = {
    "unknown": "Not ours",
    "again": "Billed again",
    "void": "Void, billed",
    "not_shipped": "Never shipped",
    "currency": "Other currency",
    "doubled": "Charged twice",
    "weight": "Weight",
    "fuel": "Fuel",
    "price": "Price",
    "lost": "Lost",
    "damaged": "Damaged",
    "late": "Late",
    "other": "Other",
}
TURNS = {
    Turn.SEND: "Sent to the carrier",
    Turn.CREDIT: "Credited",
    Turn.REJECT: "Rejected",
    Turn.DROP: "Not worth it",
    Turn.REOPEN: "Open again",
}
EXPORT_MAX = 10_000
COLUMNS = (
    *("claim", "carrier", "invoice", "tracking_number", "parcel", "kind", "state"),
    *("billed", "expected", "claimed", "credited", "currency", "because", "evidence", "photos"),
)


def page(request: HttpRequest) -> HttpResponse:
    """GET /ship/claims?state=&carrier=&after="""
    state, carrier = _asked(request)
    found = claims((state,), carrier=carrier, after=request.GET.get("after", ""))
    of = f"&{urlencode({'carrier': carrier})}" if carrier else ""
    possible = [(turn.value, TURNS[turn]) for turn in CLAIM.possible(State(state))]
    return render(
        request,
        "shipping/claims.html",
        {
            "section": "ship",
            "state": state,
            "tabs": [(name, word.title, f"?state={name}{of}") for name, word in TABS.items()],
            "carrier": carrier,
            "disputes": disputes(),
            "rows": [(row, KINDS.get(row.kind, row.kind)) for row in found.items],
            "turns": possible,
            "totals": [(TABS[each.state].title, each) for each in totals() if each.state != "dropped"],
            "invoices": invoices(limit=20).items,
            "older": f"?state={state}{of}&after={found.next}" if found.next else None,
        },
    )


def raise_for(request: HttpRequest, number: str) -> HttpResponse:
    """POST /parcels/P-7/claim: lost, damaged, late."""
    currency = short(request.POST.get("currency", "").strip().upper(), 3)
    made = actions.raise_claim(
        number,
        request.POST.get("kind", ""),
        amount_minor=_amount(request.POST.get("amount", "").strip(), currency) or 0,
        currency=currency,
        because=short(request.POST.get("because", "").strip(), 500),
        at=now(),
        by=actor(request),
    )
    tell(request, f"{made} is open: send it to the carrier.")
    return redirect("ship-claims")


def turn(request: HttpRequest, number: str) -> HttpResponse:
    """POST /ship/claims/CL-3: what happened to it."""
    chosen = one_of(request.POST.get("turn", ""), TURNS)
    if not chosen:
        raise Invalid(what="The form", errors={"turn": "choose what happened"})
    before = claim(claim_id_of(number))
    credited = _amount(request.POST.get("credited", "").strip(), before.currency)
    because = short(request.POST.get("because", "").strip(), 500)
    actions.move_claim(
        number, Turn(chosen), because=because, credited_minor=credited, at=now(), by=actor(request)
    )
    tell(request, f"{number}: {TURNS[Turn(chosen)].lower()}.")
    return redirect(f"/ship/claims?state={before.state}")


def export(request: HttpRequest) -> HttpResponse:
    """GET /ship/claims.csv?state=open&carrier=post: what a carrier's claims desk wants to have."""
    state, carrier = _asked(request)
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(COLUMNS)
    after = ""
    for _ in range(EXPORT_MAX // 500):
        found = claims((state,), carrier=carrier, after=after, limit=500)
        table.writerows([guarded(cell) for cell in _cells(request, row)] for row in found.items)
        if not found.next:
            break
        after = found.next
    answer = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = (
        f'attachment; filename="claims-{slugify(carrier) + "-" if carrier else ""}{state}.csv"'
    )
    return answer


def _cells(request: HttpRequest, row: ClaimShown) -> Sequence[str]:
    money = (row.billed_minor, row.expected_minor, row.amount_minor, row.credited_minor)
    told = ["" if minor is None else str(Money(minor, row.currency).decimal) for minor in money]
    names = (row.number, row.carrier, row.invoice, row.tracking_number, row.parcel, row.kind, row.state)
    photos = [reverse("parcel-photo", args=(row.parcel_id, photo)) for photo in row.photos]
    shown = " ".join(request.build_absolute_uri(path) for path in photos)
    return (*names, *told, row.currency, row.because, row.evidence, shown)


def _asked(request: HttpRequest) -> tuple[str, str]:
    """The state and the carrier that are asked for."""
    state = one_of(request.GET.get("state", ""), TABS) or "open"
    return state, short(request.GET.get("carrier", ""), 80)


def _amount(text: str, currency: str) -> int | None:
    try:
        return to_minor(text.replace(",", "."), currency) if text else None
    except BadAmount as error:
        raise Invalid(what="The form", errors={"credited": str(error)}) from None
