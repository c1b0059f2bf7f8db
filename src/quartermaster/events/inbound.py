"""What happens at the dock: places are laid out, goods are expected, received, put away and sent on."""

from typing import ClassVar

from quartermaster.core.events import Event


class BinsLaid(Event, frozen=True, kw_only=True):
    """Bins of a site were made, or are something else now."""

    kind: ClassVar[str] = "location"
    location: str
    bins: int


class FloorPlanned(Event, frozen=True, kw_only=True):
    """Where a site's cross aisles lie, and where walks begin, is known or has changed."""

    kind: ClassVar[str] = "location"
    location: str
