"""Recorded deliveries of a connector: bodies as files, and `deliveries.json` with the headers they came with.

    {"secret": "...", "deliveries": [{"body": "orders_create.json", "headers": {...}, "says": "order 17"}]}

`says` is what the body has to be read as: "order ID", "removed ID", "refund ID of ORDER", "ignored", or
"ping" for what is sent unsigned. Headers are as received, with lower-case names; signatures are over the
files as they are. Orders that are only ever fetched have one header, `topic`, and no secret. `settings`: of
the connection, where signatures depend on them.
"""

from collections.abc import Mapping
from importlib import resources

import msgspec
from msgspec import Struct

from quartermaster.channels.ports import Channel
from quartermaster.core.plugs import Plug, installed
from quartermaster.inbox.ports import Hints, Webhooks
from quartermaster.orders.ports import OrderSource


class Delivery(Struct, frozen=True):
    name: str
    headers: Mapping[str, str]
    says: str
    body: bytes
    secret: bytes
    settings: Mapping[str, str] = {}

    @property
    def is_signed(self) -> bool:
        return self.says != "ping"


class _Listed(Struct):
    body: str
    headers: dict[str, str]
    says: str


class _Listing(Struct):
    deliveries: list[_Listed]
    secret: str = ""
    settings: dict[str, str] = {}


def senders() -> list[Plug]:
    """Every installed plug that sends orders by webhook, in bodies that are signed."""
    return [p for p in installed().values() if {OrderSource, Webhooks} <= p.ports.keys() and not _hints(p)]


def hinting() -> list[Plug]:
    """Every installed plug whose webhooks only hint at orders."""
    return [plug for plug in installed().values() if OrderSource in plug.ports and _hints(plug)]


def fetched() -> list[Plug]:
    """Every installed plug whose orders are only ever fetched: its shop sends nothing, or hints."""
    return [p for p in installed().values() if Channel in p.ports and (Webhooks not in p.ports or _hints(p))]


def _hints(plug: Plug) -> bool:
    return isinstance(plug.ports.get(Webhooks), Hints)


def recorded(kind: str) -> list[Delivery]:
    """The recorded deliveries of a connector, in the order of its list."""
    folder = resources.files("quartermaster.connectors").joinpath(kind, "recordings")
    listing = msgspec.json.decode(folder.joinpath("deliveries.json").read_bytes(), type=_Listing)
    return [
        Delivery(
            one.body,
            one.headers,
            one.says,
            folder.joinpath(one.body).read_bytes(),
            listing.secret.encode(),
            listing.settings,
        )
        for one in listing.deliveries
    ]
