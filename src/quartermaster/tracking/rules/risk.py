"""Whether a parcel on its way is likely to keep its promise, by what was learned of its lane. Pure."""

from datetime import date
from typing import NamedTuple

from quartermaster.allocation.rules.transit import Transit, chance, days_seen, days_taken

AT_RISK = 0.5  # below it a parcel is listed: it is likelier late than not
LOST_DAYS = 10  # without a sign of life: what comes later than that hardly ever comes


class Outlook(NamedTuple):
    """chance: 0 to 1, that it arrives by the promised day. because: a sentence."""

    chance: float
    because: str


def outlook(
    seen: Transit, *, left_on: date, promised_on: date, today: date, closed: tuple[date, ...] = ()
) -> Outlook:
    """Days are the receiver's. A parcel that is under way for longer than any was that arrived has no chance
    worth naming."""
    by = days_taken(left_on, promised_on, closed)
    beyond = min(days_seen(left_on, today, closed), by - 1)  # the promised day itself is not over
    found = chance(seen, by=by, beyond=beyond)
    days = f"{beyond + 1} day{'' if beyond == 0 else 's'} under way, {by} promised"
    if found is None:
        return Outlook(0.0, f"{days}: none of {seen.n:,} parcels of its lane came so late")
    return Outlook(found, f"{days}: {100 * found:.0f} % of the parcels of its lane arrive in time from here")
