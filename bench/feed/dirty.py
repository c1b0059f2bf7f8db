"""How long SKUs wait for the numbers of their listings to be worked out, watched from beside."""

import time

import psycopg

from bench.beside import Beside

EVERY_S = 0.1
OLDEST = "select min(id) from channels_dirty"


class Watch(Beside):
    """`longest_s`: the longest that was seen, and a look more."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.longest_s = EVERY_S
        self._url = url

    def go_on(self) -> None:
        oldest, since, before = None, 0.0, time.monotonic()
        with psycopg.connect(self._url, autocommit=True) as connection:
            while not self.is_over.wait(EVERY_S):
                ((seen,),) = connection.execute(OLDEST).fetchall()
                here = time.monotonic()
                if seen is not None and seen == oldest:
                    self.longest_s = max(self.longest_s, here - since)
                elif seen is not None:
                    since = before  # it came after the look before this one
                oldest, before = seen, here
