"""Unicommerce's calls: an order under our reference, found again, cancelled, and what came in."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from time import monotonic

from msgspec.structs import replace

from quartermaster.connectors.unicommerce import translate
from quartermaster.connectors.unicommerce.sign_in import signed_in
from quartermaster.connectors.unicommerce.translate import Cursor, NotUnderstood
from quartermaster.core.outside import Account, AuthExpired, Conflict, Invalid, Missing, NotDone, Unclear
from quartermaster.outside.ports import Capability, News, Order, Receipt, Snapshot, Standing, State, Unread

ROOT = "/services/rest/v1"
ROUND_S = 8.0  # what is asked one by one in one round, receipts and orders each for half of it
SKUS_MAX = 10_000
CHANGED_MIN = 1440
BACK = timedelta(days=30)  # a receipt may be written on for as long
FIRST_BACK = timedelta(hours=1)


class Unicommerce:
    """Our reference is the order's `code`, which Uniware takes once."""

    capabilities = frozenset(Capability)

    def send(self, *, account: Account, order: Order) -> Standing:
        known = self.find(account=account, reference=order.reference)
        if known is not None:
            return known
        wanted = account.settings
        body = translate.order_body(
            order,
            facility=wanted["facility"],
            channel=wanted.get("channel") or "CUSTOM",
            method=wanted.get("shipping_method") or "STD",
        )
        refusal = _do(account, "/oms/saleOrder/create", body)
        if refusal is None:
            return Standing(order.reference, State.ACKNOWLEDGED, order.reference)
        made = self.find(account=account, reference=order.reference)  # it refuses a code it has
        if made is None:
            raise refusal
        return made

    def find(self, *, account: Account, reference: str) -> Standing | None:
        try:
            return _known(account, reference)
        except NotUnderstood as error:
            raise NotDone(str(error)) from None

    def cancel(self, *, account: Account, reference: str, because: str) -> Standing:
        before = self.find(account=account, reference=reference)
        if before is None:
            raise Missing(f"Unicommerce knows of no order {reference}")
        if before.state is State.CANCELLED:
            return before
        if before.shipments:
            raise Conflict(f"Unicommerce has shipped {reference}")
        refusal = _do(account, "/oms/saleOrder/cancel", translate.cancel_body(reference, because))
        after = self.find(account=account, reference=reference)
        if after is not None and after.state is State.CANCELLED:
            return after
        if refusal is not None:
            raise Conflict(str(refusal))
        raise Unclear("Unicommerce did not say whether it is cancelled")

    def news(self, *, account: Account, references: Sequence[str], cursor: str) -> News:
        """Orders are asked for one by one, and where time ran out the next round goes on."""
        place = translate.read_cursor(cursor, now=datetime.now(UTC), back=FIRST_BACK)
        receipts, place, unread = _receipts(account, place, monotonic() + ROUND_S / 2)
        ends, said = monotonic() + ROUND_S / 2, []
        for reference in translate.turn(references, place.behind):
            if monotonic() > ends:
                break
            place = replace(place, behind=reference)
            try:
                found = _known(account, reference)
            except NotUnderstood as error:
                unread.append(Unread(f"order {reference}", str(error)))
                continue
            if found is not None:
                said.append(found)
        return News(
            standings=tuple(said),
            receipts=tuple(receipts),
            unread=tuple(unread),
            cursor=translate.write_cursor(place),
        )

    def thank(self, *, account: Account, news: News) -> None:
        return None  # nothing is taken away by reading it

    def snapshot(self, *, account: Account, skus: Sequence[str] = ()) -> Snapshot | None:
        at = datetime.now(UTC)
        body: dict[str, object] = (
            {"itemTypeSKUs": list(skus[:SKUS_MAX])} if skus else {"updatedSinceInMinutes": CHANGED_MIN}
        )
        try:
            return translate.snapshot(_looked(account, "/inventory/inventorySnapshot/get", body), at)
        except NotUnderstood as error:
            raise NotDone(str(error)) from None


def _known(account: Account, reference: str) -> Standing | None:
    """What it knows of an order. Raises NotUnderstood, NotDone."""
    answer = _asked(account, "/oms/saleorder/get", {"code": reference})
    if not translate.was_done(answer):
        if translate.codes(answer) & translate.NO_SUCH_ORDER:
            return None
        raise NotDone(translate.complaint(answer).because or "Unicommerce did not answer")
    return translate.standing(translate.sale_order(answer))


def _receipts(account: Account, place: Cursor, ends: float) -> tuple[list[Receipt], Cursor, list[Unread]]:
    """Receipts that are complete and were not told, oldest code first."""
    now = datetime.now(UTC)
    window = {"start": _utc(max(datetime.fromisoformat(place.since), now - BACK)), "end": _utc(now)}
    body = {"createdBetween": window}
    told, unread, known = [], [], set(place.known)
    try:
        listed = translate.receipt_codes(_looked(account, "/purchase/inflowReceipt/getInflowReceipts", body))
    except NotUnderstood as error:
        raise NotDone(str(error)) from None
    for code in sorted(set(listed) - known):
        if monotonic() > ends:
            break
        asked = {"inflowReceiptCode": code}
        try:
            found = translate.receipt(_looked(account, "/purchase/inflowReceipt/getInflowReceipt", asked))
        except NotUnderstood as error:
            unread.append(Unread(f"receipt {code}", str(error)))
            known.add(code)
            continue
        if found is not None:
            known.add(code)
            if found.items:
                told.append(found)
    return told, replace(place, known=tuple(sorted(known & set(listed)))), unread


def _do(account: Account, path: str, body: object) -> Invalid | None:
    """Change something there. What it says against it, or None. Raises NotDone, Unclear."""
    answer = signed_in(account, lambda caller: _let_in(caller.change("POST", ROOT + path, body)))
    try:
        if translate.was_done(answer):
            return None
    except NotUnderstood as error:
        raise Unclear(str(error)) from None
    said = translate.complaint(answer)
    if not said.because:
        raise Unclear("Unicommerce refused without a reason")
    return Invalid(said.because, said.fields)


def _looked(account: Account, path: str, body: object) -> dict[str, object]:
    """The answer to a question it could answer. Raises NotUnderstood, NotDone."""
    answer = _asked(account, path, body)
    if not translate.was_done(answer):
        raise NotDone(translate.complaint(answer).because or "Unicommerce did not answer")
    return answer


def _asked(account: Account, path: str, body: object) -> dict[str, object]:
    return signed_in(account, lambda caller: _let_in(caller.ask(ROOT + path, body)))


def _let_in[A: Mapping[str, object]](answer: A) -> A:
    """Raises AuthExpired for a token that does not count: that, too, may be said with 200."""
    if translate.codes(answer) & translate.SIGNED_OUT:
        raise AuthExpired(translate.complaint(answer).because)
    return answer


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
