"""Extensiv's calls: a token, an order under our reference, found again, cancelled by its version."""

import base64
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from time import monotonic
from zoneinfo import ZoneInfo

from quartermaster.connectors.calls import Caller
from quartermaster.connectors.extensiv import translate
from quartermaster.core.outside import Account, AuthExpired, Conflict, Invalid, Missing, NotDone, Unclear
from quartermaster.outside.ports import Capability, News, Order, Receipt, Snapshot, Standing, State, Unread

ADDRESS = "https://secure-wms.com"
FEWER_S = 60  # a token is asked anew this long before it ends
AT_ONCE = 20  # references in one question
PAGES_MAX, PAGE = 4, 500  # of receivers; more than 500 on a page is an error there
_REFERENCE = re.compile(r"[A-Za-z0-9-]+")
_tokens: dict[tuple[str, str, str], tuple[str, float]] = {}  # account -> token, when it ends


class Extensiv:
    """Our reference is the order's `referenceNum`, by which it is looked for before it is made."""

    capabilities = frozenset(Capability)

    def send(self, *, account: Account, order: Order) -> Standing:
        known = self._known(account, [order.reference])
        if known:
            return self._standing(known[0], account)
        wanted = account.settings
        body = translate.order_body(
            order, customer_id=wanted["customer_id"], facility_id=wanted["facility_id"]
        )
        made = signed_in(account, lambda caller: caller.change("POST", "/orders", body))
        if not translate.number(made):
            raise Unclear("Extensiv confirmed no order")
        return Standing(order.reference, State.ACKNOWLEDGED, translate.number(made))

    def find(self, *, account: Account, reference: str) -> Standing | None:
        known = self._known(account, [reference])
        return self._standing(known[0], account) if known else None

    def cancel(self, *, account: Account, reference: str, because: str) -> Standing:
        known = self._known(account, [reference])
        if not known:
            raise Missing(f"Extensiv knows of no order {reference}")
        before = self._standing(known[0], account)
        if before.state is State.CANCELLED:
            return before
        if before.shipments or before.state is State.SHIPPED:
            raise Conflict(f"Extensiv has shipped {reference}")
        path = f"/orders/{translate.number(known[0])}"
        etag = signed_in(account, lambda caller: caller.version(path))
        try:
            signed_in(
                account,
                lambda caller: caller.change("POST", f"{path}/canceler", {"reason": because}),
                {"If-Match": etag},
            )
        except Invalid as changed:  # 412: somebody there works on it
            raise NotDone(f"it changed there meanwhile: {changed}") from None
        after = self.find(account=account, reference=reference)
        if after is None or after.state is State.ACKNOWLEDGED:
            raise Unclear("Extensiv did not say whether it is cancelled")
        if after.state is not State.CANCELLED:
            raise Conflict(f"Extensiv has shipped {reference}")
        return after

    def news(self, *, account: Account, references: Sequence[str], cursor: str) -> News:
        said, unread = [], []
        for start in range(0, max(1, len(references)), AT_ONCE):
            for known in self._known(account, references[start : start + AT_ONCE]):
                try:
                    said.append(translate.standing(known, _zone(account)))
                except translate.NotUnderstood as error:
                    unread.append(Unread(f"order {translate.number(known)}", str(error)))
        receipts, after, strange = _receipts(account, cursor)
        unread += strange
        return News(standings=tuple(said), receipts=tuple(receipts), unread=tuple(unread), cursor=after)

    def thank(self, *, account: Account, news: News) -> None:
        return None  # nothing is taken away by reading it

    def snapshot(self, *, account: Account, skus: Sequence[str] = ()) -> Snapshot | None:
        wanted = account.settings
        params = {"facilityId": wanted["facility_id"], "customerId": wanted["customer_id"]}
        at = datetime.now(UTC)
        found = signed_in(account, lambda caller: caller.look("/inventory/stocksummaries", params=params))
        try:
            return translate.snapshot(found, at)
        except translate.NotUnderstood as error:
            raise NotDone(str(error)) from None

    def _known(self, account: Account, references: Sequence[str]) -> list[translate.Sent]:
        """Their orders under these references."""
        mine = [reference for reference in references if _REFERENCE.fullmatch(reference)]
        rql = f"readonly.customerIdentifier.id=={account.settings['customer_id']}"
        rql += f";referenceNum=in=({','.join(mine or ['-'])})"
        params = {"rql": rql, "detail": "All", "itemdetail": "All", "pgsiz": "100", "pgnum": "1"}
        found = signed_in(account, lambda caller: caller.look("/orders", params=params))
        try:
            return [each for each in translate.orders(found) if each.get("referenceNum") in mine]
        except translate.NotUnderstood as error:
            raise NotDone(str(error)) from None

    def _standing(self, order: translate.Sent, account: Account) -> Standing:
        try:
            return translate.standing(order, _zone(account))
        except translate.NotUnderstood as error:
            raise NotDone(str(error)) from None


def _receipts(account: Account, cursor: str) -> tuple[list[Receipt], str, list[Unread]]:
    """Receivers that were confirmed and not told yet, and the cursor behind them."""
    now, zone = datetime.now(UTC), _zone(account)
    place = translate.read_cursor(cursor, now=now)
    rql = f"readOnly.customerIdentifier.id=={account.settings['customer_id']}"
    rql += f";readOnly.lastModifiedDate=ge={translate.since(place, zone)}"
    told, unread, known, listed = [], [], set(place.known), set()
    for page in range(1, PAGES_MAX + 1):
        params = {"rql": rql, "detail": "All", "itemdetail": "All", "pgsiz": str(PAGE), "pgnum": str(page)}
        found = signed_in(account, lambda caller, p=params: caller.look("/inventory/receivers", params=p))  # type: ignore[misc]
        try:
            receivers = translate.receivers(found)
        except translate.NotUnderstood as error:
            raise NotDone(str(error)) from None
        for each in receivers:
            number = translate.receiver_id(each)
            listed.add(number)
            if number in known:
                continue
            try:
                receipt = translate.receipt(each, zone)
            except translate.NotUnderstood as error:
                unread.append(Unread(f"receiver {number}", str(error)))
                continue
            if receipt is not None:
                known.add(number)
                told += [receipt] if receipt.items else []
        if len(receivers) < PAGE:
            break
    after = translate.Cursor(max(place.asked_at, now), tuple(sorted(known & listed)))
    return told, translate.write_cursor(after), unread


def _zone(account: Account) -> ZoneInfo:
    return ZoneInfo(account.settings["timezone"])


def signed_in[T](account: Account, call: Callable[[Caller], T], headers: dict[str, str] | None = None) -> T:
    """Make a call with the account's token; with a new one, once, when that does not count any more."""
    for is_last in (False, True):
        token = _token(account, is_anew=is_last)
        try:
            return call(_caller(account, {"Authorization": f"Bearer {token}", **(headers or {})}))
        except AuthExpired:
            if is_last:
                raise
    raise AssertionError("it returns or raises")


def _token(account: Account, *, is_anew: bool) -> str:
    wanted = account.settings
    key = (wanted.get("api_url", ""), wanted["client_id"], wanted["user_login_id"])
    token, ends = _tokens.get(key, ("", 0.0))
    if token and not is_anew and monotonic() < ends:
        return token
    pair = f"{wanted['client_id']}:{wanted['client_secret']}".encode()
    caller = _caller(account, {"Authorization": f"Basic {base64.b64encode(pair).decode()}"})
    body = {"grant_type": "client_credentials", "user_login_id": int(wanted["user_login_id"])}
    told = caller.ask("/AuthServer/api/Token", body)
    given, lasts_s = told.get("access_token"), told.get("expires_in")
    if not isinstance(given, str) or not isinstance(lasts_s, int):
        raise NotDone("Extensiv gave no token")
    _tokens[key] = (given, monotonic() + max(0, lasts_s - FEWER_S))
    return given


def _caller(account: Account, headers: dict[str, str]) -> Caller:
    return Caller(
        account.settings.get("api_url") or ADDRESS,
        name="Extensiv",
        headers={"Accept": "application/hal+json", **headers},
        complaint=translate.complaint,
        secrets=(account.settings["client_secret"], headers["Authorization"].split()[-1]),
    )
