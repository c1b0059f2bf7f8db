"""Keeps the web, the workers and the embedded database running until told to stop."""

import http.client
import logging
import os
import threading
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from quartermaster.commands.running.children import Child
from quartermaster.commands.running.refusals import NeverReady
from quartermaster.core.embedded import Server
from quartermaster.core.errors import Refused

log = logging.getLogger(__name__)

_LOOK_EVERY_S = 0.25
_HOPELESS_DEATHS = 3  # before the first readiness: it will not get better by itself
_END_WITHIN_S = 14  # the embedded database needs up to 15 more, together under 30


class Supervisor:
    """A block in which the children run. They end with the block, however it ends."""

    def __init__(self, commands: Sequence[Sequence[str]], server: Server | None) -> None:
        self.server = server
        self.stop = threading.Event()
        self._ours, self._theirs = -1, -1
        self._commands = commands
        self.children: list[Child] = []

    def __enter__(self) -> Self:
        self._theirs, self._ours = os.pipe()
        self.children = [Child(command, leash=self._theirs) for command in self._commands]
        for child in self.children:
            child.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        for child in self.children:
            child.ask_to_end()
        deadline = time.monotonic() + _END_WITHIN_S
        for child in self.children:
            child.end_by(deadline)
        os.close(self._ours)
        os.close(self._theirs)

    def watch(self) -> None:
        """Until stopped: whatever dies is started again, the database first."""
        while not self.stop.wait(_LOOK_EVERY_S):
            self.look()

    def look(self) -> None:
        if self.server and not self.server.is_running():
            log.error("the database ended and is started again")
            try:
                self.server.start()
            except Refused as refusal:  # no space left, say: the others wait, and so do we
                log.error("the database did not start", extra={"because": refusal.title})
                self.stop.wait(5)
        for child in self.children:
            child.keep_running()

    def wait_until_ready(self, url: str, *, patience_s: int = 60) -> bool:
        """Until /readyz answers 200; False when stopped meanwhile. Raises NeverReady."""
        deadline = time.monotonic() + patience_s
        said = "nothing"
        while not self.stop.wait(0.1):
            self.look()
            said = _readiness(url)
            if said == "200":
                return True
            if time.monotonic() > deadline or any(
                child.deaths >= _HOPELESS_DEATHS for child in self.children
            ):
                raise NeverReady(patience_s=patience_s, said=said)
        return False


def _readiness(url: str) -> str:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=5)
    try:
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        text = answer.read(500).decode(errors="replace").strip()
        return "200" if answer.status == 200 else f"{answer.status} {text}"
    except OSError as error:
        return str(error)
    except http.client.HTTPException as error:
        return repr(error)
    finally:
        connection.close()
