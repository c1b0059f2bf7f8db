"""Connections and their secrets, opened for those who sign and call; never for people."""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlsplit

import msgspec

from quartermaster.core import secrets
from quartermaster.core.errors import NotFound, Refused
from quartermaster.core.outside import KeysAwaited
from quartermaster.core.queries import is_demo, setting
from quartermaster.inbox.models import Connection
from quartermaster.inbox.rules import SLUG, Kept, current

SIMULATED = "demo.simulated"  # slugs of the demo's connections whose other side is a simulator here
_HERE = ("127.0.0.1", "localhost", "::1")


def connection(slug: str) -> Connection:
    """The connection of this name, paused or not. Raises NotFound."""
    found = Connection.objects.filter(slug=slug).first() if SLUG.fullmatch(slug) else None
    if found is None:
        raise NotFound(what="connection", which=slug)
    return found


def connections() -> list[Connection]:
    """All of them by slug. Their `settings` can be shown; of secrets only `secret_names`."""
    return list(Connection.objects.order_by("slug").defer("sealed"))


def webhook_secrets(connection: Connection, now: datetime) -> list[bytes]:
    """Every secret that signs for this connection now: two while one is being replaced.

    Raises SecretKeyChanged, SealBroken.
    """
    return [value.encode() for value in current(opened(connection).get("webhook_secret", ()), now)]


class DemoStaysInside(Refused):
    code = "demo-stays-inside"
    message = "This is the demo company: nothing of it is sent to {slug}."
    remedy = "Use a database of your own for a real connection: QM_HOME=… ./qm up"


def credentials(connection: Connection, *, is_trial: bool = False) -> Mapping[str, str]:
    """Settings and secrets together, as a client of the outside system needs them. Never to be shown.

    Whoever calls out has to come by here: in a demo nobody gets past but to its own simulators, and with
    keys that were refused only `is_trial`, to see whether they count again. Raises DemoStaysInside,
    KeysAwaited, SecretKeyChanged, SealBroken.
    """
    if is_demo() and not _is_simulated(connection):
        raise DemoStaysInside(slug=connection.slug)
    if connection.keys_refused_at is not None and not is_trial:
        raise KeysAwaited(connection.slug, connection.keys_because)
    return {
        **connection.settings,
        **{name: kept[0].value for name, kept in opened(connection).items()},
    }


def _is_simulated(connection: Connection) -> bool:
    """One of the demo's own shops, and all its addresses are of this machine."""
    addresses = [value for value in connection.settings.values() if "://" in value]
    here = [urlsplit(one).hostname in _HERE for one in addresses]
    return bool(here) and all(here) and connection.slug in (setting(SIMULATED) or ())


def opened(connection: Connection) -> dict[str, list[Kept]]:
    """Every secret with its values, the one in force first."""
    if not connection.sealed:
        return {}
    return _decode(secrets.unseal(bytes(connection.sealed), owner=connection.slug))


_decode = msgspec.json.Decoder(dict[str, list[Kept]]).decode
