"""Running the river inside this process, and telling how far long work is."""

from collections.abc import Callable

from quartermaster.core.river import worker

type Tell = Callable[[float, str], None]


def flow() -> None:
    """Until nothing is due."""
    while worker.flow():
        pass
