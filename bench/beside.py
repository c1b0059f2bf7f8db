"""Something that goes on beside a block, in a thread of its own, until the block ends."""

import threading
from typing import Self


class Beside:
    """Use it as a context. What goes wrong beside the block is raised at its end."""

    def __init__(self) -> None:
        self.is_over = threading.Event()
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)

    def go_on(self) -> None:
        """Until `is_over` is set."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.is_over.set()
        self._thread.join()
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        try:
            self.go_on()
        except BaseException as error:  # raised by whoever waits for the end
            self._error = error
