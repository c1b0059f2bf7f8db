"""The messages the shop sends by itself: which it sends, and that it still does.

Shopify gives up on an address after four hours of failures and removes what an app had subscribed to; nothing
tells of it but the list.
"""

from collections.abc import Mapping
from typing import Final

from quartermaster.channels.ports import Hook
from quartermaster.connectors.picked import objects, text
from quartermaster.connectors.shopify.admin import Admin, refusal
from quartermaster.connectors.shopify.documents import hooks as documents
from quartermaster.connectors.shopify.translate.fetched import inside
from quartermaster.core.outside import Account, NotDone

_PAGES_MAX: Final = 50

type Json = Mapping[str, object]


class ShopifyHooks:
    topics = frozenset(
        {"ORDERS_CREATE", "ORDERS_UPDATED", "ORDERS_CANCELLED", "ORDERS_DELETE", "REFUNDS_CREATE"}
    )

    def hooks(self, *, account: Account) -> tuple[Hook, ...]:
        """Those of the app whose token it is; Shopify shows no others."""
        return tuple(_hook(one) for one in _all(Admin(account)))

    def subscribe(self, *, account: Account, address: str, secret: str) -> tuple[Hook, ...]:
        """Shopify signs with the app's own client secret: ours is not given to it."""
        admin = Admin(account)
        ours = {one.topic: one for one in map(_hook, _all(admin)) if one.address == address}
        done = []
        for topic in sorted(self.topics):
            hook = ours.get(topic)
            if hook is None:
                wanted = {"uri": address, "format": "JSON"}
                made = admin.change(documents.CREATE, topic=topic, subscription=wanted)
                done.append(_done(inside(made, "webhookSubscriptionCreate"), topic, address))
            elif not hook.is_alive:
                whole = {"uri": address, "format": "JSON", "filter": "", "includeFields": []}
                mended = admin.change(documents.MEND, id=hook.theirs, subscription=whole)
                done.append(_done(inside(mended, "webhookSubscriptionUpdate"), topic, address))
        return tuple(done)


def _all(admin: Admin) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    after: str | None = None
    for _ in range(_PAGES_MAX):
        page = inside(admin.ask(documents.ALL, after=after), "webhookSubscriptions")
        found += objects(page.get("nodes"))
        if not inside(page, "pageInfo").get("hasNextPage"):
            return found
        after = text(inside(page, "pageInfo").get("endCursor"))
    raise NotDone("Shopify has too many subscriptions to see ours among them")


def _hook(one: Json) -> Hook:
    """Alive is one that sends everything, and as JSON: one with a filter would leave orders out."""
    is_whole = one.get("format") == "JSON" and not one.get("filter") and not one.get("includeFields")
    return Hook(text(one.get("topic")), text(one.get("uri")), is_whole, text(one.get("id")))


def _done(payload: Json, topic: str, address: str) -> Hook:
    if refused := refusal(payload):
        raise refused
    return Hook(topic, address, True, text(inside(payload, "webhookSubscription").get("id")))
