"""How long SKUs wait for the numbers of their listings to be worked out, watched from beside."""

import threading
import time

import psycopg

EVERY_S = 0.1
OLDEST = "select min(id) from channels_dirty"


class Watch:
    """Use it as a context. `longest_s`: the longest that was seen, and a look more."""

    def __init__(self, url: str) -> None:
        self.longest_s = EVERY_S
        self._url = url
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    def _run(self) -> None:
        oldest, since, before = None, 0.0, time.monotonic()
        with psycopg.connect(self._url, autocommit=True) as connection:
            while not self._is_over.wait(EVERY_S):
                ((seen,),) = connection.execute(OLDEST).fetchall()
                here = time.monotonic()
                if seen is not None and seen == oldest:
                    self.longest_s = max(self.longest_s, here - since)
                elif seen is not None:
                    since = before  # it came after the look before this one
                oldest, before = seen, here
