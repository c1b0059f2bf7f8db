"""The warehouses that are plugged in, each with its account."""

import hashlib
from typing import NamedTuple

import msgspec

from quartermaster.core import plugs
from quartermaster.core.errors import Refused
from quartermaster.core.keys import watched
from quartermaster.core.outside import Account
from quartermaster.inbox.queries.connections import connection as connection_of
from quartermaster.inbox.queries.connections import credentials
from quartermaster.outside.ports import Notices, Warehouse


class NoWarehouse(Refused):
    code = "no-warehouse"
    status = 422
    message = "{slug} is a connection of kind {kind}: no warehouse can be reached over it."
    remedy = "Choose a connection of one of these kinds: {kinds}."


class Connected(NamedTuple):
    account: Account
    warehouse: Warehouse


def warehouse_of(slug: str) -> Connected:
    """Raises NotFound, NoWarehouse; KeysAwaited, DemoStaysInside, SecretKeyChanged and SealBroken of its
    credentials."""
    connection = connection_of(slug)
    warehouse = offered(connection.kind, slug)
    return Connected(Account(slug, credentials(connection)), watched(slug, warehouse))


class Told(NamedTuple):
    account: Account
    notices: Notices


def notices_of(slug: str) -> Told | None:
    """Who can be told what will come in; None where they cannot. Raises what `warehouse_of` raises."""
    connection = connection_of(slug)
    notices = plugs.plug(connection.kind).offer(Notices)  # type: ignore[type-abstract]  # by its protocol
    if notices is None:
        return None
    return Told(Account(slug, credentials(connection)), watched(slug, notices))


def mark_of(account: Account) -> str:
    """Tells one account from another: by everything in its settings but the secrets, which may change."""
    kind = connection_of(account.slug).kind
    told = {f.name: account.settings.get(f.name, "") for f in plugs.plug(kind).settings if not f.is_secret}
    return hashlib.sha256(kind.encode() + msgspec.json.encode(told, order="sorted")).hexdigest()[:16]


def offered(kind: str, slug: str) -> Warehouse:
    """What a kind of connection offers. Raises NotFound, NoWarehouse."""
    warehouse = plugs.plug(kind).offer(Warehouse)  # type: ignore[type-abstract]  # looked up by its protocol
    if warehouse is None:
        raise NoWarehouse(
            slug=slug, kind=kind, kinds=", ".join(plugs.kinds(Warehouse)) or "none is installed"
        )
    return warehouse
