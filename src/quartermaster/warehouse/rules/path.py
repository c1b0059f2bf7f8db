"""The order in which a picker walks past places."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from quartermaster.warehouse.rules.routing.layout import Layout, Stop
from quartermaster.warehouse.rules.routing.strategies import Strategy, route

_PIECES = re.compile(r"[0-9]+|[^0-9]+")


def along_the_path(code: str) -> tuple[tuple[int, int, str], ...]:
    """A key to sort place codes by: the site itself before what is in it, and numbers by their size, so that
    A-2 comes before A-10. Codes that differ only in leading zeros stay apart by their text."""
    return tuple(
        (0, int(piece), piece) if piece.isdecimal() and piece.isascii() else (1, 0, piece)
        for piece in _PIECES.findall(code)
    )


class Path(NamedTuple):
    """turns: place id -> when it is passed; length: of the walk in the unit of the layout, None when nobody
    knows where the places stand; because: what the order of the path follows."""

    turns: dict[int, int]
    length: float | None
    because: str


def path_through(
    places: Mapping[int, str],
    sequences: Mapping[int, int],
    hall: tuple[Layout, Mapping[int, Stop]] | None,
    strategy: Strategy = Strategy.EXACT,
) -> Path:
    """Places (id -> code) in the order of the walk through the hall; those that stand nowhere known come
    behind, as all do without a hall: by their pick sequence, then by their code."""
    stands = {} if hall is None else {place: hall[1][place] for place in places if place in hall[1]}
    walked: dict[Stop, int] = {}
    length, because = None, "pick sequence and code of the bins"
    if hall is not None and stands:
        found = route(hall[0], stands.values(), strategy)
        walked = {stop: n for n, stop in enumerate(found.stops)}
        lost = len(places) - len(stands)
        length = None if lost else found.length
        because = found.because + (f"; {lost} bins stand nowhere known and come last" if lost else "")

    def turn(place: int) -> tuple[object, ...]:
        when = walked[stands[place]] if place in stands else len(walked)
        sequence = sequences.get(place)
        return (when, sequence is None, sequence or 0, along_the_path(places[place]), place)

    return Path({place: n for n, place in enumerate(sorted(places, key=turn))}, length, because)


def distances(
    places: Mapping[int, str],
    sequences: Mapping[int, int],
    hall: tuple[Layout, Mapping[int, Stop]] | None,
) -> dict[int, float]:
    """How far each place (id -> code) is from where walks begin: along aisles, in the unit of the layout.
    Those that stand nowhere known come behind, by their pick sequence, then by their code."""
    path = path_through(places, sequences, None)
    if hall is None:
        return {place: float(turn) for place, turn in path.turns.items()}
    layout, stops = hall
    x, y = layout.xs[layout.depot_aisle], layout.ys[layout.depot_cross]
    end = layout.xs[-1] - layout.xs[0] + layout.ys[-1] - layout.ys[0]
    return {
        place: abs(layout.xs[stops[place].aisle] - x) + abs(stops[place].y - y)
        if place in stops
        else end + 1 + path.turns[place]
        for place in places
    }
