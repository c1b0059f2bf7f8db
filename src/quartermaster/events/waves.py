"""Facts of picking in waves."""

from typing import ClassVar

from quartermaster.core.events import Event


class WaveMade(Event, frozen=True, kw_only=True):
    """Released work of a site was chosen at once and put on lists."""

    kind: ClassVar[str] = "wave"
    wave_id: int
    location: str
    mode: str
    orders: int
    lists: int


class WaveAsked(Event, frozen=True, kw_only=True):
    """Somebody wants a wave: it is being planned."""

    kind: ClassVar[str] = "location"
    plan_id: int
    location: str


class WaveReleased(Event, frozen=True, kw_only=True):
    """The lists of a wave may be picked."""

    kind: ClassVar[str] = "wave"
    wave_id: int
    location: str


class WaveCancelled(Event, frozen=True, kw_only=True):
    """What was not picked of a wave can go onto other lists."""

    kind: ClassVar[str] = "wave"
    wave_id: int
    location: str
    because: str


class WaveClosed(Event, frozen=True, kw_only=True):
    """Nobody begins another list of a wave; lists that nobody had begun were given back."""

    kind: ClassVar[str] = "wave"
    wave_id: int
    location: str
    because: str
