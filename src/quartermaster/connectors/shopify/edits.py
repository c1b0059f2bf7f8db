"""Units that are taken off an order, and the rest of it sent."""

from collections.abc import Mapping
from contextlib import suppress

from quartermaster.channels.ports import Cancellation, Told
from quartermaster.connectors.picked import objects, text
from quartermaster.connectors.shopify.admin import Admin, refusal
from quartermaster.connectors.shopify.documents import edits as documents
from quartermaster.connectors.shopify.translate import back, edits, names
from quartermaster.connectors.shopify.translate.fetched import inside, nodes
from quartermaster.core.outside import Conflict, Missing, NotDone, RefusedOutside, Unclear

type Json = Mapping[str, object]


def take_off(admin: Admin, cancellation: Cancellation) -> Told:
    order = look(admin, cancellation.order)
    if order.get("cancelledAt"):
        return Told()
    kept = edits.wishes(order)
    wanted = kept.get(cancellation.reference)
    if wanted is None:
        wanted = edits.targets(cancellation, order, kept)
        _keep(admin, edits.field(order, {**kept, cancellation.reference: wanted}))
    if edits.is_done(wanted, order):
        return Told()
    try:
        _edit(admin, order, edits.left(wanted, order), cancellation)
    except RefusedOutside:
        with suppress(RefusedOutside, NotDone, Unclear):  # a wish that stays only counts units as taken off
            _forget(admin, cancellation)
        raise
    if not edits.is_done(wanted, look(admin, cancellation.order)):
        raise Unclear("Shopify has taken the edit, and shows the order as it was")
    return Told()


def found(admin: Admin, cancellation: Cancellation) -> Told | None:
    order = look(admin, cancellation.order)
    wanted = edits.wishes(order).get(cancellation.reference)
    is_off = order.get("cancelledAt") or (wanted is not None and edits.is_done(wanted, order))
    return Told() if is_off else None


def look(admin: Admin, order: str) -> Json:
    if not order.isdecimal():
        raise Missing(f"{order!r} is no id of an order of Shopify's")
    shown = admin.ask(documents.ORDER, id=names.gid("Order", order)).get("order")
    if not isinstance(shown, dict):
        raise Missing(f"Shopify has no order {order}")
    return shown


def _keep(admin: Admin, field: Json) -> None:
    payload = inside(admin.change(documents.KEEP, metafields=[field]), "metafieldsSet")
    codes = {text(one.get("code")) for one in objects(payload.get("userErrors"))}
    if codes & {"STALE_OBJECT", "INVALID_COMPARE_DIGEST"}:
        raise NotDone("Somebody has just changed the same order in Shopify")
    if refused := refusal(payload):
        raise refused


def _forget(admin: Admin, cancellation: Cancellation) -> None:
    order = look(admin, cancellation.order)
    kept = edits.wishes(order)
    if kept.pop(cancellation.reference, None) is not None:
        _keep(admin, edits.field(order, kept))


def _edit(admin: Admin, order: Json, wanted: edits.Targets, cancellation: Cancellation) -> None:
    """Nothing changes before the commit, so what goes wrong until then has surely changed nothing."""
    try:
        draft = _draft(admin, order, wanted, restock=cancellation.reason != "inventory")
    except Unclear as trouble:
        raise NotDone(f"The edit was not begun: {trouble}") from None
    note = back.cancel(cancellation)["note"]
    answer = admin.change(documents.COMMIT, id=draft, notify=cancellation.tells_buyer, note=note)
    if refused := refusal(inside(answer, "orderEditCommit")):
        raise refused


def _draft(admin: Admin, order: Json, wanted: edits.Targets, *, restock: bool) -> str:
    payload = inside(admin.change(documents.BEGIN, id=order["id"]), "orderEditBegin")
    if refused := refusal(payload):
        raise refused
    draft = inside(payload, "calculatedOrder")
    lines = {text(names.number(one.get("id"))): one for one in nodes(draft, "lineItems")}
    for line, units in wanted.items():
        shown = lines.get(line)
        if shown is None or shown.get("editableQuantity") != shown.get("quantity"):
            raise Conflict(f"Shopify does not let line {line} be edited as a whole: take it off there")
        answer = admin.change(
            documents.SET_LINE, id=draft["id"], line=shown["id"], quantity=units, restock=restock
        )
        if refused := refusal(inside(answer, "orderEditSetQuantity")):
            raise refused
    return text(draft.get("id"))
