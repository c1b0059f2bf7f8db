"""How far long work is: a bar on a terminal, now and then a plain line elsewhere."""

import sys
import time
from typing import TextIO

_WIDTH = 30
_BAR_EVERY_S, _LINE_EVERY_S = 0.1, 10.0


class Progress:
    """Written to stderr, so that results can be piped. `end` leaves the terminal as it was."""

    def __init__(self, what: str, out: TextIO | None = None) -> None:
        self._what = what
        self._out = out or sys.stderr
        self._is_terminal = self._out.isatty()
        self._began = self._told_at = time.monotonic()

    def tell(self, done: float, words: str) -> None:
        """`done` from 0 to 1, and what there is to say of it. Cheap: most calls write nothing."""
        now = time.monotonic()
        if now - self._told_at < (_BAR_EVERY_S if self._is_terminal else _LINE_EVERY_S):
            return
        self._told_at = now
        if self._is_terminal:
            filled = int(done * _WIDTH)
            bar = "█" * filled + "░" * (_WIDTH - filled)
            self._out.write(f"\r\x1b[K{self._what} {bar} {done:4.0%} {words}{self._left(done, now)}")
        else:
            self._out.write(f"qm: {self._what} {done:.0%}, {words}{self._left(done, now)}\n")
        self._out.flush()

    def end(self) -> None:
        if self._is_terminal:
            self._out.write("\r\x1b[K")
            self._out.flush()

    def _left(self, done: float, now: float) -> str:
        if done < 0.02:
            return ""
        left_s = (now - self._began) * (1 - done) / done
        return f", {left_s / 60:.0f} min left" if left_s > 90 else f", {left_s:.0f} s left"
