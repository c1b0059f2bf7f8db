"""Sending an order outside and asking it back: the two calls that change something there. Carried out outside
every transaction."""

from collections.abc import Mapping

from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.effects import Told, Turn, later
from quartermaster.core.moment import now
from quartermaster.core.outside import Account, Conflict, Missing, NotDone, RefusedOutside, Unclear
from quartermaster.outside.actions import back, row
from quartermaster.outside.actions.hear import cancel_refused, hear, unclear
from quartermaster.outside.ports import Standing
from quartermaster.outside.ports import State as Theirs
from quartermaster.outside.queries.connected import mark_of, warehouse_of
from quartermaster.outside.rules.steps import State

SENT = """
update outside_order set state = 'sent', sent_at = coalesce(sent_at, %s), account = %s where id = %s
"""


class SendOutside:
    """The effect `outside.send`: one order there, once, whatever happens on the way."""

    def perform(self, *, key: str, body: Mapping[str, object]) -> Told:
        outside_id = _id(body)
        with transaction.atomic():
            order, mine = row.locked(outside_id)
            if not mine.is_open:
                return Told(Turn.REFUSE, f"not sent: it is {mine.state}")
            if mine.state == State.ACKNOWLEDGED:
                return Told(Turn.CONFIRM, "they have it")
            # A wish is only performed when it surely was not before: nothing has to be asked back.
            if because := back.why_not(order, mine):
                back.drop(order, mine, because, at=now(), by="system")
                return Told(Turn.REFUSE, f"not sent: {because}")
            account, warehouse = warehouse_of(mine.slug)
            sql.run(SENT, (now(), mark_of(account), outside_id))
        try:
            standing = warehouse.send(account=account, order=mine.content)
        except Conflict:
            found = warehouse.find(account=account, reference=mine.reference)
            if found is None:
                raise
            standing = found
        except RefusedOutside as refusal:
            refused = Standing(mine.reference, Theirs.REFUSED, because=str(refusal))
            hear(refused, at=now(), by=mine.site)
            return Told(Turn.REFUSE, str(refusal))
        except NotDone as trouble:
            return later(trouble)
        hear(standing, at=now(), by=mine.site)
        return _settled(standing)

    def ask(self, *, key: str, body: Mapping[str, object]) -> Told:
        with transaction.atomic():
            _, mine = row.locked(_id(body))
        if not mine.is_open:
            return Told(Turn.CONFIRM, f"it is {mine.state}")
        account, warehouse = warehouse_of(mine.slug)
        found = warehouse.find(account=account, reference=mine.reference)
        if found is None:
            _refuse_to_guess(mine, account)
            return Told(Turn.FIND_UNDONE, f"{mine.site} knows of no {mine.reference}")
        hear(found, at=now(), by=mine.site)
        return _settled(found)


class CancelOutside:
    """The effect `outside.cancel`: they are asked not to ship it."""

    def perform(self, *, key: str, body: Mapping[str, object]) -> Told:
        with transaction.atomic():
            _, mine = row.locked(_id(body))
        if not mine.is_open:
            return Told(Turn.CONFIRM, f"it is {mine.state}")
        account, warehouse = warehouse_of(mine.slug)
        try:
            standing = warehouse.cancel(
                account=account, reference=mine.reference, because=str(body["because"])
            )
        except Missing as trouble:
            # Sending it may still be under way: what is not there yet cannot be cancelled.
            return Told(Turn.FAIL_SAFELY, str(trouble))
        except RefusedOutside as refusal:
            cancel_refused(mine.id, str(refusal), at=now(), by=mine.site)
            return Told(Turn.REFUSE, str(refusal))
        except NotDone as trouble:
            return later(trouble)
        hear(standing, at=now(), by=mine.site)
        return Told(Turn.CONFIRM, f"{standing.state} at {mine.site}")

    def ask(self, *, key: str, body: Mapping[str, object]) -> Told:
        with transaction.atomic():
            _, mine = row.locked(_id(body))
        if not mine.is_open:
            return Told(Turn.CONFIRM, f"it is {mine.state}")
        account, warehouse = warehouse_of(mine.slug)
        found = warehouse.find(account=account, reference=mine.reference)
        if found is None:
            return Told(Turn.FIND_UNDONE, f"{mine.site} knows of no {mine.reference}")
        hear(found, at=now(), by=mine.site)
        with transaction.atomic():
            _, after = row.locked(mine.id)
        if after.is_open:
            return Told(Turn.FIND_UNDONE, f"{mine.site} still has it: asked again")
        return Told(Turn.CONFIRM, f"it is {after.state}")


def _id(body: Mapping[str, object]) -> int:
    outside_id = body["outside_id"]
    assert isinstance(outside_id, int)
    return outside_id


def _refuse_to_guess(mine: row.Row, account: Account) -> None:
    """Another account than the one it was sent to knows nothing of it: that says nothing. Raises Unclear, and
    tells a person; else the order would go to both."""
    if mine.account in ("", mark_of(account)):
        return
    because = f"it was sent over other settings of {mine.slug}: set them back, so that they can be asked"
    with transaction.atomic():
        order, again = row.locked(mine.id)
        unclear(order, again, because, at=now(), by="system")
    raise Unclear(because)


def _settled(standing: Standing) -> Told:
    turn = Turn.REFUSE if standing.state is Theirs.REFUSED else Turn.CONFIRM
    return Told(turn, standing.because or f"{standing.state} as {standing.theirs or standing.reference}")
