"""A child ends when the process that started it ends, even by kill -9: a pipe between them is closed then."""

import os
import threading
import time
from collections.abc import Callable

VARIABLE = "QM_LEASH"


def follow(on_end: Callable[[], None]) -> None:
    """Call `on_end` once, from a thread, when our supervisor is gone. Nothing happens if we have none."""
    descriptor = os.environ.pop(VARIABLE, "")
    if descriptor:
        threading.Thread(target=_wait, args=(int(descriptor), on_end), daemon=True, name="leash").start()


def follow_parent(on_end: Callable[[], None], *, every_s: float = 0.5) -> None:
    """The same for a process that got no pipe: looks now and then whether its parent is still the same."""
    threading.Thread(target=_watch, args=(os.getppid(), on_end, every_s), daemon=True, name="leash").start()


def _wait(descriptor: int, on_end: Callable[[], None]) -> None:
    while os.read(descriptor, 1):
        pass
    on_end()


def _watch(parent: int, on_end: Callable[[], None], every_s: float) -> None:
    while os.getppid() == parent:
        time.sleep(every_s)
    on_end()
