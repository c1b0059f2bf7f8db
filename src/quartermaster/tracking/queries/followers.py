"""Who follows parcels for us, and with which account."""

from typing import Final, NamedTuple

from quartermaster.core import plugs, sql
from quartermaster.core.keys import watched
from quartermaster.core.queries import is_demo
from quartermaster.inbox.queries.connections import connection, connections, credentials
from quartermaster.orders.ports import OrderSource
from quartermaster.shipping.ports import Account
from quartermaster.tracking.ports import Follower, ScanSource


class Following(NamedTuple):
    """A follower and the account to ask it with."""

    account: Account
    follower: Follower


class Given(NamedTuple):
    """What became of a parcel that was given to a follower. state: of the wish, confirmed when it is
    followed."""

    slug: str
    state: str
    because: str


TASK: Final = "tracking.follow"
GIVEN = "select key, state, because from core_outbox where key = any(%s) order by key"


def key_of(slug: str, reference: str) -> str:
    """The key of the wish: a parcel is given once to each connection."""
    return f"follow:{slug}:{reference}"


def given(reference: str) -> list[Given]:
    """To whom a parcel (P-17) was given, those of connections paused by now too."""
    wanted = kinds()
    keys = {key_of(each.slug, reference): each.slug for each in connections() if each.kind in wanted}
    return [Given(keys[key], *rest) for key, *rest in sql.run(GIVEN, (list(keys),))] if keys else []


def kinds() -> tuple[str, ...]:
    """The kinds of connection that follow parcels."""
    return tuple(kind for kind, plug in plugs.installed().items() if Follower in plug.ports)


def telling() -> tuple[str, ...]:
    """The kinds of connection whose messages tell of parcels, and not of orders."""
    return tuple(
        kind
        for kind, plug in plugs.installed().items()
        if ScanSource in plug.ports and OrderSource not in plug.ports
    )


def slugs() -> list[str]:
    """The connections that follow now; none in a demo, where nothing is sent out."""
    wanted = kinds()
    found = [
        each.slug
        for each in connections()
        if each.is_active and not each.keys_refused_at and each.kind in wanted
    ]
    return [] if found and is_demo() else found


def follower(slug: str) -> Following:
    """Raises NotFound, KeysAwaited, DemoStaysInside, SecretKeyChanged, SealBroken."""
    known = connection(slug)
    offered = plugs.plug(known.kind).offer(Follower)  # type: ignore[type-abstract]  # a port is a protocol
    assert offered is not None, f"{known.kind} follows nothing"
    return Following(Account(slug, credentials(known)), watched(slug, offered))
