"""Messages a simulator sends by itself, over a line that loses, doubles, delays, reorders and spoils them.

What happens to which message comes from a seed: the same messages and the same seed, the same line. A vendor
puts what it wants sent; somebody takes it and brings it where it belongs: a test in its own process, or
`posting` over HTTP. How it ended is told to the vendor, who may switch a subscription off.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

import httpx

SEND_S = 5.0  # as long as vendors wait for an answer


class Delivery(NamedTuple):
    """A message on its way: of which subscription, where to, and what it says."""

    subscription: str
    address: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Line:
    """How often a message is lost, doubled, spoiled or delayed: shares, 0 to 1. A delayed one waits for as
    many others as `rounds`, at most. `is_shuffled`: what is taken together comes in any order."""

    lost: float = 0.0
    doubled: float = 0.0
    corrupt: float = 0.0
    delayed: float = 0.0
    rounds: int = 3
    is_shuffled: bool = False


class Mail:
    """What waits to be brought. `on_end(delivery, is_taken)` hears how each ended."""

    def __init__(self, *, on_end: Callable[[Delivery, bool], None] | None = None, seed: int = 1) -> None:
        self.line = Line()
        self.lost: list[Delivery] = []
        self._waiting: list[tuple[int, Delivery]] = []  # in which round it is brought
        self._round = 0
        self._on_end = on_end
        self._chance = Random(seed)

    def __len__(self) -> int:
        return len(self._waiting)

    def seed(self, seed: int) -> None:
        self._chance = Random(seed)

    def put(self, delivery: Delivery) -> None:
        line, chance = self.line, self._chance.random
        if chance() < line.lost:
            self.lost.append(delivery)
            return
        if chance() < line.corrupt:
            delivery = delivery._replace(body=self._spoiled(delivery.body))
        for _ in range(2 if chance() < line.doubled else 1):
            wait = self._chance.randint(1, line.rounds) if chance() < line.delayed else 0
            self._waiting.append((self._round + wait, delivery))

    def take(self) -> list[Delivery]:
        """What is brought in this round; what is delayed follows in later ones."""
        now = [one for due, one in self._waiting if due <= self._round]
        self._waiting = [(due, one) for due, one in self._waiting if due > self._round]
        self._round += 1
        if self.line.is_shuffled:
            self._chance.shuffle(now)
        return now

    def ended(self, delivery: Delivery, *, is_taken: bool) -> None:
        if self._on_end is not None:
            self._on_end(delivery, is_taken)

    def bring(self, bring: Callable[[Delivery], int]) -> int:
        """One round: `bring` answers with the status it got, 0 for none. Returns how many there were."""
        taken = self.take()
        for one in taken:
            self.ended(one, is_taken=200 <= bring(one) < 300)
        return len(taken)

    def _spoiled(self, body: bytes) -> bytes:
        """A byte is another one: the signature does not fit any more."""
        if not body:
            return b"?"
        at = self._chance.randrange(len(body))
        return body[:at] + bytes([body[at] ^ (1 << self._chance.randrange(8))]) + body[at + 1 :]


def posting(delivery: Delivery) -> int:
    """POST it: the status, or 0 when nobody answered."""
    try:
        answer = httpx.post(
            delivery.address, content=delivery.body, headers=dict(delivery.headers), timeout=SEND_S
        )
    except (httpx.HTTPError, httpx.InvalidURL):
        return 0
    return answer.status_code
