"""The shops that take stock: their account and their port."""

from typing import Any, NamedTuple

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
    listings: Any  # what was asked for: Listings, or what goes further


def offering(slug: str, port: type = Listings) -> Offering:
    """Raises NotFound, NoListings; KeysAwaited, DemoStaysInside, SecretKeyChanged and SealBroken of its
    credentials."""
    connection = connection_of(slug)
    listings = listings_of(connection.kind, slug, port)
    return Offering(Account(slug, credentials(connection)), watched(slug, listings))


def listings_of(kind: str, slug: str, port: type = Listings) -> Listings:
    """What a kind of connection offers. Raises NotFound, NoListings."""
    listings: Listings | None = plugs.plug(kind).offer(port)
    if listings is None:
        raise NoListings(slug=slug, kind=kind, kinds=", ".join(kinds(port)) or "none is installed")
    return listings


def shows_was(kind: str) -> bool:
    """Whether shops of this kind have a place for what a price was before."""
    listings = plugs.plug(kind).offer(Listings)  # type: ignore[type-abstract]  # looked up by its protocol
    return listings is not None and listings.shows_was


def kinds(port: type = Listings) -> list[str]:
    """The kinds of connections whose listings can be read and written, or told what `port` says."""
    return plugs.kinds(port)
