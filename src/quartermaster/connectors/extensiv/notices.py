"""What will come in, as a receiver of Extensiv's: made under our reference, changed and cancelled by version.

Calls: https://3w.extensiv.com/rels/inventory/receivers, …/receiver and …/receivercancel, read 2026-11-23.
"""

import re

from quartermaster.connectors.extensiv import translate
from quartermaster.connectors.extensiv.warehouse import signed_in
from quartermaster.core.outside import Account, Conflict, Invalid, Missing, NotDone, Unclear
from quartermaster.outside.ports import Notice, Noticed, State

RECEIVERS = "/inventory/receivers"
_REFERENCE = re.compile(r"[A-Za-z0-9-]+")


class Notices:
    """A receiver that is open is what they expect; one that is confirmed has been received."""

    def announce(self, *, account: Account, notice: Notice) -> Noticed:
        known = _known(account, notice.reference)
        settings = account.settings
        body = translate.notice_body(
            notice, customer_id=settings["customer_id"], facility_id=settings["facility_id"]
        )
        if known is None:
            signed_in(account, lambda caller: caller.change("POST", RECEIVERS, body))
        else:
            there = _read(known)
            if there.state is State.CANCELLED or there.revision >= notice.revision:
                return there
            _change(account, known, "PUT", "", body)
        found = self.noticed(account=account, reference=notice.reference)
        if found is None or found.revision < notice.revision:
            raise Unclear("Extensiv did not say whether it expects it")
        return found

    def noticed(self, *, account: Account, reference: str) -> Noticed | None:
        known = _known(account, reference)
        return None if known is None else _read(known)

    def withdraw(self, *, account: Account, reference: str, because: str) -> Noticed:
        known = _known(account, reference)
        if known is None:
            raise Missing(f"Extensiv knows of no receiver {reference}")
        before = _read(known)
        if before.state is State.CANCELLED:
            return before
        _change(account, known, "POST", "/canceler", {"reason": because})
        after = self.noticed(account=account, reference=reference)
        if after is None or after.state is not State.CANCELLED:
            raise Unclear("Extensiv did not say whether it is cancelled")
        return after


def _change(account: Account, known: translate.Sent, method: str, what: str, body: object) -> None:
    """Raises Conflict for a receiver that is confirmed, NotDone for one that somebody works on."""
    if translate.status_of(known) == translate.CONFIRMED:
        raise Conflict("Extensiv has received it")
    path = f"{RECEIVERS}/{translate.receiver_id(known)}"
    etag = signed_in(account, lambda caller: caller.version(path))
    try:
        signed_in(account, lambda caller: caller.change(method, path + what, body), {"If-Match": etag})
    except Invalid as changed:
        if changed.fields:
            raise
        raise NotDone(f"it changed there meanwhile: {changed}") from None  # 412


def _known(account: Account, reference: str) -> translate.Sent | None:
    """Their receiver under this reference; the one that is not cancelled, where there are two."""
    if not _REFERENCE.fullmatch(reference):
        return None
    rql = f"readOnly.customerIdentifier.id=={account.settings['customer_id']};referenceNum=={reference}"
    params = {"rql": rql, "detail": "All", "itemdetail": "All", "pgsiz": "100", "pgnum": "1"}
    found = signed_in(account, lambda caller: caller.look(RECEIVERS, params=params))
    try:
        mine = [each for each in translate.receivers(found) if each.get("referenceNum") == reference]
    except translate.NotUnderstood as error:
        raise NotDone(str(error)) from None
    mine.sort(key=lambda each: translate.status_of(each) == translate.CANCELED)
    return mine[0] if mine else None


def _read(receiver: translate.Sent) -> Noticed:
    try:
        return translate.noticed(receiver)
    except translate.NotUnderstood as error:
        raise NotDone(str(error)) from None
