"""How accounts at carriers do: what they sold lately, and what goes wrong with them now."""

from datetime import datetime, timedelta

import msgspec

from quartermaster.core import plugs, sql
from quartermaster.inbox.queries.connections import connections
from quartermaster.shipping.ports import CAPABILITIES, Carrier, capabilities

LATELY = timedelta(days=1)


class AccountShown(msgspec.Struct, frozen=True):
    """A connection with a carrier; of its secrets only which are set. `refused`: why its keys are not
    accepted; `unproven`: why nobody could tell yet whether they count. `bought`: labels of the last day;
    `waiting`: those that wait for it now, and `wrong`: what the newest of them waits for."""

    slug: str
    kind: str
    title: str
    is_active: bool
    sites: str
    services_off: str
    offers: tuple[str, ...]
    secrets: tuple[str, ...]
    refused: str
    unproven: str
    bought: int
    last_bought_at: datetime | None
    waiting: int
    wrong: str


BOUGHT = """
select account, count(*) filter (where bought_at > %s), max(bought_at) from shipping_label
where state = 'bought' and bought_at > %s group by 1
"""
WAITING = """
select account, count(*), (array_agg(because order by id desc) filter (where because <> ''))[1]
from shipping_label where state in ('queued', 'unknown', 'voiding') and account <> '' group by 1
"""


def accounts(*, at: datetime) -> list[AccountShown]:
    """Every connection with a carrier, by name. No secret is opened."""
    bought = {slug: rest for slug, *rest in sql.run(BOUGHT, (at - LATELY, at - 30 * LATELY))}
    waiting = {slug: rest for slug, *rest in sql.run(WAITING)}
    found = []
    for each in connections():
        carrier = plugs.plug(each.kind).offer(Carrier)  # type: ignore[type-abstract]  # looked up by protocol
        if carrier is None:
            continue
        able = capabilities(carrier)
        count, last_at = bought.get(each.slug, (0, None))
        stuck, wrong = waiting.get(each.slug, (0, ""))
        found.append(
            AccountShown(
                slug=each.slug,
                kind=each.kind,
                title=plugs.plug(each.kind).title,
                is_active=each.is_active,
                sites=str(each.settings.get("sites", "")),
                services_off=str(each.settings.get("services_off", "")),
                offers=tuple(one.title for one in CAPABILITIES if one.name in able),
                secrets=tuple(each.secret_names),
                refused=each.keys_because,
                unproven=each.keys_unproven,
                bought=count,
                last_bought_at=last_at,
                waiting=stuck,
                wrong=wrong or "",
            )
        )
    return found


def kinds() -> list[tuple[str, str]]:
    """Kind and title of every carrier that needs an account."""
    return [
        (kind, plug.title)
        for kind, plug in plugs.installed().items()
        if plug.settings and plug.offer(Carrier) is not None  # type: ignore[type-abstract]
    ]
