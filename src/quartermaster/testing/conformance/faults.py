"""What goes wrong with a call that changes something at a shop, one after the other, and how the caller goes
on: as the outbox does it."""

from collections.abc import Callable

from quartermaster.core.outside import NotDone, RefusedOutside, Unclear

FAULTS = ("429", "401", "500", "down", "late", "500 late", "lying", "lying late", "broken")
TRIES = 6


def until_known(do: Callable[[], object], is_known: Callable[[], bool]) -> bool:
    """What surely was not done is tried again; what is unclear is looked up first."""
    for _ in range(TRIES):
        try:
            do()
        except (NotDone, Unclear):
            if is_known():
                return True
        else:
            return is_known()
    return False


def raised(do: Callable[[], object]) -> type[Exception] | None:
    try:
        do()
    except (RefusedOutside, NotDone, Unclear) as error:
        return type(error)
    return None
