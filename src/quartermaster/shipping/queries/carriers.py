"""With whom a label can be bought: the carriers that are plugged in, each with its accounts."""

from collections.abc import Mapping
from typing import NamedTuple

from quartermaster.core import plugs
from quartermaster.core.errors import NotFound, Refused
from quartermaster.core.keys import watched
from quartermaster.core.outside import KeysAwaited
from quartermaster.inbox.models import Connection
from quartermaster.inbox.queries.connections import connection as connection_of
from quartermaster.inbox.queries.connections import connections, credentials
from quartermaster.shipping.ports import Account, Carrier, ShopLabels, Within
from quartermaster.shipping.rules.accounts import serves
from quartermaster.shipping.rules.of_shop import OfShop


class Connected(NamedTuple):
    """A carrier and the account to ask it with."""

    account: Account
    carrier: Carrier


def all_within() -> list[tuple[Account, Within]] | None:
    """Every carrier, when all of them answer from our own database; None when another is connected. Shops are
    none: they are asked about their own orders only. No secret is opened."""
    offered = _offered()
    active = {each.kind for each in connections() if each.is_active}
    found = []
    for kind, carrier in offered.items():
        if isinstance(carrier, OfShop):
            continue
        if not is_open(kind):
            if kind in active:
                return None
        elif not isinstance(carrier, Within):
            return None
        else:
            found.append((Account(kind), carrier))
    return found


def asked_for(site: str, channel: str = "") -> tuple[list[Connected], list[str]]:
    """Who is asked about a parcel of a site, and a sentence for every account that cannot be opened. Of what
    a channel ships itself only that one is asked, and it is asked about nothing else."""
    offered = _offered()
    if channel:
        connection = connection_of(channel)
        if not isinstance(offered.get(connection.kind), OfShop):
            return [], [f"{channel} ships it itself, and gives no labels here."]
        try:
            return [_with(connection, offered[connection.kind])], []
        except Refused as refusal:
            return [], [f"{channel} was not asked: {refusal.title}"]
        except KeysAwaited as refusal:
            return [], [f"{channel} was not asked: {refusal}"]
    offered = {kind: carrier for kind, carrier in offered.items() if not isinstance(carrier, OfShop)}
    found = [Connected(Account(kind), carrier) for kind, carrier in offered.items() if is_open(kind)]
    wrong = []
    for each in connections():
        if not each.is_active or each.kind not in offered or is_open(each.kind):
            continue
        if not serves(each.settings, site):
            continue
        try:
            found.append(_with(connection_of(each.slug), offered[each.kind]))
        except Refused as refusal:
            wrong.append(f"{each.slug} was not asked: {refusal.title}")
        except KeysAwaited as refusal:
            wrong.append(f"{each.slug} was not asked: {refusal}")
    return found, wrong


def accounts_with(port: type) -> frozenset[str]:
    """Connections, paused or not, whose carrier fulfils a port: what they sold they have to look after."""
    offered = _offered()
    return frozenset(
        each.slug for each in connections() if each.kind in offered and isinstance(offered[each.kind], port)
    )


def is_open(kind: str) -> bool:
    """It needs no settings, so no connection: its account is named like its kind."""
    return not plugs.plug(kind).settings


def carrier_of(slug: str) -> Connected:
    """The carrier of one account, paused or not: what it bought it must be able to void. Raises NotFound."""
    offered = _offered()
    if slug in offered and not plugs.plug(slug).settings:
        return Connected(Account(slug), offered[slug])
    connection = connection_of(slug)
    if connection.kind not in offered:
        raise NotFound(what="carrier account", which=slug)
    return _with(connection, offered[connection.kind])


def _with(connection: Connection, carrier: Carrier) -> Connected:
    return Connected(Account(connection.slug, credentials(connection)), watched(connection.slug, carrier))


def _offered() -> Mapping[str, Carrier]:
    """Kind -> carrier, or the shop whose labels are asked for like one's."""
    found: dict[str, Carrier] = {}
    for kind, plug in plugs.installed().items():
        carrier = plug.offer(Carrier)  # type: ignore[type-abstract]  # a port is looked up by its protocol
        labels = plug.offer(ShopLabels)  # type: ignore[type-abstract]  # likewise
        if carrier is not None:
            found[kind] = carrier
        elif labels is not None:
            found[kind] = OfShop(labels)
    return found
