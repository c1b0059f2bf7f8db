"""Messages through the door of this very process: signature checked, bytes kept, as the intake does it."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import batched

from quartermaster.core import plugs
from quartermaster.core.river import signal
from quartermaster.demo.shops.told import Webhook
from quartermaster.inbox import queries
from quartermaster.inbox.actions import Arrival, keep
from quartermaster.inbox.actions.keep import GROUP_MAX
from quartermaster.inbox.models import Connection
from quartermaster.inbox.ports import Verdict, Webhooks


class Forged(Exception):
    """A shop of ours signed what its own connection does not accept: a defect of the demo."""


def knock(webhooks: Iterable[tuple[Webhook, datetime]]) -> None:
    """Keep these messages durably, each as received at its moment. The same again changes nothing."""
    intake = signal.dedicated("demo")
    intake.prepare_threshold = 1
    try:
        for group in batched(_arrivals(webhooks), GROUP_MAX):
            keep(group, intake)
    finally:
        intake.close()


def _arrivals(webhooks: Iterable[tuple[Webhook, datetime]]) -> Iterator[Arrival]:
    known: dict[str, tuple[Connection, Webhooks, tuple[bytes, ...]]] = {}
    for webhook, at in webhooks:
        if webhook.slug not in known:
            connection = queries.connection(webhook.slug)
            port = plugs.plug(connection.kind).offer(Webhooks)  # type: ignore[type-abstract]  # a port is a protocol
            assert port is not None, f"{connection.kind} takes webhooks"
            known[webhook.slug] = connection, port, tuple(queries.webhook_secrets(connection, at))
        connection, port, secrets = known[webhook.slug]
        headers = {name.lower(): value for name, value in webhook.headers.items()}
        verdict = port.check(
            headers=headers, body=webhook.body, secrets=secrets, settings=connection.settings
        )
        if verdict is not Verdict.GENUINE:
            raise Forged(webhook.slug)
        label = port.label(headers=headers, path="")
        yield Arrival(connection.pk, label.delivery_id, label.topic, headers, webhook.body, at)
