"""How a site picks: read, changed with a reason, and every version that was."""

from collections.abc import Mapping
from urllib.parse import urlencode

import msgspec
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.timezone import now

from quartermaster.console.asked import texts
from quartermaster.console.gate import actor, who
from quartermaster.console.notices import tell
from quartermaster.console.orders.queries import user_names
from quartermaster.core.errors import Invalid, Refused
from quartermaster.core.texts import short, whole
from quartermaster.stock.queries.locations import location_id
from quartermaster.warehouse import actions
from quartermaster.warehouse.queries.board import board
from quartermaster.warehouse.queries.policy import pick_policy, policy_versions
from quartermaster.warehouse.rules.bins import Rotation
from quartermaster.warehouse.rules.grouping import Mode
from quartermaster.warehouse.rules.policy import PickPolicy
from quartermaster.warehouse.rules.routing import Strategy

type Answer = HttpResponse

ROTATIONS = {
    Rotation.FEFO: "what expires first",
    Rotation.FIFO: "what has lain there longest",
    Rotation.NEAREST: "what is nearest",
}
MODES = {
    Mode.SINGLE: "each order alone",
    Mode.BATCH: "together, sorted afterwards",
    Mode.CLUSTER: "together, each order in its tote",
    Mode.ZONE: "together, a list for every zone",
}
WAYS = {
    Strategy.EXACT: "the shortest walk",
    Strategy.S_SHAPE: "S-shape: through every aisle",
    Strategy.LARGEST_GAP: "largest gap: in from both ends",
}
LIMITS = ("orders_each", "units_each", "weight_g_each", "volume_ml_each")
SKUS_TEXT_MAX = 500_000


def policy(request: HttpRequest) -> Answer:
    """GET /floor/policy?site="""
    return _shown(request, texts(request, "site")["site"])


def write(request: HttpRequest) -> Answer:
    """POST /floor/policy"""
    given, site = request.POST, short(request.POST.get("site", ""), 80)
    try:
        version = given.get("version", "")
        actions.write_policy(
            site,
            _wanted(given),
            because=short(given.get("because", ""), 1000),
            version=whole(version, 9),
            at=now(),
            by=actor(request),
        )
    except Invalid as refusal:
        return _shown(request, site, given=given, errors=refusal.errors, status=refusal.status)
    except Refused as refusal:
        return _shown(request, site, given=given, wrong=f"{refusal.title} {refusal.remedy}", status=409)
    tell(request, f"{site} picks this way from now on.")
    return redirect(f"/floor/policy?{urlencode({'site': site})}")


def _shown(
    request: HttpRequest,
    asked: str,
    *,
    given: QueryDict | None = None,
    errors: Mapping[str, str] | None = None,
    wrong: str = "",
    status: int = 200,
) -> Answer:
    sites = [one for one in board(at=now()) if who(request).is_at(one.location)]
    site = next((one for one in sites if one.location == asked), sites[0] if sites else None)
    context: dict[str, object] = {"section": "floor", "sites": sites, "site": site, "errors": errors or {}}
    if site is not None:
        row_id = location_id(site.location)
        versions, now_so = policy_versions(row_id), pick_policy(row_id)
        names = user_names(one.actor.partition(":")[2] for one in versions if one.actor.startswith("user:"))
        values = dict(msgspec.to_builtins(now_so.policy))
        values["skus"] = "\n".join(f"{sku} {rotation}" for sku, rotation in sorted(values["skus"].items()))
        context |= {
            "values": values if given is None else given,
            "version": now_so.version,
            "versions": [(one, names.get(one.actor.removeprefix("user:"), one.actor)) for one in versions],
            "rotations": ROTATIONS,
            "modes": MODES,
            "ways": WAYS,
            "wrong": wrong,
        }
    return render(request, "floor/policy.html", context, status=status)


def _wanted(given: QueryDict) -> PickPolicy:
    """Raises Invalid that names every field that cannot be read."""
    errors: dict[str, str] = {}
    content: dict[str, object] = {name: given.get(name, "") for name in ("rotation", "mode", "routing")}
    for name in LIMITS:
        text = given.get(name, "").strip()
        if text and not (text.isascii() and text.isdecimal() and len(text) < 13):
            errors[name] = "must be a whole number"
        elif text:
            content[name] = int(text)
    content["skus"] = _skus(short(given.get("skus", ""), SKUS_TEXT_MAX), errors)
    if errors:
        raise Invalid(what="The pick policy", errors=errors)
    try:
        return msgspec.convert(content, PickPolicy)
    except msgspec.ValidationError as error:
        raise Invalid(what="The pick policy", errors={"policy": str(error)}) from error


def _skus(text: str, errors: dict[str, str]) -> dict[str, str]:
    """A line for each SKU: its code, a blank, its rotation."""
    found = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        code, _, rotation = line.rpartition(" ")
        if not code or rotation not in list(Rotation):
            errors["skus"] = f"{short(line, 80)}: a SKU, a blank, then fefo, fifo or nearest"
            break
        found[code.strip()] = rotation
    return found
