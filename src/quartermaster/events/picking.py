"""How sites pick."""

from typing import ClassVar

from quartermaster.core.events import Event


class PickPolicyChanged(Event, frozen=True, kw_only=True):
    """How a site picks: which units leave first, how orders go onto lists, how people walk."""

    kind: ClassVar[str] = "floor"
    location: str
    version: int
    because: str
