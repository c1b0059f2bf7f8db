"""Claims raised and followed by people."""

from datetime import datetime

from django.db import transaction

from quartermaster.core import sql
from quartermaster.core.errors import Invalid, NotFound, Refused
from quartermaster.core.events import emit
from quartermaster.events import ClaimMoved, ClaimRaised
from quartermaster.shipping.queries.shipments import parcel_id_of
from quartermaster.shipping.rules.claims import BY_HAND, CLAIM, State, Turn

LABEL = "select tracking_number, carrier from warehouse_parcel where id = %s for no key update"
RAISE = """
insert into shipping_claim (carrier, parcel_id, tracking_number, kind, amount_minor, currency, because, at,
  raised_by)
values (%(carrier)s, %(parcel)s, %(number)s, %(kind)s, %(amount)s, %(currency)s, %(because)s, %(at)s, %(by)s)
returning id
"""
OPEN = """
select id from shipping_claim where parcel_id = %s and kind = %s and state in ('open', 'sent') for update
"""
LOCK = "select state, amount_minor from shipping_claim where id = %s for update"
MOVE = """
update shipping_claim set state = %(state)s, credited_minor = %(credited)s,
  settled_at = case when %(is_settled)s then %(at)s end, settled_by = %(by)s, settled_because = %(because)s
where id = %(id)s
"""


class NothingToClaim(Refused):
    code = "nothing-to-claim"
    message = "{parcel} was never with a carrier."
    remedy = "Only for a parcel that has a carrier and a tracking number something can be claimed."


class ClaimedAlready(Refused):
    code = "claimed-already"
    message = "For {parcel} that is claimed already: {claim}."
    remedy = "Go on with that claim."


def raise_claim(
    parcel: str, kind: str, *, amount_minor: int, currency: str, because: str, at: datetime, by: str
) -> str:
    """Claim money for parcel P-7: its number, CL-3. kind: lost, damaged, late or other. Raises NotFound,
    Invalid, NothingToClaim, ClaimedAlready."""
    errors = {}
    if kind not in BY_HAND:
        errors["kind"] = f"one of: {', '.join(BY_HAND)}"
    if amount_minor <= 0:
        errors["amount"] = "must be more than nothing"
    if not because.strip():
        errors["because"] = "say what happened"
    if errors:
        raise Invalid(what="The claim", errors=errors)
    parcel_id = parcel_id_of(parcel)
    with transaction.atomic():
        found = sql.run(LABEL, (parcel_id,))
        if not found:
            raise NotFound(what="parcel", which=parcel)
        ((number, carrier),) = found
        if not (number and carrier):
            raise NothingToClaim(parcel=parcel)
        for (claim_id,) in sql.run(OPEN, (parcel_id, kind)):
            raise ClaimedAlready(parcel=parcel, claim=f"CL-{claim_id}")
        asked = {
            "carrier": carrier,
            "parcel": parcel_id,
            "number": number,
            "kind": kind,
            "amount": amount_minor,
            "currency": currency,
            "because": because,
            "at": at,
            "by": by,
        }
        ((claim_id,),) = sql.run(RAISE, asked)
        emit(
            [
                ClaimRaised(
                    subject=f"claim:CL-{claim_id}",
                    at=at,
                    actor=by,
                    claim_id=claim_id,
                    carrier=carrier,
                    tracking_number=number,
                    wants=kind,
                    amount_minor=amount_minor,
                    currency=currency,
                    because=because,
                )
            ]
        )
    return f"CL-{claim_id}"


def move_claim(
    number: str, turn: Turn, *, because: str = "", credited_minor: int | None = None, at: datetime, by: str
) -> None:
    """One step in the life of claim CL-3. A credit says how much, all of it when nobody says; dropping and
    rejecting say why. Raises NotFound, WrongStep, Invalid."""
    claim_id = claim_id_of(number)
    with transaction.atomic():
        found = sql.run(LOCK, (claim_id,))
        if not found:
            raise NotFound(what="claim", which=number[:40])
        ((before, amount),) = found
        state = CLAIM.after(State(before), turn)
        credited = None
        if state is State.CREDITED:
            credited = amount if credited_minor is None else credited_minor
            if not 0 <= credited <= amount:
                raise Invalid(what="The credit", errors={"credited": "from nothing to what was claimed"})
        elif state in (State.DROPPED, State.REJECTED) and not because.strip():
            raise Invalid(what="The claim", errors={"because": "say why"})
        is_settled = state in (State.CREDITED, State.REJECTED, State.DROPPED)
        asked = {"id": claim_id, "state": state, "credited": credited, "is_settled": is_settled, "at": at}
        sql.run(MOVE, {**asked, "by": by, "because": because})
        moved = ClaimMoved(
            subject=f"claim:CL-{claim_id}",
            at=at,
            actor=by,
            claim_id=claim_id,
            state=state,
            because=because,
            credited_minor=credited,
        )
        emit([moved])


def claim_id_of(number: str) -> int:
    """The id of CL-3. Raises NotFound when that is no claim's number."""
    digits = number.removeprefix("CL-")
    if digits.isascii() and digits.isdecimal() and len(digits) < 19:
        return int(digits)
    raise NotFound(what="claim", which=number[:40])
