"""Which service takes a parcel, and why not the others. Pure: asked again from what is stored, the answer is
the same to the byte."""

from collections.abc import Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from quartermaster.core.money import Money
from quartermaster.shipping.ports import Offer, Shipment
from quartermaster.shipping.rules.lanes import Lane, expected_minor
from quartermaster.shipping.rules.lanes import told as told_lane
from quartermaster.shipping.rules.preferences import Preference, matching, options_told, told

VERSION = 1  # of this decision; raised when the same inputs would get another answer
_TOLD_MAX = 4  # reasons in one sentence


class ByHand(Struct, frozen=True):
    """What a person chose over the rules, and why."""

    carrier: str
    service: str
    because: str


class Paused(Struct, frozen=True):
    """A carrier that is offered nothing for the time being, and why."""

    carrier: str
    because: str


class Barred(Struct, frozen=True):
    """What the list of restricted goods says of sending the parcel with a service."""

    carrier: str
    service: str
    is_prohibited: bool  # else only told: a person has looked at it before, or nobody can say
    because: str


class Inputs(Struct, frozen=True):
    """Everything a decision is made from. `unasked`: carriers that gave no offer, with the reason."""

    version: int
    currency: str
    late_minor_a_day: int
    late_days_max: int
    shipment: Shipment
    offers: tuple[Offer, ...]
    unasked: tuple[str, ...] = ()
    by_hand: ByHand | None = None
    paused: tuple[Paused, ...] = ()
    preferences: tuple[Preference, ...] = ()
    lanes: tuple[Lane, ...] = ()  # to the receiver's country
    barred: tuple[Barred, ...] = ()


class Candidate(Struct, frozen=True):
    """A service that was looked at. score = cost + what its lateness, its record on the lane and our
    preferences count; None when it was removed."""

    carrier: str
    service: str
    title: str
    account: str
    cost_minor: int | None
    currency: str
    arrives_on: date | None
    late_days: int
    score: int | None
    removed: str
    because: tuple[str, ...]
    is_chosen: bool = False


class Choice(Struct, frozen=True):
    """The answer: candidates with the best first, and what the next one would have cost more (minor units).

    Nobody is chosen when every service was removed; `because` then says what to do.
    """

    version: int
    candidates: tuple[Candidate, ...]
    because: tuple[str, ...]
    dearer_next_minor: int | None = None

    @property
    def chosen(self) -> Candidate | None:
        return next((each for each in self.candidates if each.is_chosen), None)


def decide(inputs: Inputs) -> Choice:
    """The cheapest service that keeps the promise; a late one counts its days as cost, how often it was
    late on the lane and our preferences count too, and these forbid some. Ties: the sooner one,
    then by name. What a person named is taken when the carrier takes the parcel at all."""
    looked = [_candidate(inputs, offer) for offer in inputs.offers]
    if inputs.by_hand is not None:
        return _by_hand(inputs, inputs.by_hand, looked)
    looked = _without_late(inputs, looked)
    ranked = sorted(looked, key=_rank)
    fit = [each for each in ranked if not each.removed]
    if not fit:
        return Choice(VERSION, tuple(ranked), (_nobody(ranked), *inputs.unasked))
    best = fit[0]
    dearer = (fit[1].score or 0) - (best.score or 0) if len(fit) > 1 else None
    least = "the cheapest" if not _is_preferred(inputs, fit) else "counting the least"
    why = f"{best.title}: {_money(best)}, {least} of {len(fit)}" if len(fit) > 1 else best.title
    because = [f"{why}." if len(fit) > 1 else f"{why}: {_money(best)}, the only one left."]
    if best.late_days:
        because.append(f"It comes {_days(best.late_days)} after the promise: no service keeps it.")
    if dearer is not None:
        because.append(f"The next, {fit[1].title}, counts {Money(dearer, inputs.currency)} more.")
    because += options_told(inputs.shipment, inputs.preferences, currency=inputs.currency)
    chosen = (replace(best, is_chosen=True), *(each for each in ranked if each is not best))
    return Choice(VERSION, chosen, (*because, *inputs.unasked), dearer)


def _is_preferred(inputs: Inputs, fit: Sequence[Candidate]) -> bool:
    """Our preferences, or records on the lane, have put the best before a cheaper one."""
    return bool(inputs.preferences or inputs.lanes) and any(
        (each.cost_minor or 0) < (fit[0].cost_minor or 0) for each in fit[1:]
    )


def _candidate(inputs: Inputs, offer: Offer) -> Candidate:
    pause = next((each for each in inputs.paused if each.carrier == offer.carrier), None)
    removed, score, late = (f"is paused: {pause.because}" if pause else offer.removed), None, 0
    if not removed and offer.cost_minor is None:
        removed = "gave no price"
    elif not removed and offer.currency != inputs.currency:
        removed = f"is priced in {offer.currency}, we compare in {inputs.currency}"
    wanted = matching(inputs.preferences, offer, inputs.shipment, currency=inputs.currency)
    if not removed:
        removed = next((f"is not for it: {each.because}" for each in wanted if each.is_forbidden), "")
    barred = [
        each for each in inputs.barred if (each.carrier, each.service) == (offer.carrier, offer.service)
    ]
    if not removed:
        removed = next((f"is not allowed: {each.because}" for each in barred if each.is_prohibited), "")
    looked_at = tuple(each.because for each in barred if not each.is_prohibited)
    counted = [each for each in wanted if each.penalty_minor]
    record, said = _record(inputs, offer)
    if not removed and offer.cost_minor is not None:
        promised = inputs.shipment.promised_on
        if promised and offer.arrives_on:
            late = max(0, (offer.arrives_on - promised).days)
        penalties = record + sum(each.penalty_minor for each in counted)
        score = offer.cost_minor + late * inputs.late_minor_a_day + penalties
    return Candidate(
        carrier=offer.carrier,
        service=offer.service,
        title=offer.title,
        account=offer.account,
        cost_minor=offer.cost_minor,
        currency=offer.currency,
        arrives_on=offer.arrives_on,
        late_days=late,
        score=score,
        removed=removed,
        because=(*offer.because, *looked_at, *said, *(told(each, inputs.currency) for each in counted)),
    )


def _record(inputs: Inputs, offer: Offer) -> tuple[int, tuple[str, ...]]:
    """What a service counts for coming late on this lane, and the sentence."""
    name = (offer.carrier, offer.service)
    lane = next((each for each in inputs.lanes if (each.carrier, each.service) == name), None)
    minor = 0 if lane is None else expected_minor(lane, late_minor_a_day=inputs.late_minor_a_day)
    if lane is None or not minor:
        return 0, ()
    said = told_lane(lane, inputs.shipment.receiver.country)
    return minor, (f"{said}: counts {Money(minor, inputs.currency)} more",)


def _without_late(inputs: Inputs, looked: list[Candidate]) -> list[Candidate]:
    """Too late is out, unless all of them are."""
    most = inputs.late_days_max
    if all(each.removed or each.late_days > most for each in looked):
        return looked
    return [
        replace(each, removed=f"comes {_days(each.late_days)} after the promise", score=None)
        if not each.removed and each.late_days > most
        else each
        for each in looked
    ]


def _by_hand(inputs: Inputs, wanted: ByHand, looked: list[Candidate]) -> Choice:
    ranked = sorted(looked, key=_rank)
    mine = [each for each in ranked if (each.carrier, each.service) == (wanted.carrier, wanted.service)]
    if not mine or mine[0].removed:
        reason = f"{mine[0].title} {mine[0].removed}" if mine else "There is no such service"
        return Choice(VERSION, tuple(ranked), (f"{reason}: {wanted.carrier} {wanted.service} by hand.",))
    best = mine[0]
    others = [each for each in ranked if each is not best]
    because = [f"{best.title} by hand, {_money(best)}: {wanted.because}"]
    dearer = None
    if cheapest := next((each for each in others if not each.removed), None):
        dearer = (cheapest.score or 0) - (best.score or 0)
        more = Money(-dearer, inputs.currency)
        if dearer < 0:
            because.append(f"The rules would have taken {cheapest.title}, which counts {more} less.")
    return Choice(VERSION, (replace(best, is_chosen=True), *others), tuple(because), dearer)


def _nobody(ranked: Sequence[Candidate]) -> str:
    """Why nobody takes it: the reasons of the first few, which are mostly the same for all."""
    if not ranked:
        return "There is no service at all."
    told = "; ".join(f"{each.title} {each.removed}" for each in ranked[:_TOLD_MAX])
    more = len(ranked) - _TOLD_MAX
    return f"No service takes it: {told}{f'; and {more} more' if more > 0 else ''}."


def _rank(each: Candidate) -> tuple[bool, int, date, str, str, str]:
    last = date.max
    return (
        bool(each.removed),
        each.score or 0,
        each.arrives_on or last,
        each.carrier,
        each.service,
        each.account,
    )


def _money(each: Candidate) -> str:
    return str(Money(each.cost_minor or 0, each.currency))


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
