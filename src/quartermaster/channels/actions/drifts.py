"""What a person does about a drift: tell the shop once more, take what it has, or let it be."""

from datetime import datetime

from django.db import transaction

from quartermaster.channels.actions.compare import begin_comparison
from quartermaster.channels.actions.pay_out import ask_again
from quartermaster.channels.actions.prices.differing import take_price, tell_price_again
from quartermaster.channels.actions.tell import tell_again
from quartermaster.channels.queries.connected import offered
from quartermaster.core import sql
from quartermaster.core.errors import Invalid, NotFound, Refused
from quartermaster.core.events import emit
from quartermaster.core.river import signal
from quartermaster.events import ShopDriftSettled
from quartermaster.inbox.queries.connections import connection as connection_of

LOCK = """
select d.kind, d.reference, d.order_id, c.slug, d.shop_id from channels_drift d
join inbox_connection c on c.id = d.shop_id where d.id = %s and d.settled_at is null for update of d
"""
SETTLE = """
update channels_drift set settled_at = %(at)s, settled_by = %(by)s, settled_because = %(because)s
where id = %(id)s
"""
SHOP = "select 1 from channels_shop where connection_id = %s"


class NothingToTell(Refused):
    code = "nothing-to-tell"
    status = 422
    message = "{reference} cannot be told again: {sentence}."
    remedy = "Look at the order and at the shop, and let the difference be once you have dealt with it."


class NothingToTake(Refused):
    code = "nothing-to-take"
    status = 422
    message = "What the shop has of {reference} cannot be taken over: {sentence}."
    remedy = "Tell the shop once more, or let the difference be."


class Comparing(Refused):
    code = "comparing"
    message = "{slug} is being compared already."
    remedy = "Wait until it has ended; its page says how far it is."


def compare(slug: str, *, since: datetime, at: datetime, by: str) -> None:
    """Hold what a shop lists since a moment against what we have: what was missed is fetched.
    Raises NotFound, NoChannel, Comparing; Invalid for a moment that is yet to come."""
    connection = connection_of(slug)
    offered(connection.kind, slug)
    if since >= at:
        raise Invalid(what="The comparison", errors={"since": "a day that has begun"})
    if not sql.run(SHOP, (connection.id,)):
        raise NotFound(what="channel that was asked before", which=slug)
    if not begin_comparison(connection.id, since=since, at=at, by=by):
        raise Comparing(slug=slug)


@transaction.atomic
def let_be(drift_id: int, *, because: str, at: datetime, by: str) -> None:
    """It is right as it is, or was dealt with elsewhere; it does not come back while it stays the same.
    Raises NotFound (none, or settled already), Invalid."""
    if not because.strip():
        raise Invalid(what="The decision", errors={"because": "say why"})
    _, reference, _, slug, _ = _locked(drift_id)
    sql.run(SETTLE, {"id": drift_id, "at": at, "by": by, "because": because})
    emit([_settled(drift_id, reference, slug, because, at=at, by=by)])


@transaction.atomic
def heal(drift_id: int, *, at: datetime, by: str) -> None:
    """Tell the shop once more what left or what it is to cost, or ask it once more for what it
    said it gave back. The next comparison says whether it helped. Raises NotFound, NothingToTell."""
    kind, reference, order_id, slug, shop_id = _locked(drift_id)
    if kind == "unshipped":
        if not tell_again(order_id, at=at):
            sentence = f"no parcel of it was told, or {slug} is only read"
            raise NothingToTell(reference=reference, sentence=sentence)
        because = "the shop is told once more"
    elif kind == "refund":
        if not ask_again(order_id, at=at):
            sentence = f"{slug} was not asked to give anything back, is being asked, or is only read"
            raise NothingToTell(reference=reference, sentence=sentence)
        because = "the shop is asked once more"
    elif kind == "price":
        if not tell_price_again(shop_id, reference, at=at):
            sentence = f"its price waits, is held back, or {slug} is only read"
            raise NothingToTell(reference=reference, sentence=sentence)
        because = "the shop is told once more"
        transaction.on_commit(signal.wake)
    else:
        raise NothingToTell(reference=reference, sentence="it is about neither parcels, refunds nor prices")
    sql.run(SETTLE, {"id": drift_id, "at": at, "by": "system", "because": because})
    emit([_settled(drift_id, reference, slug, because, at=at, by=by)])


@transaction.atomic
def take_theirs(drift_id: int, *, at: datetime, by: str) -> None:
    """What a listing costs in the shop is its own price from now on. Raises NotFound, NothingToTake."""
    kind, reference, _, slug, shop_id = _locked(drift_id)
    if kind != "price":
        raise NothingToTake(reference=reference, sentence="it is not about a price")
    if not take_price(shop_id, slug, reference, at=at, by=by):
        raise NothingToTake(reference=reference, sentence="it has no price there in the currency of its list")
    because = "its price there was taken over"
    sql.run(SETTLE, {"id": drift_id, "at": at, "by": by, "because": because})
    emit([_settled(drift_id, reference, slug, because, at=at, by=by)])


def _locked(drift_id: int) -> tuple[str, str, int, str, int]:
    for kind, reference, order_id, slug, shop_id in sql.run(LOCK, (drift_id,)):
        return kind, reference, order_id, slug, shop_id
    raise NotFound(what="open difference", which=str(drift_id))


def _settled(
    drift_id: int, reference: str, slug: str, because: str, *, at: datetime, by: str
) -> ShopDriftSettled:
    return ShopDriftSettled(
        subject=f"connection:{slug}",
        at=at,
        actor=by,
        connection=slug,
        drift=str(drift_id),
        reference=reference,
        because=because,
    )
