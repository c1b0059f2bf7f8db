"""The messages a shop sends by itself: whether it still does."""

from typing import Protocol

from msgspec import Struct

from quartermaster.core.outside import Account


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
