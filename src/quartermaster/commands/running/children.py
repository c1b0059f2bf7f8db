"""A child process that is kept running: restarted when it dies, later and later while it keeps dying."""

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence

from quartermaster.commands.running.leash import VARIABLE

log = logging.getLogger(__name__)

_PAUSES_S = (0.0, 0.5, 1, 2, 5)
_HEALTHY_S = 5  # after so long without dying it starts again at once


class Child:
    """One `./qm COMMAND` process of ours."""

    def __init__(self, command: Sequence[str], *, leash: int) -> None:
        self.command = command
        self.leash = leash
        self.process: subprocess.Popen[bytes] | None = None
        self.deaths = 0
        self.began = 0.0
        self.due = 0.0

    @property
    def name(self) -> str:
        return self.command[0]

    def start(self) -> None:
        """In a session of its own, so that Ctrl-C reaches it only through us."""
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "quartermaster", *self.command],
            stdin=subprocess.DEVNULL,
            env={**os.environ, VARIABLE: str(self.leash)},
            pass_fds=[self.leash],
            start_new_session=True,
        )

    def keep_running(self) -> None:
        """Look once: note a death, and start it again when its pause is over."""
        if self.process and (code := self.process.poll()) is not None:
            self.process = None
            self.deaths = 0 if time.monotonic() - self.began > _HEALTHY_S else self.deaths
            pause_s = _PAUSES_S[min(self.deaths, len(_PAUSES_S) - 1)]
            self.deaths += 1
            self.due = time.monotonic() + pause_s
            log.error("a process ended and is started again", extra=self._what(code) | {"pause_s": pause_s})
        if self.process is None and time.monotonic() >= self.due:
            self.start()

    def ask_to_end(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def end_by(self, deadline: float) -> None:
        """Wait until `deadline` (monotonic), then kill it with everything it started."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            log.warning("a process did not end in time and is killed", extra=self._what(None))
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def _what(self, code: int | None) -> dict[str, object]:
        died_of = signal.Signals(-code).name if code is not None and code < 0 else code
        return {"child": self.name, "exit": died_of, "lived_s": round(time.monotonic() - self.began, 1)}
