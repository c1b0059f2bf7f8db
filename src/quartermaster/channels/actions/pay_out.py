"""A person lets a shop give back what is due: once, whatever happens on the way, and never more than was
paid.

What is given back counts when the shop tells of it itself, by its own message: here it is only on its way.
"""

from collections.abc import Mapping
from datetime import datetime

import msgspec
from django.db import transaction

from quartermaster.channels.ports import Refunds
from quartermaster.channels.ports import Told as Theirs
from quartermaster.channels.queries.connected import port_of
from quartermaster.channels.queries.payouts import Payable, WantedBack, lines_of, payable, wanted_back
from quartermaster.channels.rules import not_now
from quartermaster.channels.rules.payouts import said
from quartermaster.core import sql
from quartermaster.core.actions.outbox import wish
from quartermaster.core.effects import Told, Turn, later
from quartermaster.core.errors import NotFound, Refused
from quartermaster.core.events import emit
from quartermaster.core.moment import now
from quartermaster.core.outside import NotDone, RefusedOutside
from quartermaster.events import RefundAsked, RefundNotPaid, RefundPaid

REFUND = "channels.refund"
LOCK = """
select o.id from orders_order o join money_refund r on r.order_id = o.id where r.id = %s
for no key update of o
"""
ADD = """
insert into channels_payout (refund_id, order_id, shop_id, amount_minor, currency, content, told_minor, note,
  actor, wanted_at)
values (%(refund)s, %(order)s, %(shop)s, %(amount)s, %(currency)s, %(content)s::jsonb, %(told)s, %(note)s,
  %(by)s, %(at)s) returning id
"""
SETTLE = """
update channels_payout set state = %(state)s, theirs = %(theirs)s, because = %(because)s, settled_at = %(at)s
where id = %(id)s and state = 'queued' returning order_id, refund_id, amount_minor, currency
"""

# What a shop said it gave back: its newest one, when nothing is on its way there.
AGAIN = """
update channels_payout x set state = 'queued', asked = x.asked + 1, theirs = '', settled_at = null
from channels_shop s, inbox_connection c
where s.connection_id = x.shop_id and c.id = x.shop_id and s.mode = 'live' and c.is_active
  and x.id = (select max(p.id) from channels_payout p where p.order_id = %(order)s and p.state = 'told')
  and not exists (select from channels_payout p where p.order_id = %(order)s and p.state = 'queued')
returning x.id, x.refund_id, x.asked
"""


class NotPayable(Refused):
    code = "not-payable"
    message = "{number} is not given back through its shop: {because}."
    remedy = "Wait for the shop, or give the money back where it was taken."


@transaction.atomic
def pay_out(number: str, *, note: str = "", at: datetime, by: str) -> str:
    """Let the shop give back the refund R-12 as it is due now. Returns our reference. Raises NotFound,
    NotPayable."""
    refund_id = _id(number)
    sql.run(LOCK, (refund_id,))
    found = payable(refund_id=refund_id)
    if not found:
        raise NotFound(what="refund", which=number)
    (one,) = found
    if one.why_not:
        raise NotPayable(number=f"R-{one.refund_id}", because=one.why_not)
    ((payout_id,),) = sql.run(ADD, _row(one, note.strip(), at, by))
    subject, reference = f"order:SO-{one.order_id}", f"R-{one.refund_id}.{payout_id}"
    wish(key=f"channel:{reference}", task=REFUND, subject=subject, body={"payout_id": payout_id}, due_at=at)
    asked = RefundAsked(
        subject=subject,
        at=at,
        actor=by,
        order_id=one.order_id,
        refund_id=one.refund_id,
        connection=one.slug,
        amount_minor=one.amount_minor,
        currency=one.currency,
    )
    emit([asked])
    return reference


def ask_again(order_id: int, *, at: datetime) -> bool:
    """Wish once more for what the shop said it gave back, under the same reference, in the caller's
    transaction: it is looked up first, so nothing is given back twice. False when there is nothing."""
    for payout_id, refund_id, asked in sql.run(AGAIN, {"order": order_id}):
        wish(
            key=f"channel:R-{refund_id}.{payout_id}:{asked}",
            task=REFUND,
            subject=f"order:SO-{order_id}",
            body={"payout_id": payout_id},
            due_at=at,
        )
        return True
    return False


def _row(one: Payable, note: str, at: datetime, by: str) -> dict[str, object]:
    lines, shipping = said(one.amount_minor, one.shipping_minor, lines_of(one.refund_id))
    content = msgspec.json.encode({"lines": lines, "shipping_minor": shipping}).decode()
    ids = {"refund": one.refund_id, "order": one.order_id, "shop": one.shop_id}
    money = {"amount": one.amount_minor, "currency": one.currency, "told": one.refunded_minor}
    return {**ids, **money, "content": content, "note": note, "by": by, "at": at}


def _id(number: str) -> int:
    text = number.upper().removeprefix("R-")
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise NotFound(what="refund", which=number)
    return int(text)


class RefundThere:
    """The effect `channels.refund`."""

    def perform(self, *, key: str, body: Mapping[str, object]) -> Told:
        payout_id, asked = _asked(body)
        wait = not_now(asked.slug, mode=asked.mode, is_active=asked.is_active)
        if wait is not None:
            return _refused(payout_id, asked, wait.because) if wait.turn is Turn.REFUSE else wait
        try:
            account, refunds = port_of(asked.slug, Refunds)  # type: ignore[type-abstract]
            if asked.is_due:
                theirs = refunds.refund(account=account, refund=asked.refund)
            else:  # settled or withdrawn meanwhile: perhaps because it was paid, and nobody said so
                known = refunds.find_refund(account=account, refund=asked.refund)
                if known is None:
                    return _refused(payout_id, asked, "it is not due any more")
                theirs = known
        except (RefusedOutside, Refused) as refusal:
            return _refused(payout_id, asked, str(refusal))
        except NotDone as trouble:
            return later(trouble)
        return _told(payout_id, asked, theirs)

    def ask(self, *, key: str, body: Mapping[str, object]) -> Told:
        payout_id, asked = _asked(body)
        account, refunds = port_of(asked.slug, Refunds)  # type: ignore[type-abstract]
        try:
            theirs = refunds.find_refund(account=account, refund=asked.refund)
        except RefusedOutside as refusal:  # the order is gone there
            return _refused(payout_id, asked, str(refusal))
        if theirs is None:
            return Told(Turn.FIND_UNDONE, f"{asked.slug} gave nothing back for {asked.refund.reference}")
        return _told(payout_id, asked, theirs)


def _asked(body: Mapping[str, object]) -> tuple[int, WantedBack]:
    payout_id = body["payout_id"]
    assert isinstance(payout_id, int)
    return payout_id, wanted_back(payout_id)


@transaction.atomic
def _told(payout_id: int, asked: WantedBack, theirs: Theirs) -> Told:
    at = now()
    facts = {"id": payout_id, "state": "told", "theirs": theirs.theirs, "because": "", "at": at}
    for order_id, refund_id, amount, currency in sql.run(SETTLE, facts):
        paid = RefundPaid(
            subject=f"order:SO-{order_id}",
            at=at,
            actor="system",
            order_id=order_id,
            refund_id=refund_id,
            connection=asked.slug,
            amount_minor=amount,
            currency=currency,
            theirs=theirs.theirs,
        )
        emit([paid])
    return Told(Turn.CONFIRM, f"{asked.slug} gave back {asked.refund.reference}")


@transaction.atomic
def _refused(payout_id: int, asked: WantedBack, because: str) -> Told:
    at = now()
    facts = {"id": payout_id, "state": "refused", "theirs": "", "because": because, "at": at}
    for order_id, refund_id, _, _ in sql.run(SETTLE, facts):
        not_paid = RefundNotPaid(
            subject=f"order:SO-{order_id}",
            at=at,
            actor="system",
            order_id=order_id,
            refund_id=refund_id,
            connection=asked.slug,
            because=because,
        )
        emit([not_paid])
    return Told(Turn.REFUSE, because)
