"""Whether it is a shop's turn to be told something."""

from quartermaster.core.effects import Told, Turn


def not_now(slug: str, *, mode: str, is_active: bool) -> Told | None:
    """Why a shop is not told: never (it is only read), or not yet (it is paused). None: it is told."""
    if mode != "live":
        return Told(Turn.REFUSE, f"{slug} is only read: it is told nothing")
    if not is_active:
        return Told(Turn.FAIL_SAFELY, f"{slug} is paused", waits=True)
    return None
