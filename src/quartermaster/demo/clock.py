"""Running the river inside this process, and telling how far long work is."""

from collections.abc import Callable
from datetime import datetime

from quartermaster.core import moment
from quartermaster.core.river import worker

type Tell = Callable[[float, str], None]


def flow(at: datetime) -> None:
    """Until nothing is due, at that moment: what is asked of carriers is asked then."""
    with moment.being(at):
        while worker.flow():
            pass
