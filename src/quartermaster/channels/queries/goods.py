"""The shops that take stock: their account and their port."""

from typing import NamedTuple

from quartermaster.channels.ports import Listings
from quartermaster.core import plugs
from quartermaster.core.errors import Refused
from quartermaster.core.keys import watched
from quartermaster.core.outside import Account
from quartermaster.inbox.queries.connections import connection as connection_of
from quartermaster.inbox.queries.connections import credentials


class NoListings(Refused):
    code = "no-listings"
    status = 422
    message = "{slug} is a connection of kind {kind}, whose listings cannot be read or written."
    remedy = "Choose a connection of one of these kinds: {kinds}."


class Offering(NamedTuple):
    account: Account
    listings: Listings


def offering(slug: str) -> Offering:
    """Raises NotFound, NoListings; KeysAwaited, DemoStaysInside, SecretKeyChanged and SealBroken of its
    credentials."""
    connection = connection_of(slug)
    listings = listings_of(connection.kind, slug)
    return Offering(Account(slug, credentials(connection)), watched(slug, listings))


def listings_of(kind: str, slug: str) -> Listings:
    """What a kind of connection offers. Raises NotFound, NoListings."""
    listings = plugs.plug(kind).offer(Listings)  # type: ignore[type-abstract]  # looked up by its protocol
    if listings is None:
        raise NoListings(slug=slug, kind=kind, kinds=", ".join(kinds()) or "none is installed")
    return listings


def kinds() -> list[str]:
    """The kinds of connections whose listings can be read and written."""
    return plugs.kinds(Listings)
