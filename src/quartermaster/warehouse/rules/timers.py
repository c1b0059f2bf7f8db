"""How long the floor may take: until when something is to be picked, packed and handed over. Pure.

Time counts on the days the site works; an order that is held stops its timer, and goes on with what was left.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

STAGES: Final = ("pick", "pack", "dispatch")
TARGETS_MAX, MINUTES_MAX, DAYS_MAX = 100, 60 * 24 * 30, 400
_NEVER: Final = "a site that never works never ends"


class Target(Struct, frozen=True):
    """Minutes from the release to the floor, each; None: not measured. Of a hand-over None means by the
    cut-off it was promised with. Empty conditions match everything; all given ones must match."""

    name: str
    sites: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    priority_min: int | None = None
    pick_minutes: int | None = None
    pack_minutes: int | None = None
    dispatch_minutes: int | None = None


class Targets(Struct, frozen=True):
    """The first that matches holds."""

    version: int
    targets: tuple[Target, ...]


FIRST = Targets(1, (Target("Everything", pick_minutes=240, pack_minutes=360),))


class Hours(NamedTuple):
    """The working days of a site."""

    zone: str
    works: Callable[[date], bool]

    def due(self, start: datetime, span: timedelta) -> datetime:
        """The moment at which so much time of working days is over, in UTC."""
        for begins, ends in self._days(start):
            if span <= ends - begins:
                return begins + span
            span -= ends - begins
        raise ValueError(_NEVER)

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much time of working days lies between two moments; nothing when the end is not later."""
        total = timedelta()
        for begins, ends in self._days(start):
            if begins >= end:
                return total
            total += min(ends, end) - begins
        raise ValueError(_NEVER)

    def _days(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Stretches of work from a moment on. A day of 23 or 25 hours has so many."""
        zone = ZoneInfo(self.zone)
        begins = start.astimezone(UTC)
        for _ in range(DAYS_MAX):
            day = begins.astimezone(zone).date()
            ends = datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
            if self.works(day):
                yield begins, ends
            begins = ends


class Timer(Struct, frozen=True):
    """breached: stages that were late, separated by spaces. next_due_at: of the stage under way; None while
    it is paused, and when it is over."""

    allocation_id: int
    order_id: int
    location_id: int
    target: str
    started_at: datetime
    stage: str = "pick"  # pick | pack | dispatch | done | dropped
    pick_due_at: datetime | None = None
    pack_due_at: datetime | None = None
    dispatch_due_at: datetime | None = None
    picked_at: datetime | None = None
    packed_at: datetime | None = None
    dispatched_at: datetime | None = None
    paused_at: datetime | None = None
    next_due_at: datetime | None = None
    breached: str = ""


class Facts(NamedTuple):
    """What an allocation is at now."""

    state: str
    picked_at: datetime | None = None
    packed_at: datetime | None = None
    dispatched_at: datetime | None = None


class Mark(NamedTuple):
    """How long a stage took, as it is known now: from the moment it could begin until it was done. Both None:
    what was told before is no longer so."""

    stage: str
    begun_at: datetime | None
    done_at: datetime | None


class Breach(NamedTuple):
    stage: str
    due_at: datetime
    met_at: datetime | None
    because: str


def target_for(targets: Targets, *, site: str, channel: str, priority: int) -> Target | None:
    for one in targets.targets:
        if (one.sites and site not in one.sites) or (one.channels and channel not in one.channels):
            continue
        if one.priority_min is None or priority >= one.priority_min:
            return one
    return None


def begun(timer: Timer, target: Target, hours: Hours, ship_by: datetime | None) -> Timer:
    """The timer with its moments."""
    due = {
        name: None if minutes is None else hours.due(timer.started_at, timedelta(minutes=minutes))
        for name, minutes in (
            ("pick", target.pick_minutes),
            ("pack", target.pack_minutes),
            ("dispatch", target.dispatch_minutes),
        )
    }
    return replace(
        timer,
        pick_due_at=due["pick"],
        pack_due_at=due["pack"],
        dispatch_due_at=due["dispatch"] or ship_by,
        next_due_at=due["pick"],
    )


def step(timer: Timer, facts: Facts, hours: Hours, at: datetime) -> tuple[Timer, list[Breach]]:
    """What the timer is now, and which stages are found late for the first time."""
    if facts.state == "cancelled":
        return replace(timer, stage="dropped", next_due_at=None), []
    if facts.state == "waiting":
        return replace(timer, paused_at=timer.paused_at or at, next_due_at=None), []
    if timer.paused_at is not None:
        timer = _resumed(timer, hours, at)
    met = {"pick": facts.picked_at, "pack": facts.packed_at, "dispatch": facts.dispatched_at}
    due = {"pick": timer.pick_due_at, "pack": timer.pack_due_at, "dispatch": timer.dispatch_due_at}
    breaches = list(_breaches(timer, met, due, at))
    stage = next((name for name in STAGES if met[name] is None), "done")
    now = replace(
        timer,
        stage=stage,
        picked_at=met["pick"],
        packed_at=met["pack"],
        dispatched_at=met["dispatch"],
        next_due_at=due.get(stage),
        breached=" ".join((*timer.breached.split(), *(one.stage for one in breaches))),
    )
    return now, breaches


def marks(before: Timer, now: Timer) -> list[Mark]:
    """What is told of how long stages took that was not told before."""
    then = _spans(before)
    return [Mark(stage, *span) for stage, span in _spans(now).items() if span != then[stage]]


def errors_in(targets: Targets) -> dict[str, str]:
    """Target -> what is wrong with it."""
    wrong = {}
    if not 0 < len(targets.targets) <= TARGETS_MAX:
        wrong["targets"] = f"1 to {TARGETS_MAX} of them"
    for number, one in enumerate(targets.targets, 1):
        minutes = (one.pick_minutes, one.pack_minutes, one.dispatch_minutes)
        if not one.name.strip() or not one.name.isprintable() or len(one.name) > 80:
            wrong[f"target {number}"] = "a name of at most 80 printable characters"
        elif any(told is not None and not 0 < told <= MINUTES_MAX for told in minutes):
            wrong[f"target {number}"] = f"minutes from 1 to {MINUTES_MAX}"
        elif sorted(known := [told for told in minutes if told is not None]) != known:
            wrong[f"target {number}"] = "picked before packed, packed before handed over"
    return wrong


def _spans(timer: Timer) -> dict[str, tuple[datetime | None, datetime | None]]:
    """Pick from the release, pack from the last pick, dispatch from the last parcel closed."""
    moments = (timer.started_at, timer.picked_at, timer.packed_at, timer.dispatched_at)
    found: dict[str, tuple[datetime | None, datetime | None]] = {}
    for stage, begun_at, done_at in zip(STAGES, moments[:-1], moments[1:], strict=True):
        # devices' clocks differ: what seems done before it could begin took no time
        found[stage] = (min(begun_at, done_at), done_at) if begun_at and done_at else (None, None)
    return found


def _resumed(timer: Timer, hours: Hours, at: datetime) -> Timer:
    paused_at = timer.paused_at
    assert paused_at is not None

    def later(due: datetime | None) -> datetime | None:
        if due is None or due <= paused_at:
            return due
        return hours.due(at, hours.between(paused_at, due))

    return replace(
        timer,
        paused_at=None,
        pick_due_at=later(timer.pick_due_at),
        pack_due_at=later(timer.pack_due_at),
        dispatch_due_at=later(timer.dispatch_due_at),
    )


def _breaches(
    timer: Timer, met: dict[str, datetime | None], due: dict[str, datetime | None], at: datetime
) -> Iterator[Breach]:
    for stage in STAGES:
        until, done_at = due[stage], met[stage]
        if until is None or stage in timer.breached.split() or (done_at or at) <= until:
            continue
        late = f"{((done_at or at) - until) // timedelta(minutes=1):,} min"
        told = f"done {late} late" if done_at else f"still to {stage} {late} later"
        yield Breach(stage, until, done_at, f'To {stage} by then after "{timer.target}": {told}.')
