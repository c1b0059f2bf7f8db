"""WooCommerce's webhooks: which there are, and that ours are sent.

It never sends a message again, and switches a webhook off after some failures in a row (`disabled`). Those
a person paused are switched on as well: the connection they belong to is paused here, not there.
https://woocommerce.github.io/woocommerce-rest-api-docs/#webhooks, read 2026-11-23.
"""

from collections.abc import Mapping

from quartermaster.channels.ports import Hook
from quartermaster.connectors.calls import Caller
from quartermaster.connectors.picked import text
from quartermaster.connectors.woocommerce.connection import API, caller_of, complaint
from quartermaster.core.outside import Account, NotDone, Unclear

_PATH = f"{API}/webhooks"
_PAGE = 100
_PAGES_MAX = 20


class WooHooks:
    topics = frozenset({"order.created", "order.updated", "order.deleted", "order.restored"})

    def hooks(self, *, account: Account) -> tuple[Hook, ...]:
        return _all(caller_of(account))

    def subscribe(self, *, account: Account, address: str, secret: str) -> tuple[Hook, ...]:
        caller = caller_of(account)
        ours = [one for one in _all(caller) if one.address == address]
        alive = {one.topic for one in ours if one.is_alive}
        asleep = {one.topic: one.theirs for one in ours if not one.is_alive}
        made = []
        for topic in sorted(self.topics - alive):
            wanted = {"status": "active", "topic": topic, "delivery_url": address, "secret": secret}
            if theirs := asleep.get(topic):
                answer = caller.change("PUT", f"{_PATH}/{theirs}", wanted)
            else:
                answer = caller.change("POST", _PATH, {**wanted, "name": f"Quartermaster {topic}"})
            hook = _hook(answer)
            if (hook.topic, hook.address, hook.is_alive) != (topic, address, True):
                raise Unclear(f"WooCommerce did not keep the webhook: {complaint(answer).because}")
            made.append(hook)
        return tuple(made)

    def sign(self, *, account: Account, address: str, secret: str) -> tuple[Hook, ...]:
        """The secret of a webhook can be written, and is never shown: so each is written."""
        caller = caller_of(account)
        ours = [one for one in _all(caller) if one.address == address]
        for one in ours:
            caller.change("PUT", f"{_PATH}/{one.theirs}", {"secret": secret})
        return tuple(ours)


def _all(caller: Caller) -> tuple[Hook, ...]:
    found: list[Hook] = []
    for page in range(1, _PAGES_MAX + 1):
        told = {"per_page": str(_PAGE), "page": str(page), "orderby": "id", "order": "asc"}
        rows, _ = caller.listed(_PATH, params=told)
        found += (_hook(row) for row in rows)
        if len(rows) < _PAGE:
            return tuple(found)
    raise NotDone("WooCommerce has more webhooks than anybody can have made")


def _hook(row: Mapping[str, object]) -> Hook:
    return Hook(
        topic=text(row.get("topic")),
        address=text(row.get("delivery_url")),
        is_alive=row.get("status") == "active",
        theirs=text(row.get("id")),
    )
