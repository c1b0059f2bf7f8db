"""How many of a listing a shop is to have: what can be promised, less what its policy keeps back."""

from collections.abc import Collection, Mapping

from msgspec import Struct

SITES_NAMED = 6  # more are counted


class Policy(Struct, frozen=True):
    """What is kept back from a shop. share_percent of what can be promised is meant for it; of that `buffer`
    units are kept; `cap` is the most it may show; fewer than `least` count as none."""

    buffer: int = 0
    cap: int | None = None
    share_percent: int = 100
    least: int = 0


class Step(Struct, frozen=True):
    """A line of the arithmetic: what was done, and the units that it leaves."""

    what: str
    leaves: int


class Young(Struct, frozen=True):
    """What a shop that asks for days may be promised. units: at each site, of a kit the kits that can be made
    there; days: that it asks to be left of a lot (of a kit: of the part it asks most of)."""

    days: int
    units: Mapping[str, int]


class Published(Struct, frozen=True):
    quantity: int
    steps: tuple[Step, ...]

    @property
    def because(self) -> tuple[str, ...]:
        """One sentence for each step that changed something, the first one always."""
        first, *later = self.steps
        told = [f"{first.what}: {first.leaves}"]
        return (*told, *(f"{step.what}: {step.leaves} left" for step in later))


def published(
    free: Mapping[str, int],
    sites: Collection[str],
    policy: Policy,
    *,
    is_sold: bool = True,
    is_kit: bool = False,
    young: Young | None = None,
) -> Published:
    """What a shop is to have. Never below zero, and never more because less can be promised.

    `free`: units that can be promised at each site (of a kit: kits that can be made there). `sites`: those
    that serve the shop. `is_sold`: false when the SKU is withdrawn from sale. `young`: None where the shop
    asks for no days that must be left.
    """
    there = {site: units for site, units in sorted(free.items()) if units > 0 and site in sites}
    units = sum(there.values())
    steps = [Step(_where(there, is_kit), units)]
    if not is_sold:
        return Published(0, (*steps, Step("The SKU is not active", 0)))
    if young is not None:
        left = sum(min(units, young.units.get(site, 0)) for site, units in there.items())
        if left != units:
            steps.append(Step(_too_old(units - left, young.days, is_kit), left))
        units = left
    if policy.share_percent != 100:
        units = units * policy.share_percent // 100
        steps.append(Step(f"{policy.share_percent} % of them are meant for this shop, rounded down", units))
    if policy.buffer:
        units = max(0, units - policy.buffer)
        steps.append(Step(f"{policy.buffer} kept back as buffer", units))
    if policy.cap is not None and units > policy.cap:
        units = policy.cap
        steps.append(Step(f"No more than {policy.cap} are shown", units))
    if 0 < units < policy.least:
        units = 0
        steps.append(Step(f"Fewer than {policy.least} count as none", units))
    return Published(units, tuple(steps))


def _where(there: Mapping[str, int], is_kit: bool) -> str:
    what = "Kits that can be made" if is_kit else "Units that can be promised"
    if not there:
        return f"{what} at sites that serve this shop"
    named = [f"{site} {units}" for site, units in list(there.items())[:SITES_NAMED]]
    more = len(there) - len(named)
    return f"{what} at {', '.join(named)}{f' and {more} more sites' if more else ''}"


def _too_old(units: int, days: int, is_kit: bool) -> str:
    what = "kits of lots" if is_kit else "units of lots"
    return f"Without {units} {what} that are good for fewer than the {days} days this shop asks for"
