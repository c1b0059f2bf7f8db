"""What a service's record on a lane counts."""

from msgspec import Struct


class Lane(Struct, frozen=True):
    """The newest `parcels` that a service brought to a country; `late` of them came after their promise."""

    carrier: str
    service: str
    parcels: int
    late: int


def expected_minor(lane: Lane, *, late_minor_a_day: int) -> int:
    """What its lateness is expected to count: the share that came late, as if by a day each. Rounded down."""
    return lane.late * late_minor_a_day // lane.parcels


def told(lane: Lane, country: str) -> str:
    return f"{lane.late} of its last {lane.parcels} parcels to {country} came late"
