"""Plugs: the outside systems that are installed, found by folder. Stages ask here for a port; nobody
imports a connector."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from quartermaster.core.errors import NotFound


@dataclass(frozen=True, slots=True)
class Setting:
    """One field of a connection's settings form. Secrets are write-only and stored encrypted."""

    name: str
    label: str
    is_secret: bool = False
    is_required: bool = True
    hint: str = ""
    is_to_ask: bool = False  # without it the system can send, and be neither asked nor told
    lasts_days: int = 0  # a secret ends so long after it was made, where its vendor says so
    ends_hint: str = ""  # whether the other side tells when a secret ends, in words for a person


@dataclass(frozen=True, slots=True)
class Plug:
    """One kind of outside system: its settings form and the ports it offers (protocol -> implementation)."""

    kind: str
    title: str
    settings: tuple[Setting, ...]
    ports: Mapping[type, object]

    def offer[P](self, port: type[P]) -> P | None:
        """The implementation of `port`, or None when this system does not offer it."""
        return self.ports.get(port)  # type: ignore[return-value]  # a dict cannot say that values follow keys


@cache
def installed() -> Mapping[str, Plug]:
    """Every plug by kind: each folder of `quartermaster.connectors` with a `plug.py` that has a PLUG."""
    found = {plug.kind: plug for plug in _discover()}
    return dict(sorted(found.items()))


def kinds(port: type) -> list[str]:
    """The kinds of connections over which `port` is offered."""
    return [kind for kind, plug in installed().items() if plug.offer(port) is not None]


def askers(port: type) -> list[dict[str, object]]:
    """`kinds`, each with the settings without which it cannot be asked: rows of kind and needs."""
    return [
        {"kind": kind, "needs": [setting.name for setting in plug.settings if setting.is_to_ask]}
        for kind, plug in installed().items()
        if plug.offer(port) is not None
    ]


def _discover() -> Iterator[Plug]:
    package = importlib.import_module("quartermaster.connectors")
    for entry in pkgutil.iter_modules(package.__path__):
        if entry.ispkg:
            yield importlib.import_module(f"{package.__name__}.{entry.name}.plug").PLUG


def plug(kind: str) -> Plug:
    """The plug of this kind; NotFound names the kinds there are."""
    try:
        return installed()[kind]
    except KeyError:
        raise NotFound(
            what="kind of connection", which=f"{kind!r} (there are: {', '.join(installed())})"
        ) from None
