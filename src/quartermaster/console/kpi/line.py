"""A line of one value for each day, as the points of an SVG."""

from collections.abc import Sequence

WIDTH, HEIGHT = 200, 30
_EDGE = 2


def lines(values: Sequence[float | None]) -> list[str]:
    """Points of polylines from the lowest value at the bottom to the highest on top; a day without a value
    is a gap. A day between two gaps is a short dash, so that it is seen."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return []
    low, high = min(known), max(known)
    step = WIDTH / max(1, len(values) - 1)
    runs: list[list[tuple[float, float]]] = [[]]
    for n, value in enumerate(values):
        if value is None:
            runs.append([])
            continue
        share = (value - low) / (high - low) if high > low else 0.5
        runs[-1].append((n * step, HEIGHT - _EDGE - share * (HEIGHT - 2 * _EDGE)))
    return [" ".join(f"{x:.1f},{y:.1f}" for x, y in _seen(run)) for run in runs if run]


def _seen(run: list[tuple[float, float]]) -> list[tuple[float, float]]:
    if len(run) > 1:
        return run
    ((x, y),) = run
    return [(x - 1, y), (x + 1, y)]
