"""Which notifications Amazon sends to the seller's queue, and that it still does.

https://developer-docs.amazon.com/sp-api/docs/notifications-api, read 2026-11-23.
"""

from collections.abc import Mapping
from typing import Final

from quartermaster.channels.ports import Hook
from quartermaster.connectors.amazon.queue import arn
from quartermaster.connectors.amazon.sign_in import grantless, signed_in
from quartermaster.connectors.calls import Caller
from quartermaster.connectors.picked import objects, text
from quartermaster.core.outside import Account, Missing, Unclear

_ROOT: Final = "/notifications/v1"
_VERSION: Final = "1.0"  # of what an ORDER_CHANGE holds
_NAME: Final = "quartermaster"

type Json = Mapping[str, object]


class AmazonHooks:
    topics = frozenset({"ORDER_CHANGE"})

    def queue(self, *, account: Account) -> str:
        return arn(account)

    def hooks(self, *, account: Account) -> tuple[Hook, ...]:
        """One for each topic: an application has no more of one seller."""
        known = _destinations(account)

        def look(caller: Caller) -> tuple[Hook, ...]:
            found = []
            for topic in sorted(self.topics):
                try:
                    told = _payload(caller.look(f"{_ROOT}/subscriptions/{topic}"))
                except Missing:
                    continue
                address = known.get(text(told.get("destinationId")), "")
                found.append(Hook(topic, address, True, text(told.get("subscriptionId"))))
            return tuple(found)

        return signed_in(account, look)

    def subscribe(self, *, account: Account, address: str, secret: str) -> tuple[Hook, ...]:
        """Amazon signs nothing: who may send to the queue is said there. Raises Conflict where another queue
        is subscribed already."""
        ours = {one.topic for one in self.hooks(account=account) if one.address == address}
        missing = sorted(self.topics - ours)
        if not missing:
            return ()
        known = {queue: name for name, queue in _destinations(account).items()}
        destination = known.get(address) or _made(account, address)

        def make(caller: Caller) -> tuple[Hook, ...]:
            wanted = {"payloadVersion": _VERSION, "destinationId": destination}
            made = []
            for topic in missing:
                told = _payload(caller.change("POST", f"{_ROOT}/subscriptions/{topic}", wanted))
                made.append(Hook(topic, address, True, _named(told, "subscriptionId")))
            return tuple(made)

        return signed_in(account, make)


def _destinations(account: Account) -> dict[str, str]:
    """Queues by the names Amazon gave them."""
    told = grantless(account, lambda caller: caller.look(f"{_ROOT}/destinations"))
    return {text(one.get("destinationId")): _arn(one) for one in objects(told.get("payload"))}


def _made(account: Account, address: str) -> str:
    wanted = {"name": _NAME, "resourceSpecification": {"sqs": {"arn": address}}}
    told = grantless(account, lambda caller: caller.change("POST", f"{_ROOT}/destinations", wanted))
    return _named(_payload(told), "destinationId")


def _arn(destination: Json) -> str:
    resource = destination.get("resource")
    queue = resource.get("sqs") if isinstance(resource, dict) else None
    return text(queue.get("arn")) if isinstance(queue, dict) else ""


def _payload(answer: Json) -> Json:
    found = answer.get("payload")
    return found if isinstance(found, dict) else {}


def _named(made: Json, name: str) -> str:
    if not text(made.get(name)):
        raise Unclear(f"Amazon does not say what it made: there is no {name}")
    return text(made[name])
