"""The messages a shop sends by itself: whether it still does."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from msgspec import Struct

from quartermaster.channels.ports.orders import Change
from quartermaster.core.outside import Account
from quartermaster.inbox.ports import KeyEnd


class Hook(Struct, frozen=True):
    """A subscription at the shop. `is_alive`: it sends; shops switch one off after failures."""

    topic: str
    address: str
    is_alive: bool
    theirs: str  # the shop's own name for it


class Hooks(Protocol):
    """A shop whose subscriptions can be seen and made."""

    topics: frozenset[str]  # what we want to hear of

    def hooks(self, *, account: Account) -> tuple[Hook, ...]:
        """All it has, of others too. Raises NotDone."""
        ...

    def subscribe(self, *, account: Account, address: str, secret: str) -> tuple[Hook, ...]:
        """See to it that each of `topics` is sent to this address: what is missing is made, what was
        switched off is switched on, and what is as it should be stays untouched. Subscriptions to other
        addresses are not ours to touch. Returns those made or mended. Raises RefusedOutside, NotDone,
        Unclear; the same again mends the rest."""
        ...


class Signs(Protocol):
    """A shop that signs with a secret we give it, and can be given another."""

    def sign(self, *, account: Account, address: str, secret: str) -> tuple[Hook, ...]:
        """Each of its subscriptions to this address is signed with this secret from now on. Returns them.
        Raises RefusedOutside, NotDone, Unclear; the same again does the rest."""
        ...


@runtime_checkable
class QueueHooks(Hooks, Protocol):
    """A shop that sends to a queue of the seller's own, not to us."""

    def queue(self, *, account: Account) -> str:
        """The address of that queue, as subscriptions name it; "" where the account has none."""
        ...


class Waiting(Struct, frozen=True):
    """A message in a queue. `name`: the queue's own, the same whenever it comes again. `receipt`: by it this
    one is taken off the queue. `found`: what it is about, where that was looked up with it. `ends`: what it
    tells of our own keys; a new secret stands there alone, and never in `body`."""

    name: str
    topic: str
    body: bytes
    receipt: str
    found: tuple[Change, ...] = ()
    ends: tuple[KeyEnd, ...] = ()


class Queues(Protocol):
    """A shop whose messages wait in a queue until they are fetched."""

    needs: tuple[str, ...]  # settings of a connection that has such a queue

    def waiting(self, *, account: Account) -> tuple[Waiting, ...]:
        """Some of them, in any order; one may come twice. Nobody else gets these for a minute: what is not
        said to be `kept` by then comes again. Raises RefusedOutside, NotDone."""
        ...

    def kept(self, *, account: Account, receipts: Sequence[str]) -> None:
        """They are ours now, and need not come again. Raises RefusedOutside, NotDone."""
        ...
