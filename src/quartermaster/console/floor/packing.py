"""The bench: what was picked for an order goes into a parcel, scan by scan."""

from collections.abc import Callable
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now

from quartermaster.console.floor.actions import Told, hear_scan
from quartermaster.console.floor.plans import plan_seen
from quartermaster.console.floor.scans import sent
from quartermaster.console.gate import actor
from quartermaster.console.models import FloorScan
from quartermaster.console.notices import tell
from quartermaster.console.people.rights import OVERRIDE
from quartermaster.console.people.vouching import accepted_by
from quartermaster.console.shipping.words import PARCEL
from quartermaster.core.errors import Invalid, Refused
from quartermaster.core.texts import short, whole
from quartermaster.shipping.actions import plan_packing
from quartermaster.shipping.queries.returning import return_label
from quartermaster.warehouse import actions
from quartermaster.warehouse.actions.weigh import WeightOff
from quartermaster.warehouse.queries.packaging import packaging_in_force
from quartermaster.warehouse.queries.parcels import parcel as find
from quartermaster.warehouse.queries.photos import parcel_photo

type Answer = HttpResponse


def begin(request: HttpRequest) -> Answer:
    """POST /floor/pack: the next parcel of an order."""
    order, site = (short(request.POST.get(name, "").strip(), 80) for name in ("order", "site"))
    made = actions.open_parcel(order, site, at=now(), by=actor(request))
    plan_packing(made, at=now(), by=actor(request))
    return redirect("floor-pack", parcel_id=made)


def parcel(request: HttpRequest, parcel_id: int) -> Answer:
    """GET /floor/pack/17"""
    return _shown(request, parcel_id)


def scan(request: HttpRequest, parcel_id: int) -> Answer:
    """POST /floor/pack/17/scan: a scan under the id its device or this page gave it. It counts once, and sent
    again it is answered as before."""
    heard = sent(request, f"pack:{parcel_id}")
    answer = hear_scan(heard, lambda: _put(parcel_id, heard), at=now())
    said = {"right": answer.said} if answer.is_right else {"wrong": answer.said}
    return _shown(request, parcel_id, **said)


def _put(parcel_id: int, heard: FloorScan) -> Told:
    try:
        done = actions.scan(parcel_id, heard.text, at=heard.scanned_at, by=heard.by)
    except Refused as refusal:
        return Told(False, refusal.title)
    left = f"{done.left} to go." if done.left else "That is all."
    return Told(True, f"{done.units} × {done.sku} is in. {left}")


def unscanned(request: HttpRequest, parcel_id: int) -> Answer:
    """POST /floor/pack/17/unscanned: a supervisor vouches for what cannot be scanned."""
    because = short(request.POST.get("because", "").strip(), 200)

    def put() -> str:
        name = accepted_by(request, OVERRIDE, what=f"unscanned units in P-{parcel_id}")
        told = f"{because} (accepted by {name})" if name and because else because
        units = actions.pack_unscanned(parcel_id, because=told, at=now(), by=actor(request))
        return f"{units} unit{'' if units == 1 else 's'} in, unscanned."

    return _tried(request, parcel_id, put)


def plan(request: HttpRequest, parcel_id: int) -> Answer:
    """POST /floor/pack/17/plan: cartons for what lies on the bench now."""
    plan_packing(parcel_id, at=now(), by=actor(request))
    return redirect("floor-pack", parcel_id=parcel_id)


def take_out(request: HttpRequest, parcel_id: int, item_id: int) -> Answer:
    """POST /floor/pack/17/items/170/out: one unit comes out again."""

    def out() -> str:
        actions.take_out(parcel_id, item_id, 1, at=now(), by=actor(request))
        return "One unit is out again."

    return _tried(request, parcel_id, out)


def close(request: HttpRequest, parcel_id: int) -> Answer:
    """POST /floor/pack/17/close"""
    given = request.POST
    weight = given.get("weight_g", "").strip()
    grams = whole(weight, 7)
    because = short(given.get("weight_because", "").strip(), 200)

    def shut(weight_because: str) -> None:
        actions.close(
            parcel_id,
            partly=bool(given.get("partly")),
            carton=short(given.get("carton", "").strip(), 80),
            weight_g=grams,
            weight_because=weight_because,
            carton_because=short(given.get("carton_because", "").strip(), 255),
            insert_because=short(given.get("insert_because", "").strip(), 255),
            photo_because=short(given.get("photo_because", "").strip(), 255),
            at=now(),
            by=actor(request),
        )

    try:
        try:
            shut("")
        except WeightOff:
            if not because:
                raise
            name = accepted_by(request, OVERRIDE, what=f"the weight of P-{parcel_id}")
            shut(f"{because} (accepted by {name})" if name else because)
    except Refused as refusal:
        return _shown(request, parcel_id, wrong=f"{refusal.title} {refusal.remedy}")
    tell(request, f"P-{parcel_id} is packed.")
    return redirect("floor-pack", parcel_id=parcel_id)


def photograph(request: HttpRequest, parcel_id: int) -> Answer:
    """POST /floor/pack/17/photos: one photo or several of the parcel, open or closed."""

    def keep() -> str:
        sent = request.FILES.getlist("photo")
        if not sent:
            raise Invalid(what="The photo", errors={"photo": "choose one, or take one"})
        for each in sent:
            actions.add_parcel_photo(parcel_id, each.read(), at=now(), by=actor(request))
        return f"{len(sent)} photo{'' if len(sent) == 1 else 's'} kept."

    return _tried(request, parcel_id, keep)


def photo(request: HttpRequest, parcel_id: int, photo_id: int) -> Answer:
    """GET /floor/pack/17/photos/3, and the same below /parcels/P-17"""
    kind, body = parcel_photo(photo_id, parcel_id=parcel_id)
    return HttpResponse(body, content_type=kind, headers={"X-Content-Type-Options": "nosniff"})


def open_again(request: HttpRequest, parcel_id: int) -> Answer:
    """POST /floor/pack/17/open"""
    because = short(request.POST.get("because", "").strip(), 255) or "opened at the bench"
    actions.open_again(parcel_id, because=because, at=now(), by=actor(request))
    tell(request, f"P-{parcel_id} is open again.")
    return redirect("floor-pack", parcel_id=parcel_id)


def _tried(request: HttpRequest, parcel_id: int, act: Callable[[], str]) -> Answer:
    try:
        return _shown(request, parcel_id, right=act())
    except Refused as refusal:
        return _shown(request, parcel_id, wrong=" ".join([refusal.title, *refusal.errors.values()]))


def _shown(request: HttpRequest, parcel_id: int, *, right: str = "", wrong: str = "") -> Answer:
    found = find(parcel_id)
    packaging = packaging_in_force().packaging
    context = {
        "section": "floor",
        "parcel": found,
        "number": f"P-{found.id}",
        "cartons": packaging.at(found.location or ""),
        "back": return_label(f"P-{parcel_id}") if found.state == "labelled" else None,
        "plan": plan_seen(parcel_id, packaging),
        "state": PARCEL[found.state],
        "next_scan": uuid4(),
        "right": right,
        "wrong": wrong,
    }
    return render(request, "floor/pack.html", context, status=409 if wrong else 200)
